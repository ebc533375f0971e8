import type { Command } from './command.ts';
import type { OptionSpec } from './optionSpec.ts';

/** Returns how many positional arguments a command takes. */
export function argumentCount({ args = [] }: Pick<Command, 'args'>): { readonly least: number; readonly most: number } {
	return {
		least: args.filter((arg) => !arg.startsWith('[')).length,
		most: args.some((arg) => arg.includes('…')) ? Infinity : args.length,
	};
}

type Shape = Pick<Command, 'args' | 'options' | 'choices'>;

/**
 * Returns the usage line made from a command's arguments and options, wrapped to `width` columns. What is required
 * comes first.
 */
export function usageLine(name: string, command: Shape, width: number): string {
	return wrap(
		[
			`stat-studio ${name}`,
			...(command.args ?? []),
			...optionLabels(command, true),
			...optionLabels(command, false).map((label) => `[${label}]`),
		],
		width,
		'    ',
	);
}

/** Returns the arguments and required options on one line. */
export function shortUsage(name: string, command: Shape): string {
	return [`stat-studio ${name}`, ...(command.args ?? []), ...optionLabels(command, true)].join(' ');
}

/** Returns the choices and options that are required, or those that are not. */
function optionLabels({ options, choices = [] }: Shape, isRequired: boolean): string[] {
	const chosen = new Set(choices.flatMap((choice) => choice.options));
	const alternatives = choices
		.filter(({ required = false }) => required === isRequired)
		.map((choice) => choice.options.map((option) => optionLabel(option, options[option])).join(' | '));
	return [
		...alternatives.map((label) => (isRequired ? `(${label})` : label)),
		...Object.entries(options)
			.filter(([option, { required = false }]) => !chosen.has(option) && required === isRequired)
			.map(([option, spec]) => optionLabel(option, spec)),
	];
}

/** Returns, for example, `--set KEY=VALUE …`. */
export function optionLabel(name: string, spec: OptionSpec | undefined): string {
	return `--${name}${spec?.value === undefined ? '' : ` ${spec.value}`}${spec?.multiple ? ' …' : ''}`;
}

/** Joins words with spaces into lines of at most `width` columns; every line after the first begins with `indent`. */
export function wrap(words: readonly string[], width: number, indent = ''): string {
	const lines: string[] = [];
	let line = '';
	for (const word of words) {
		if (line !== '' && line.length + 1 + word.length > width) {
			lines.push(line);
			line = `${indent}${word}`;
		} else {
			line = line === '' ? word : `${line} ${word}`;
		}
	}
	return [...lines, line].join('\n');
}

/** Lists names, with their descriptions in a second column that is wrapped to `width` columns. */
export function wrappedList(rows: readonly (readonly [string, string])[], width: number): string {
	const first = Math.max(0, ...rows.map(([name]) => name.length)) + 2;
	const rest = Math.max(24, width - first);
	return rows
		.map(
			([name, text]) =>
				`${name.padEnd(first)}${wrap(text.split(' '), rest).replaceAll('\n', `\n${' '.repeat(first)}`)}`,
		)
		.join('\n');
}
