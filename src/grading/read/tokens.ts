import type { Written } from './expression.ts';
import type { Rational } from '../number/rational.ts';
import type { Relation } from './vocabulary.ts';

/**
 * A piece of an answer. `spaced` means that white space preceded it; `glued`, that the number is in one run with bare
 * letters, such as in b00c, x0 and 0xFF, and is no factor beside them.
 */
export type Token = { readonly spaced: boolean } & (
	| {
			readonly kind: 'number';
			readonly value: Rational;
			readonly digits: string;
			readonly written?: Written;
			readonly glued?: boolean;
	  }
	| { readonly kind: 'letter'; readonly name: string }
	| { readonly kind: 'command'; readonly name: string }
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'relation'; readonly name: Relation }
	| { readonly kind: 'mark'; readonly mark: string }
	| { readonly kind: 'begin' | 'end'; readonly name: string }
);

/** Which reading to use for an answer that allows two. */
export interface Readings {
	/** 1,234 is one number; by default only outside brackets, since (1,234) is more likely a pair. */
	readonly groupCommas?: boolean;
	/** 2,75 is 2.75 and 12.345,67 is 12345.67. */
	readonly decimalComma?: boolean;
	/** cab is c·a·b, not a word. */
	readonly lettersAreProducts?: boolean;
	/** 1/2x is 1/(2x). */
	readonly slashTakesAll?: boolean;
}

/** An ambiguity for which {@link Readings} can select the non-default reading. */
export type Ambiguity = keyof Readings;

export interface Tokens {
	readonly tokens: readonly Token[];
	readonly ambiguities: ReadonlySet<Ambiguity>;
	/** What was dropped or guessed, in a few words each. */
	readonly doubts: readonly string[];
}
