import type { OptionSpec, OptionSpecs } from './optionSpec.ts';
import { usageError } from './usageError.ts';

type ValueOf<Spec extends OptionSpec> = Spec extends { readonly multiple: true }
	? readonly string[]
	: Spec extends { readonly type: 'boolean' }
		? boolean
		: string;

/** Options as parsed; those that are absent are undefined. */
export type RawValues<Options extends OptionSpecs> = {
	readonly [Name in keyof Options]: ValueOf<Options[Name]> | undefined;
};

/** The names of the declared options whose value has this type. */
type NameOf<Options extends OptionSpecs, Value> = {
	[Name in keyof Options]: ValueOf<Options[Name]> extends Value ? Name : never;
}[keyof Options] &
	string;

/**
 * A command's parsed options, read by their declared names. Reading checks them, and every usage error names the
 * option.
 */
export class Values<Options extends OptionSpecs> {
	constructor(private readonly raw: RawValues<Options>) {}

	text(name: NameOf<Options, string>): string | undefined {
		const value = this.raw[name];
		if (value === '') {
			throw usageError(`--${name} needs a value`);
		}
		return typeof value === 'string' ? value : undefined;
	}

	required(name: NameOf<Options, string>, what: string): string {
		const value = this.text(name);
		if (value === undefined) {
			throw usageError(`--${name} is missing: ${what}`);
		}
		return value;
	}

	/** Returns all values of a repeatable option. */
	list(name: NameOf<Options, readonly string[]>): readonly string[] {
		const value = this.raw[name];
		return Array.isArray(value) ? (value as readonly string[]) : [];
	}

	/** Returns `--set key=value …` as an object; the last value of a key wins. */
	pairs(name: NameOf<Options, readonly string[]>): Record<string, string> {
		return Object.fromEntries(
			this.list(name).map((pair) => {
				const at = pair.indexOf('=');
				if (at < 1) {
					throw usageError(`--${name} ${pair}: expected key=value`);
				}
				return [pair.slice(0, at), pair.slice(at + 1)];
			}),
		);
	}

	flag(name: NameOf<Options, boolean>): boolean {
		return this.raw[name] === true;
	}

	/** Returns a whole number that is at least `least`. */
	whole(name: NameOf<Options, string>, least = 0): number | undefined {
		const value = this.number(name);
		if (value !== undefined && (!Number.isSafeInteger(value) || value < least)) {
			throw usageError(`--${name} must be a whole number from ${least} on, not "${this.raw[name]}"`);
		}
		return value;
	}

	number(name: NameOf<Options, string>): number | undefined {
		const value = this.text(name);
		return value === undefined ? undefined : readNumber(name, value);
	}

	/** Returns a number greater than 0. */
	positive(name: NameOf<Options, string>): number | undefined {
		const value = this.number(name);
		if (value !== undefined && value <= 0) {
			throw usageError(`--${name} must be a number greater than 0, not "${this.raw[name]}"`);
		}
		return value;
	}

	/** Parses a list such as `0.8,0.85,0.9`. */
	numbers(name: NameOf<Options, string>): number[] | undefined {
		return this.text(name)
			?.split(',')
			.map((part) => readNumber(name, part));
	}

	oneOf<T extends string>(name: NameOf<Options, string>, choices: readonly T[]): T | undefined {
		const value = this.text(name);
		const chosen = choices.find((choice) => choice === value);
		if (value !== undefined && chosen === undefined) {
			throw usageError(`--${name} must be one of ${choices.join(', ')}, not "${value}"`);
		}
		return chosen;
	}
}

function readNumber(name: string, text: string): number {
	const value = Number(text.trim());
	if (text.trim() === '' || !Number.isFinite(value)) {
		throw usageError(`--${name} must be a number, not "${text}"`);
	}
	return value;
}
