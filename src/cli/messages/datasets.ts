import type { datasetsSentences } from '../../core/errors/sentences/datasets.ts';

export const datasetsMessages: Readonly<Record<keyof typeof datasetsSentences, string | null>> = {
	'datasets.badName': null,
	'datasets.nameTaken': 'there is already a dataset "{name}": choose another --name, or add --replace',
	'datasets.badNumber': '--{option} must be a whole number of at least {least}, not {value}',
	'datasets.badMix':
		'--mix must be a share of at least 0 and below 1, not {mix}; for a dataset of all training ' +
		'questions, use build augment',
	'datasets.onlySelMixes': '--mix and --rank work only with build sel, not with build {method}',
	'datasets.trainKeepsSolutions':
		'build train uses the original solutions (C.2); for rewritten solutions, use build augment',
	'datasets.rewritingNeedsTeacher':
		'--answers-from teacher needs a teacher: give --teacher-url and --teacher-model, or --teacher ' +
		'scripted:FILE',
	'datasets.noSkillToCheck':
		'--filter skill checks whether a question uses its skill, but questions from build embed-syn ' +
		'have no skill',
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
		'--rank exposure needs the skills of the answered questions: label these questions with ' +
		'"label --split validation", or import a skill bank for them',
	'datasets.nothingDiagnosed':
		'no difficult question for {student}, round {round}, has been diagnosed yet: run "diagnose" ' + 'first',
	'datasets.nothingDiagnosedOf':
		'no difficult {benchmark} question for {student}, round {round}, has been diagnosed yet: run ' +
		'"diagnose" first',
	'datasets.noDifficult': null,
	'datasets.noDifficultOf': null,
	'datasets.noHardLevel':
		'none of the {all} training questions has level {levels}: import them again from a file with ' +
		'levels ("import questions FILE --split train" adds missing fields)',
	'datasets.noSolutions': null,
	'datasets.allSetAside': 'nothing to write: all {pairs} pairs were set aside ("set-aside build {name}" lists them)',
	'datasets.nothingSynthesized':
		'no new question passed all stages: {stages} ("set-aside build {name}" lists what failed)',
	'datasets.budgetBeforeQuestions':
		'the budget was used up before any new question was solved; the replies are stored: run the ' +
		'same build again with a larger --budget',
	'datasets.embeddingsDiffer':
		'{model} returned embeddings with {numbers} and with {other} numbers, so it is not a single ' +
		'model: choose another one with --embed-model',
	'datasets.badRow': null,
};
