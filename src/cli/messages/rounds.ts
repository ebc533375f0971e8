import type { roundsSentences } from '../../core/errors/sentences/rounds.ts';

export const roundsMessages: Readonly<Record<keyof typeof roundsSentences, string | null>> = {
	'rounds.badName': null,
	'rounds.badNameOfMany': null,
	'rounds.unknown': 'there is no round {round}: "rounds list" shows all rounds',
	'rounds.unknownParent':
		'there is no round {round} to use as the parent: import its answers first, or name another ' +
		'round ("rounds list" shows them)',
	'rounds.parentUnknown':
		'the parent of round {round} is not known, so there is nothing to compare its gain with: record it ' +
		'with "rounds next JOB" or "rounds start {round} --parent STUDENT:ROUND"',
	'rounds.whichParent':
		'several rounds could be the parent of the round that job {job} trained: give --parent ' +
		'STUDENT:ROUND ("rounds list" shows them)',
	'rounds.notTraining': null,
	'rounds.jobNotDone': null,
	'rounds.noAnswers': '{student} has no answers in round {round}: run "import answers", "sample" or "evaluate" first',
	'rounds.nothingInCommon': null,
	'rounds.nothingInCommonThere': null,
	'rounds.noBenchmark': 'no benchmark is named: give --benchmark NAME ("benchmarks list" shows them)',
	'rounds.noQuestionsOf':
		'the project has no questions from {name}, only from: {others}; add them from your own file ' +
		'with "benchmarks add {name} FILE" (published as: {sources})',
	'rounds.noneInSplit':
		'{name} has no {split} questions here, only {other} questions, which --split {other} evaluates',
	'rounds.difficultUnknown':
		'{name} is the difficult part of {of} for {student} and is not known yet: evaluate {of} in ' +
		'the student’s first round, then run "classify --student {student} --round 1"',
	'rounds.temperaturesDiffer':
		'{other} and {benchmark} share questions but have different temperatures ({otherTemperature} ' +
		'and {temperature}): evaluate one of them in another --round, or give --temperature',
	'rounds.answeredOtherwise':
		'{questions} of these questions have answers in {round} that were not made with these ' +
		'settings (imported, or sampled differently): evaluate in another --round, or count the ' +
		'answers unchanged with --keep',
	'rounds.plainTemplate':
		'the project\'s student template is "plain", but an endpoint puts its own chat template ' +
		'around every question: evaluate on a host, or set the template to "chat" and train with it',
	'rounds.jobUnfinished': 'job {job} on {host} is {state}: run "jobs resume {job}", then run this command again',
	'rounds.allAnswered':
		'{student} has answered every {split} question in round {round}: name another --round to request ' +
		'new answers',
	'rounds.allAnsweredOf':
		'{student} has answered every {split} question from {benchmark} in round {round}: name ' +
		'another --round to request new answers',
	'rounds.noQuestions': null,
	'rounds.noBenchmarkQuestions':
		'there are no {split} questions from benchmark "{benchmark}": add some with "benchmarks add ' +
		"'{benchmark}' FILE\" (--validation N adds validation questions)",
	'rounds.nothingToScore': null,
	'rounds.jobWithoutScope': null,
};
