import { command } from './command.ts';
import { grade } from './grade.ts';

export const gradeCommand = command({
	about:
		'Compares final answers. Reads {gold, answer} lines from standard input (the answer may be a whole response) ' +
		'and writes a line {equal: true|false|null} for each, in order; null is unsure, with the reason. Needs no ' +
		'project.',
	options: {
		against: {
			type: 'string',
			value: 'FILE',
			help:
				"another grader's verdicts in the same order ({equal} or true/false per line); disagreements are " +
				'listed on stderr',
		},
	},
	async run({ values, dist, io }) {
		const against = values.text('against');
		const exitStatus = await grade({
			...(against === undefined ? {} : { against }),
			dist,
			input: io.stdin,
			output: io.stdout,
			errors: io.stderr,
			signal: io.signal,
		});
		return { exitStatus };
	},
});
