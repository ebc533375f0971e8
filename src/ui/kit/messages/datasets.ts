import type { datasetsSentences } from '../../../core/errors/sentences/datasets.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const datasetsMessages: Readonly<Record<keyof typeof datasetsSentences, EditorMessage | null>> = {
	'datasets.badName': null,
	'datasets.nameTaken': null,
	'datasets.badNumber': null,
	'datasets.badMix': null,
	'datasets.onlySelMixes': null,
	'datasets.trainKeepsSolutions': null,
	'datasets.rewritingNeedsTeacher': {
		sentence: 'Rewritten solutions need a teacher, and none is set.',
		command: commandIds.chooseTeacher,
		button: 'Choose Teacher…',
	},
	'datasets.noSkillToCheck': null,
	'datasets.impossibleAgreement': null,
	'datasets.noSkillChosen': {
		sentence: 'No skill is ticked in the Skills view: tick the skills that the training set is for.',
		command: commandIds.chooseAll,
		button: 'Choose All Skills',
	},
	'datasets.chosenNotMissing': {
		sentence: 'None of the skills ticked in the Skills view is missing in any diagnosed question.',
		command: commandIds.chooseAll,
		button: 'Choose All Skills',
	},
	'datasets.skillMapEmpty': {
		sentence:
			'No training question is labelled with a skill: import a skill bank of training questions, or ' +
			'label them.',
		command: commandIds.label,
		button: 'Label Questions with Skills…',
	},
	'datasets.noTargets': {
		sentence:
			'No training question has any of the missing skills: import a skill bank of training questions, or ' +
			'label them.',
		command: commandIds.label,
		button: 'Label Questions with Skills…',
	},
	'datasets.nothingMissing': null,
	'datasets.noExposure': {
		sentence:
			'Ranking by exposure needs the skills of the answered questions: label these questions, or ' +
			'import a skill bank for them.',
		command: commandIds.label,
		button: 'Label Questions with Skills…',
	},
	'datasets.nothingDiagnosed': { command: commandIds.diagnose, button: 'Diagnose Difficult Questions…' },
	'datasets.nothingDiagnosedOf': { command: commandIds.diagnose, button: 'Diagnose Difficult Questions…' },
	'datasets.noDifficult': null,
	'datasets.noDifficultOf': null,
	'datasets.noHardLevel': {
		sentence: 'None of the {all} training questions has level {levels}: import them again from a file with levels.',
		command: commandIds.importQuestions,
		button: 'Import Questions…',
	},
	'datasets.noSolutions': {
		sentence:
			'None of the questions drawn has a worked solution: choose a teacher to write solutions, or ' +
			'import them.',
		command: commandIds.chooseTeacher,
		button: 'Choose Teacher…',
	},
	'datasets.allSetAside': {
		sentence: 'Nothing to write: all {pairs} pairs of {name} were set aside.',
		command: commandIds.openSetAside,
		button: 'Show Set Aside',
	},
	'datasets.nothingSynthesized': {
		sentence: 'No new question for {name} passed all stages: {stages}.',
		command: commandIds.openSetAside,
		button: 'Show Set Aside',
	},
	'datasets.budgetBeforeQuestions': null,
	'datasets.embeddingsDiffer': null,
	'datasets.badRow': null,
};
