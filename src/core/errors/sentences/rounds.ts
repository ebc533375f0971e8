import type { ErrorKind } from '../errorKind.ts';

export const roundsSentences = {
	'rounds.badName': '"{text}" is not a round: expected STUDENT:ROUND, such as {example}, or its number',
	'rounds.badNameOfMany': '"{text}" is not a round: expected STUDENT:ROUND, such as {example}; students: {students}',
	'rounds.unknown': 'there is no round {round}',
	'rounds.unknownParent': 'there is no round {round} to be the parent: import its answers first, or name another',
	'rounds.parentUnknown': 'the parent of round {round} is not known, so there is nothing to compare its gain with',
	'rounds.whichParent': 'several rounds could be the parent of the one that job {job} trained: name it',
	'rounds.notTraining': 'job {job} is a {recipe} job: a round is a trained checkpoint, of sft or grpo',
	'rounds.jobNotDone': 'job {job} is {state}: only a job that is done makes a round',
	'rounds.noAnswers': '{student} has no answers in round {round}: import or evaluate some first',
	'rounds.nothingInCommon':
		'{before} and {after} have no graded question in common: both must answer the same questions',
	'rounds.nothingInCommonThere':
		'{before} and {after} have no graded question in common there: both must answer the same questions',
	'rounds.noBenchmark': 'no benchmark is named: choose at least one to evaluate',
	'rounds.noQuestionsOf':
		'the project has no questions of {name}, only of: {others}; add them from a file (published as: {sources})',
	'rounds.noneInSplit': '{name} has no {split} questions here, only {other} ones',
	'rounds.difficultUnknown':
		'{name} is the difficult part of {of} for {student}: evaluate {of} in its first round and classify it first',
	'rounds.temperaturesDiffer':
		'{other} and {benchmark} share questions at different temperatures ({otherTemperature} and {temperature}): evaluate one in another round',
	'rounds.answeredOtherwise':
		'{questions} of these questions have answers of {round} made under other settings: evaluate into another round',
	'rounds.plainTemplate':
		'the student template is "plain", but an endpoint adds its own chat template: evaluate on a host instead',
	'rounds.jobUnfinished': 'job {job} on {host} is {state}: resume it, then evaluate again',
	'rounds.allAnswered': '{student} has answered every {split} question in round {round}: name another round',
	'rounds.allAnsweredOf':
		'{student} has answered every {split} question of {benchmark} in round {round}: name another round',
	'rounds.noQuestions': 'there are no {split} questions: import some first',
	'rounds.noBenchmarkQuestions': 'there are no {split} questions of benchmark "{benchmark}": add some first',
	'rounds.nothingToScore': 'no answer of {student} in round {round} waits for step scores',
	'rounds.jobWithoutScope': 'job {job} does not record whose answers it is about',
} as const;

export const roundsKinds = {
	'rounds.badName': 'usage',
	'rounds.badNameOfMany': 'usage',
	'rounds.unknown': 'usage',
	'rounds.unknownParent': 'usage',
	'rounds.parentUnknown': 'usage',
	'rounds.whichParent': 'usage',
	'rounds.notTraining': 'usage',
	'rounds.jobNotDone': 'usage',
	'rounds.noAnswers': 'usage',
	'rounds.nothingInCommon': 'usage',
	'rounds.nothingInCommonThere': 'usage',
	'rounds.noBenchmark': 'usage',
	'rounds.noQuestionsOf': 'usage',
	'rounds.noneInSplit': 'usage',
	'rounds.difficultUnknown': 'usage',
	'rounds.temperaturesDiffer': 'usage',
	'rounds.answeredOtherwise': 'usage',
	'rounds.plainTemplate': 'usage',
	'rounds.allAnswered': 'usage',
	'rounds.allAnsweredOf': 'usage',
	'rounds.noQuestions': 'usage',
	'rounds.noBenchmarkQuestions': 'usage',
	'rounds.nothingToScore': 'usage',
} as const satisfies Partial<Record<keyof typeof roundsSentences, ErrorKind>>;
