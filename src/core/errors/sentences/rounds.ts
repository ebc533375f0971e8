import type { ErrorKind } from '../errorKind.ts';
import { sentence } from '../sentence.ts';

export const roundsSentences = {
	'rounds.badName': '"{text}" is not a round: expected STUDENT:ROUND, such as {example}, or its number',
	'rounds.badNameOfMany': '"{text}" is not a round: expected STUDENT:ROUND, such as {example}; students: {students}',
	'rounds.unknown': 'there is no round {round}',
	'rounds.unknownParent':
		'there is no round {round} to use as the parent: import its answers first, or name another round',
	'rounds.parentUnknown': 'the parent of round {round} is not known, so there is nothing to compare its gain with',
	'rounds.whichParent': 'several rounds could be the parent of the round that job {job} trained: name the parent',
	'rounds.notTraining': 'job {job} is a {recipe} job, but only an sft or grpo job trains a checkpoint for a round',
	'rounds.jobNotDone': 'job {job} is {state}: only a finished job can become a round',
	'rounds.noAnswers': '{student} has no answers in round {round}: import some or evaluate the student first',
	'rounds.nothingInCommon':
		'{before} and {after} have no graded question in common: both need answers to the same questions',
	'rounds.nothingInCommonThere':
		'{before} and {after} have no graded question in common there: both need answers to the same questions',
	'rounds.noBenchmark': 'no benchmark is named: choose at least one to evaluate',
	'rounds.noQuestionsOf':
		'the project has no questions from {name}, only from: {others}; add them from a file (published as: {sources})',
	'rounds.noneInSplit': '{name} has no {split} questions here, only {other} questions',
	'rounds.difficultUnknown': sentence(
		'{name} is the difficult part of {of} for {student} and is not known yet: ',
		'evaluate {of} in the student’s first round, then classify it',
	),
	'rounds.temperaturesDiffer':
		'{other} and {benchmark} share questions at different temperatures ({otherTemperature} and {temperature}): evaluate one in another round',
	'rounds.answeredOtherwise':
		'{questions} of these questions have answers in {round} that were made with other settings: evaluate in another round',
	'rounds.plainTemplate':
		'the student template is "plain", but an endpoint adds its own chat template: evaluate on a host instead',
	'rounds.jobUnfinished': 'job {job} on {host} is {state}: resume it, then evaluate again',
	'rounds.allAnswered': '{student} has answered every {split} question in round {round}: name another round',
	'rounds.allAnsweredOf':
		'{student} has answered every {split} question from {benchmark} in round {round}: name another round',
	'rounds.noQuestions': 'there are no {split} questions: import some first',
	'rounds.noBenchmarkQuestions': 'there are no {split} questions from benchmark "{benchmark}": add some first',
	'rounds.nothingToScore': 'no answer from {student} in round {round} is waiting for step scores',
	'rounds.jobWithoutScope': 'job {job} does not record whose answers it processes',
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
