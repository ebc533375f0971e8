import type { difficultySentences } from '../../../core/errors/sentences/difficulty.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const difficultyMessages: Readonly<Record<keyof typeof difficultySentences, EditorMessage | null>> = {
	'difficulty.noAnswers': {
		sentence: '{student} has no answers in round {round}.',
		command: commandIds.importAnswers,
		button: 'Import Answers…',
	},
	'difficulty.noRule': {
		sentence:
			'No rule can be chosen automatically: no answer could be graded, there are no step scores, and ' +
			'each question has fewer than {samples} samples.',
		command: commandIds.classify,
		button: 'Classify Questions…',
	},
	'difficulty.badWords': null,
	'difficulty.badSamples': null,
	'difficulty.badRightBelow': null,
	'difficulty.badThreshold': null,
};
