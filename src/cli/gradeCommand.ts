import type { Command } from './command.ts';
import { grade } from './grade.ts';

export const gradeCommand: Command = {
	about:
		'Are two answers the same? Reads {gold, answer} a line from standard input (the answer may be a whole response), writes ' +
		'{equal: true|false|null} a line, in order; null is unsure, with the reason. Needs no project.',
	options: {
		against: {
			type: 'string',
			value: 'FILE',
			help:
				"another grader's verdicts in the same order ({equal} or true/false a line); where the two " +
				'disagree is listed on stderr',
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
};
