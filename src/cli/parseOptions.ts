import { parseArgs } from 'node:util';
import type { StatError } from '../core/errors/statError.ts';
import { nearestName } from './nearestName.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { usageError } from './usageError.ts';
import type { RawValues } from './values.ts';
import { Values } from './values.ts';

/**
 * Parses the options and positional arguments in `argv`, which are the arguments of the command `name`.
 * @throws StatError of kind usage for an unknown option, a missing value, or a value that the option does not take.
 */
export function parseOptions<Options extends OptionSpecs>(
	name: string,
	specs: Options,
	argv: readonly string[],
): { readonly values: Values<Options>; readonly args: readonly string[] } {
	const { values, positionals, tokens } = parseArgs({
		args: withNegativeValues(argv, specs),
		options: Object.fromEntries(
			Object.entries(specs).map(([option, { type, multiple = false }]) => [option, { type, multiple }]),
		),
		allowPositionals: true,
		strict: false,
		tokens: true,
	});
	for (const token of tokens) {
		if (token.kind === 'option') {
			checkOption(name, specs, token);
		}
	}
	return {
		values: new Values(values as RawValues<Options>),
		args: positionals,
	};
}

interface OptionToken {
	readonly name: string;
	/** The option as it was written: `--name`. */
	readonly rawName: string;
	readonly value?: string | undefined;
	/** Whether the value was written as `--name=value`. */
	readonly inlineValue?: boolean | undefined;
}

function checkOption(command: string, specs: OptionSpecs, { name, rawName, value, inlineValue }: OptionToken): void {
	const spec = Object.hasOwn(specs, name) && rawName.startsWith('--') ? specs[name] : undefined;
	if (!spec) {
		const nearest = nearestName(name, Object.keys(specs));
		throw usage(
			command,
			`there is no option ${rawName}${nearest === undefined ? '' : `; did you mean --${nearest}?`}`,
		);
	}
	if (spec.type === 'boolean' && value !== undefined) {
		throw usage(command, `${rawName} takes no value`);
	}
	if (spec.type === 'string' && value === undefined) {
		throw usage(command, `${rawName} needs a value: ${rawName} ${spec.value ?? 'VALUE'}`);
	}
	if (spec.type === 'string' && inlineValue === false && value?.startsWith('-') && value.length > 1) {
		throw usage(command, `${rawName} needs a value; one that begins with a dash is written ${rawName}=${value}`);
	}
}

function usage(command: string, problem: string): StatError {
	return usageError(`${problem} ("stat-studio ${command} --help" lists the options)`);
}

/** Rewrites `--pairs -3` to `--pairs=-3`, so that -3 is a value, which is then checked like any other. */
function withNegativeValues(argv: readonly string[], specs: OptionSpecs): string[] {
	const joined: string[] = [];
	for (const arg of argv) {
		const before = joined.at(-1) ?? '';
		if (
			/^-[\d.]/.test(arg) &&
			before.startsWith('--') &&
			!before.includes('=') &&
			specs[before.slice(2)]?.type === 'string'
		) {
			joined[joined.length - 1] = `${before}=${arg}`;
		} else {
			joined.push(arg);
		}
	}
	return joined;
}
