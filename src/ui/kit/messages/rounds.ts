import type { roundsSentences } from '../../../core/errors/sentences/rounds.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const roundsMessages: Readonly<Record<keyof typeof roundsSentences, EditorMessage | null>> = {
	'rounds.badName': null,
	'rounds.badNameOfMany': null,
	'rounds.unknown': { command: commandIds.showRounds, button: 'Show Rounds and Compare' },
	'rounds.unknownParent': { command: commandIds.importAnswers, button: 'Import Answers…' },
	'rounds.parentUnknown': {
		sentence: 'The parent of round {round} is not known, so there is nothing to compare its gain with.',
		command: commandIds.correctRound,
		button: 'Edit Round Details…',
	},
	'rounds.whichParent': { command: commandIds.showRounds, button: 'Show Rounds and Compare' },
	'rounds.notTraining': null,
	'rounds.jobNotDone': null,
	'rounds.noAnswers': {
		sentence: '{student} has no answers in round {round}.',
		command: commandIds.importAnswers,
		button: 'Import Answers…',
	},
	'rounds.nothingInCommon': null,
	'rounds.nothingInCommonThere': null,
	'rounds.noBenchmark': null,
	'rounds.noQuestionsOf': null,
	'rounds.noneInSplit': null,
	'rounds.difficultUnknown': {
		sentence:
			'{name} is the difficult part of {of} for {student} and is not known yet: evaluate {of} in ' +
			'the student’s first round, then classify it.',
		command: commandIds.classify,
		button: 'Classify Questions…',
	},
	'rounds.temperaturesDiffer': null,
	'rounds.answeredOtherwise': null,
	'rounds.plainTemplate': null,
	'rounds.jobUnfinished': {
		sentence: 'Job {job} on {host} is {state}: resume it, then evaluate again.',
		command: commandIds.resumeJob,
		button: 'Resume Job…',
	},
	'rounds.allAnswered': null,
	'rounds.allAnsweredOf': null,
	'rounds.noQuestions': {
		sentence: 'There are no {split} questions.',
		command: commandIds.importQuestions,
		button: 'Import Questions…',
	},
	'rounds.noBenchmarkQuestions': null,
	'rounds.nothingToScore': { isInformation: true },
	'rounds.jobWithoutScope': null,
};
