import type { datasetsSentences } from '../../core/errors/sentences/datasets.ts';

export const datasetsMessages: Readonly<Record<keyof typeof datasetsSentences, string | null>> = {
	'datasets.badName': null,
	'datasets.nameTaken': 'there is a dataset "{name}" already: choose another --name, or give --replace',
	'datasets.badNumber': '--{option} must be a whole number from {least} on, not {value}',
	'datasets.badMix':
		'--mix must be a share from 0 to below 1, not {mix}; for a dataset of all training questions use build augment',
	'datasets.onlySelMixes': '--mix and --rank are for build sel, not build {method}',
	'datasets.trainKeepsSolutions':
		'build train uses the original solutions (C.2); for rewritten ones use build augment',
	'datasets.rewritingNeedsTeacher':
		'--answers-from teacher needs a teacher: give --teacher-url and --teacher-model, or --teacher ' +
		'scripted:FILE',
	'datasets.noSkillToCheck':
		'--filter skill checks whether a question uses its skill, and the questions of build embed-syn have none',
	'datasets.impossibleAgreement':
		'--agree {agree} can never be reached with --solutions {solutions}: lower --agree, or raise --solutions',
	'datasets.noSkillChosen': null,
	'datasets.chosenNotMissing': null,
	'datasets.skillMapEmpty':
		'the Skill-Map is empty: import a skill bank of training questions with "import skills FILE ' +
		'--split train", or label them with "label --split train"',
	'datasets.noTargets':
		'no training question has any of the missing skills: import a skill bank with "import skills ' +
		'FILE --split train", or label training questions with "label --split train"',
	'datasets.nothingMissing': null,
	'datasets.noExposure':
		'--rank exposure needs the skills of the answered questions: label them with "label --split ' +
		'validation", or import a skill bank of them',
	'datasets.nothingDiagnosed':
		'no difficult question of {student}, round {round}, is diagnosed yet: run "diagnose" first',
	'datasets.nothingDiagnosedOf':
		'no difficult {benchmark} question of {student}, round {round}, is diagnosed yet: run "diagnose" first',
	'datasets.noDifficult': null,
	'datasets.noDifficultOf': null,
	'datasets.noHardLevel':
		'none of the {all} training questions has level {levels}: import them again from a file with ' +
		'levels ("import questions FILE --split train" adds what they lack)',
	'datasets.noSolutions': null,
	'datasets.allSetAside': 'nothing to write: all {pairs} pairs were set aside ("set-aside build {name}" lists them)',
	'datasets.nothingSynthesized':
		'no new question passed all stages: {stages} ("set-aside build {name}" lists what failed)',
	'datasets.budgetBeforeQuestions':
		'the budget is used up before any new question was solved; the replies are stored: run the same ' +
		'build again with a larger --budget',
	'datasets.embeddingsDiffer':
		'{model} returned embeddings of {numbers} and of {other} numbers: it is not one model, choose ' +
		'another with --embed-model',
	'datasets.badRow': null,
};
