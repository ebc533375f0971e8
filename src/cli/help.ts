import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { commonOptions } from './commonOptions.ts';
import { teacherOptions } from './openParts.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { optionLabel, usageLine, wrap, wrappedList } from './usage.ts';
import { table } from './wording.ts';

/** Returns the help on all commands. `under`: lists only these, if help was requested for the name of a group. */
export function generalHelp(version: string, under: readonly string[]): string {
	const list = Object.entries(commands)
		.filter(([name]) => under.length === 0 || under.includes(name))
		.map(([name, { summary }]) => [`  ${name}`, summary]);
	return `stat-studio ${version}: Skill-Targeted Adaptive Training, step by step

stat-studio COMMAND [ARGS] [--project DIR] [--json]

${table(list)}

Options may stand anywhere after the command. "stat-studio COMMAND --help" describes one.
Exit status: 0 done (also with rows set aside: they are listed), 1 failed, 2 wrong usage, 130 cancelled.`;
}

/** Returns the help on one command, wrapped to `width` columns. */
export function commandHelp(name: string, command: Command, width: number): string {
	const options = (specs: OptionSpecs) =>
		wrappedList(
			Object.entries(specs).map(([option, spec]) => [`  ${optionLabel(option, spec)}`, spec.help]),
			width,
		);
	return [
		usageLine(name, command, width),
		'',
		wrap(command.about.split(' '), width),
		...(Object.keys(command.options).length > 0 ? ['', options(command.options)] : []),
		...(command.teacher ? ['', 'The teacher:', options(teacherOptions)] : []),
		'',
		'Everywhere:',
		options(commonOptions),
	].join('\n');
}
