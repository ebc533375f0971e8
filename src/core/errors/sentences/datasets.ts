import type { ErrorKind } from '../errorKind.ts';

export const datasetsSentences = {
	'datasets.badName':
		'"{name}" is not a valid dataset name: use at most 80 letters, digits, ".", "_" and "-", with no leading dot',
	'datasets.nameTaken': 'there is already a dataset "{name}": choose another name, or replace it',
	'datasets.badNumber': 'the setting "{option}" must be a whole number of at least {least}, not {value}',
	'datasets.badMix': 'the share drawn from all training questions must be at least 0 and below 1, not {mix}',
	'datasets.onlySelMixes': 'only STAT-Sel, not {method}, can draw from all training questions or weight skills',
	'datasets.trainKeepsSolutions':
		'the MATH-Train baseline uses the original solutions (C.2): for rewritten solutions, build MATH-Augment',
	'datasets.rewritingNeedsTeacher': 'rewritten solutions need a teacher, and none is set',
	'datasets.noSkillToCheck':
		'new questions that are not written for a particular skill cannot be filtered by whether they use it',
	'datasets.impossibleAgreement':
		'{solutions} solutions can never contain {agree} that agree: require fewer, or request more solutions',
	'datasets.noSkillChosen': 'no skill is selected: select the skills that the training set is for',
	'datasets.chosenNotMissing': 'none of the selected skills is missing in any diagnosed question: select others',
	'datasets.skillMapEmpty': 'the Skill-Map is empty: import a skill bank of training questions, or label them',
	'datasets.noTargets':
		'no training question has any of the missing skills: import a skill bank of training questions, or label them',
	'datasets.nothingMissing': 'no skill is missing in any diagnosed question, so there is nothing to build',
	'datasets.noExposure':
		'ranking by exposure needs the skills of the answered questions: label these questions, or import a skill bank for them',
	'datasets.nothingDiagnosed': 'no difficult question for {student}, round {round}, has been diagnosed yet',
	'datasets.nothingDiagnosedOf':
		'no difficult {benchmark} question for {student}, round {round}, has been diagnosed yet',
	'datasets.noDifficult':
		'{student}, round {round}, has no difficult validation questions, so there is nothing to find neighbours for',
	'datasets.noDifficultOf':
		'{student}, round {round}, has no difficult validation questions from {benchmark} to find neighbours for',
	'datasets.noHardLevel':
		'none of the {all} training questions has level {levels}: import them again from a file with levels',
	'datasets.noSolutions':
		'none of the questions drawn has a worked solution: choose a teacher to write solutions, or import them',
	'datasets.allSetAside': 'nothing to write for {name}: all {pairs} pairs were set aside',
	'datasets.nothingSynthesized': 'no new question for {name} passed all stages: {stages}',
	'datasets.budgetBeforeQuestions':
		'the budget was used up before any new question was solved; the replies are stored: build again with a larger budget',
	'datasets.embeddingsDiffer':
		'{model} returned embeddings with {numbers} and with {other} numbers, so it is not a single model: choose another one',
	'datasets.badRow': 'rows are counted from 0: there is no row {row}',
} as const;

export const datasetsKinds = {
	'datasets.badName': 'usage',
	'datasets.badNumber': 'usage',
	'datasets.badMix': 'usage',
	'datasets.onlySelMixes': 'usage',
	'datasets.trainKeepsSolutions': 'usage',
	'datasets.rewritingNeedsTeacher': 'usage',
	'datasets.noSkillToCheck': 'usage',
	'datasets.impossibleAgreement': 'usage',
	'datasets.badRow': 'usage',
} as const satisfies Partial<Record<keyof typeof datasetsSentences, ErrorKind>>;
