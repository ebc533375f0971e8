import type { roundsSentences } from '../../core/errors/sentences/rounds.ts';

export const roundsMessages: Readonly<Record<keyof typeof roundsSentences, string | null>> = {
	'rounds.badName': null,
	'rounds.badNameOfMany': null,
	'rounds.unknown': 'there is no round {round}: "rounds list" shows all',
	'rounds.unknownParent':
		'there is no round {round} to be the parent: import its answers first, or name another ("rounds list" ' +
		'shows them)',
	'rounds.parentUnknown':
		'the parent of round {round} is not known, so there is nothing to compare its gain with: record it ' +
		'with "rounds next JOB" or "rounds start {round} --parent STUDENT:ROUND"',
	'rounds.whichParent':
		'which round’s student did job {job} train? Give --parent STUDENT:ROUND ("rounds list" shows them)',
	'rounds.notTraining': null,
	'rounds.jobNotDone': null,
	'rounds.noAnswers': '{student} has no answers in round {round}: run "import answers", "sample" or "evaluate" first',
	'rounds.nothingInCommon': null,
	'rounds.nothingInCommonThere': null,
	'rounds.noBenchmark': 'which benchmark? --benchmark NAME ("benchmarks list" shows them)',
	'rounds.noQuestionsOf':
		'the project has no questions of {name}: add them from your own file with "benchmarks add {name} ' +
		'FILE" (published as: {sources}); it has {others}',
	'rounds.noneInSplit': '{name} has no {split} questions here, only {other} ones: --split {other} evaluates those',
	'rounds.difficultUnknown':
		'{name} is the difficult part of {of} for {student}, not known yet: evaluate {of} in its first ' +
		'round, then "classify --student {student} --round 1"',
	'rounds.temperaturesDiffer':
		'{other} and {benchmark} share questions but not their temperature ({otherTemperature} and ' +
		'{temperature}): evaluate one of them into another --round, or give --temperature',
	'rounds.answeredOtherwise':
		'{questions} of these questions have answers of {round} that were not made under these settings ' +
		'(imported, or drawn otherwise): evaluate into another --round, or count them as they are with ' +
		'--keep',
	'rounds.plainTemplate':
		'the project\'s student template is "plain", but an endpoint puts its own chat template around ' +
		'every question: evaluate it on a host, or set the template to "chat" and train under it',
	'rounds.jobUnfinished': 'job {job} on {host} is {state}: "jobs resume {job}", then run this again',
	'rounds.allAnswered':
		'{student} has answered every {split} question in round {round}: name another --round to request ' +
		'new answers',
	'rounds.allAnsweredOf':
		'{student} has answered every {split} question of {benchmark} in round {round}: name another ' +
		'--round to request new answers',
	'rounds.noQuestions': null,
	'rounds.noBenchmarkQuestions':
		'there are no {split} questions of benchmark "{benchmark}": add some with ' +
		'"benchmarks add \'{benchmark}\' FILE" (with --validation N, validation questions)',
	'rounds.nothingToScore': null,
	'rounds.jobWithoutScope': null,
};
