import type { Expression } from './expression.ts';
import type { Relation } from './vocabulary.ts';
import type { Unit } from './units.ts';

/** A piece of the number line with its ends, which may be infinite, minus a few points. */
export interface Interval {
	readonly low: Expression;
	readonly high: Expression;
	readonly lowClosed: boolean;
	readonly highClosed: boolean;
	readonly without?: readonly Expression[];
}

/** What kind of answer a text is. */
export type Form =
	| { readonly kind: 'value'; readonly value: Expression; readonly unit?: Unit; readonly mark?: 'percent' | 'degree' }
	/** x = 5, f(x) = …, 2x + y = 3. `name` is set if the left side is just a name. */
	| { readonly kind: 'equation'; readonly name?: string; readonly left: Expression; readonly right: Form }
	/** a < b < c as written, if it is not an interval of one variable. */
	| { readonly kind: 'chain'; readonly sides: readonly Expression[]; readonly relations: readonly Relation[] }
	/** Numbers on the line: intervals, unions, inequalities in one variable. */
	| { readonly kind: 'region'; readonly name?: string; readonly parts: readonly Interval[] }
	/** Items separated by commas, "or" or "and"; their order does not matter. */
	| { readonly kind: 'list'; readonly items: readonly Form[] }
	| { readonly kind: 'set'; readonly items: readonly Form[] }
	/** (a, b, …) with the brackets as written. */
	| { readonly kind: 'tuple'; readonly open: string; readonly close: string; readonly items: readonly Form[] }
	| { readonly kind: 'matrix'; readonly rows: readonly (readonly Expression[])[] }
	| { readonly kind: 'base'; readonly digits: string; readonly base: number }
	/** A time of day: minutes and seconds since the hour; `half` is am or pm as written. */
	| {
			readonly kind: 'time';
			readonly hour: number;
			readonly minute: number;
			readonly second: number;
			readonly half?: 'am' | 'pm';
	  }
	| { readonly kind: 'ratio'; readonly parts: readonly Expression[] }
	| { readonly kind: 'choice'; readonly letter: string; readonly rest?: Form }
	/** `mixed` means that there are numbers or letters among the words. */
	| { readonly kind: 'words'; readonly words: readonly string[]; readonly mixed?: boolean }
	/** A text that is not understood; it is compared only as text. */
	| { readonly kind: 'opaque'; readonly reason: string };

/** A form of one specific kind. */
export type FormOf<K extends Form['kind']> = Extract<Form, { kind: K }>;

/** Puts x = 1, y = 2 in alphabetical order of the names, if all names differ. */
export function inOrderOfNames(items: readonly Form[]): Form[] | undefined {
	const named = items.map((item) =>
		item.kind === 'equation' && item.name !== undefined ? { name: item.name, right: item.right } : undefined,
	);
	if (named.some((item) => item === undefined) || new Set(named.map((item) => item?.name)).size !== items.length) {
		return undefined;
	}
	return (named as { name: string; right: Form }[])
		.sort((x, y) => (x.name < y.name ? -1 : 1))
		.map((item) => item.right);
}
