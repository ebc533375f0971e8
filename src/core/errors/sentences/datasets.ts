import type { ErrorKind } from '../errorKind.ts';

export const datasetsSentences = {
	'datasets.badName':
		'"{name}" is not a valid dataset name: use letters, digits, ".", "_", "-", at most 80, no leading dot',
	'datasets.nameTaken': 'there is a dataset "{name}" already: choose another name, or replace it',
	'datasets.badNumber': 'the setting "{option}" must be a whole number from {least} on, not {value}',
	'datasets.badMix': 'the share drawn from all training questions must be at least 0 and below 1, not {mix}',
	'datasets.onlySelMixes': 'only STAT-Sel draws from all training questions or weighs skills, not {method}',
	'datasets.trainKeepsSolutions':
		'the MATH-Train baseline uses the original solutions (C.2): for rewritten ones build MATH-Augment',
	'datasets.rewritingNeedsTeacher': 'rewritten solutions need a teacher, and none is set',
	'datasets.noSkillToCheck': 'new questions for no particular skill cannot be filtered by whether they use it',
	'datasets.impossibleAgreement':
		'{agree} of {solutions} solutions can never agree: require fewer, or request more solutions',
	'datasets.noSkillChosen': 'no skill is selected: select the skills that the training set is for',
	'datasets.chosenNotMissing': 'none of the selected skills is missing in a diagnosed question: select others',
	'datasets.skillMapEmpty': 'the Skill-Map is empty: import a skill bank of training questions, or label them',
	'datasets.noTargets':
		'no training question has any of the missing skills: import a skill bank of them, or label them',
	'datasets.nothingMissing': 'no skill is missing in any diagnosed question: there is nothing to build for',
	'datasets.noExposure':
		'ranking by exposure needs the skills of the answered questions: label them, or import a skill bank of them',
	'datasets.nothingDiagnosed': 'no difficult question of {student}, round {round}, is diagnosed yet',
	'datasets.nothingDiagnosedOf': 'no difficult {benchmark} question of {student}, round {round}, is diagnosed yet',
	'datasets.noDifficult':
		'{student}, round {round}, has no difficult validation questions: there is nothing to find neighbours of',
	'datasets.noDifficultOf':
		'{student}, round {round}, has no difficult validation questions of {benchmark} to find neighbours of',
	'datasets.noHardLevel':
		'none of the {all} training questions has level {levels}: import them again from a file with levels',
	'datasets.noSolutions':
		'none of the questions drawn has a worked solution: set a teacher, or import their solutions',
	'datasets.allSetAside': 'nothing to write for {name}: all {pairs} pairs were set aside',
	'datasets.nothingSynthesized': 'no new question for {name} passed all stages: {stages}',
	'datasets.budgetBeforeQuestions':
		'the budget is used up before any new question was solved: build again with a larger one, replies are stored',
	'datasets.embeddingsDiffer':
		'{model} returned embeddings of {numbers} and of {other} numbers: it is not one model, choose another',
	'datasets.badRow': 'rows count from 0: there is no row {row}',
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
