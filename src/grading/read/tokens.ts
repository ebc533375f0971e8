import type { Written } from './expression.ts';
import type { Rational } from '../number/rational.ts';
import { fromDecimal, plus, rational, times } from '../number/rational.ts';
import { plainText } from './plainText.ts';
import type { Relation } from './vocabulary.ts';
import {
	binaryCommands,
	environments,
	fontCommands,
	functionNames,
	greek,
	ignoredCommands,
	knownCommands,
	relations,
	skippedWithArgument,
	textCommands,
	unitAbbreviations,
} from './vocabulary.ts';
import { splitLetters } from './letters.ts';

/** A piece of an answer. `spaced`: white space came before it. */
export type Token = { readonly spaced: boolean } & (
	| { readonly kind: 'number'; readonly value: Rational; readonly digits: string; readonly written?: Written }
	| { readonly kind: 'letter'; readonly name: string }
	| { readonly kind: 'command'; readonly name: string }
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'relation'; readonly name: Relation }
	| { readonly kind: 'mark'; readonly mark: string }
	| { readonly kind: 'begin' | 'end'; readonly name: string }
);

export interface Reading {
	readonly tokens: readonly Token[];
	/** `1,234` stood where it could be one number or two. */
	readonly ambiguousCommas: boolean;
}

const digit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
const letter = (c: string | undefined): boolean =>
	c !== undefined && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));

/**
 * Cuts an answer into tokens in linear time. `groupCommas`: whether 1,234 is one number; by default yes outside
 * brackets, no within them, where (1,234) is more likely a pair.
 */
export function tokenize(answer: string, groupCommas?: boolean): Reading {
	return new Tokenizer(plainText(answer), groupCommas).run();
}

class Tokenizer {
	private readonly text: string;
	private readonly groupCommas: boolean | undefined;
	private readonly tokens: Token[] = [];
	private at = 0;
	private depth = 0;
	private matrices = 0;
	private spaced = false;
	private ambiguousCommas = false;

	constructor(text: string, groupCommas: boolean | undefined) {
		this.text = text;
		this.groupCommas = groupCommas;
	}

	run(): Reading {
		while (this.at < this.text.length) {
			this.next();
		}
		return { tokens: this.tokens, ambiguousCommas: this.ambiguousCommas };
	}

	private push(token: DistributiveOmit<Token, 'spaced'>): void {
		this.tokens.push({ ...token, spaced: this.spaced } as Token);
		this.spaced = false;
	}

	private mark(mark: string): void {
		this.push({ kind: 'mark', mark });
	}

	private next(): void {
		const c = this.text[this.at] as string;
		if (c === ' ' || c === '~' || c === '$') {
			this.spaced = true;
			this.at++;
		} else if (digit(c) || (c === '.' && digit(this.text[this.at + 1]) && !digit(this.text[this.at - 1]))) {
			this.number();
		} else if (letter(c)) {
			this.letters();
		} else if (c === '\\') {
			this.command();
		} else {
			this.punctuation(c);
		}
	}

	private punctuation(c: string): void {
		this.at++;
		const after = this.text[this.at];
		if (c === '(' || c === '[') {
			this.depth++;
		} else if (c === ')' || c === ']') {
			this.depth--;
		}
		const pair = `${c}${after ?? ''}`;
		if (pair === '<=' || pair === '>=' || pair === '!=' || pair === '==') {
			this.at++;
			// 5!=120 is a factorial unless a space says otherwise; nobody writes ≠ without one there.
			this.push({ kind: 'relation', name: pair === '==' ? '=' : (pair as Relation) });
		} else if (c === '=' || c === '<' || c === '>') {
			this.push({ kind: 'relation', name: c });
		} else if (pair === '**') {
			this.at++;
			this.mark('^');
		} else if (pair === '+-' && this.text[this.at - 2] !== '(') {
			this.at++;
			this.mark('±');
		} else if (c === '.' && this.text.startsWith('..', this.at)) {
			this.at += 2;
			this.mark('…');
		} else if (c === '.') {
			this.mark('.');
		} else if ('+-*/^_!(){}[]|,;:&%\'…?"#'.includes(c)) {
			this.mark(c);
		} else {
			this.push({ kind: 'text', text: c });
		}
	}

	/** Reads 1,234.5, 1{,}234, 1 234, .5, 1e3, 0.1\overline{6}, 3.14… */
	private number(): void {
		const text = this.text;
		let digits = this.run_digits();
		const mayGroup = digits.length <= 3 && digits !== '' && digits[0] !== '0';
		while (mayGroup) {
			const group = this.thousands();
			if (group === undefined) {
				break;
			}
			digits += group;
		}
		let places = '';
		if (
			(text[this.at] === '.' && digit(text[this.at + 1])) ||
			(text[this.at] === '.' && /^\\(overline|bar|dot)\b/.test(text.slice(this.at + 1, this.at + 10)))
		) {
			this.at++;
			places = this.run_digits();
		} else if (text.startsWith('{,}', this.at) && digit(text[this.at + 3])) {
			this.at += 3;
			places = this.run_digits();
		}
		let value = fromDecimal(places === '' ? digits : `${digits}.${places}`);
		let exact = places === '';
		const repeat = /^\\(?:overline|bar|dot) ?\{(\d{1,40})\}/.exec(text.slice(this.at, this.at + 60));
		if (repeat?.[1] !== undefined && (places !== '' || text[this.at - 1] === '.')) {
			this.at += repeat[0].length;
			const tail = {
				n: BigInt(repeat[1]),
				d: 10n ** BigInt(places.length) * (10n ** BigInt(repeat[1].length) - 1n),
			};
			value = plus(value, rational(tail.n, tail.d));
			exact = true;
		}
		const exponent = /^[eE]([+-]?\d{1,5})(?![\w.])/.exec(text.slice(this.at, this.at + 9));
		if (exponent?.[1] !== undefined) {
			this.at += exponent[0].length;
			const n = Number(exponent[1]);
			value = times(value, n < 0 ? rational(1n, 10n ** BigInt(-n)) : rational(10n ** BigInt(n)));
			places = n >= places.length ? '' : places.padEnd(places.length - n, '0').slice(0, places.length - n);
		}
		const dots = /^ ?(\\[lc]?dots\b|…|\.\.\.)/.exec(text.slice(this.at, this.at + 8));
		const open = dots !== null && places !== '';
		if (open && dots) {
			this.at += dots[0].length;
		}
		this.push({
			kind: 'number',
			value,
			digits,
			...(exact && !open ? {} : { written: { places: places.length, open } }),
		});
	}

	private run_digits(): string {
		const start = this.at;
		while (digit(this.text[this.at])) {
			this.at++;
		}
		return this.text.slice(start, this.at);
	}

	/** Three digits after a thousands mark, or undefined. */
	private thousands(): string | undefined {
		const match = /^(,|\{,\}|,?\\[!,;: ]|,\{\}| |~)(\d{3})(?!\d)/.exec(this.text.slice(this.at, this.at + 8));
		if (match?.[1] === undefined || match[2] === undefined) {
			return undefined;
		}
		if (match[1] === ',') {
			this.ambiguousCommas = true;
			if (!(this.groupCommas ?? this.depth <= 0)) {
				return undefined;
			}
		}
		this.at += match[0].length;
		return match[2];
	}

	private letters(): void {
		const start = this.at;
		while (letter(this.text[this.at])) {
			this.at++;
		}
		for (const token of splitLetters(this.text.slice(start, this.at), this.afterNumber())) {
			this.push(token);
		}
	}

	private afterNumber(): boolean {
		const before = this.tokens.at(-1);
		return before?.kind === 'number' || (before?.kind === 'mark' && ')}'.includes(before.mark));
	}

	private command(): void {
		const text = this.text;
		const c = text[this.at + 1];
		if (c === undefined) {
			this.at++;
			return;
		}
		if (!letter(c)) {
			this.at += 2;
			if (c === '\\') {
				this.mark('\\\\');
			} else if (c === '{' || c === '}') {
				this.depth += c === '{' ? 1 : -1;
				this.mark(`\\${c}`);
			} else if (c === '%') {
				this.mark('%');
			} else if (c === '$') {
				this.push({ kind: 'command', name: 'money' });
			} else if (c === '|') {
				this.mark('|');
			} else if (digit(c) || c === '-') {
				// Some copies of MATH lost half of each row mark: \begin{pmatrix}1\2\end{pmatrix}.
				this.at--;
				if (this.matrices > 0) {
					this.mark('\\\\');
				}
			} else if (' ,;:!>'.includes(c)) {
				this.spaced = true;
			} else if (c !== '(' && c !== ')' && c !== '[' && c !== ']') {
				this.push({ kind: 'text', text: c });
			}
			return;
		}
		const start = this.at + 1;
		this.at = start;
		while (letter(text[this.at])) {
			this.at++;
		}
		this.named(text.slice(start, this.at));
	}

	private named(name: string): void {
		if (ignoredCommands.has(name)) {
			this.spaced = true;
			return;
		}
		const relation = relations.get(name);
		if (relation !== undefined) {
			this.push({ kind: 'relation', name: relation });
		} else if (binaryCommands.has(name)) {
			this.mark(binaryCommands.get(name) as string);
		} else if (textCommands.has(name)) {
			this.words(this.argument() ?? '');
		} else if (fontCommands.has(name)) {
			const inner = this.argument();
			if (inner !== undefined) {
				this.inline(name === 'operatorname' && knownCommands.has(inner.trim()) ? `\\${inner.trim()} ` : inner);
			}
		} else if (skippedWithArgument.has(name)) {
			this.argument();
		} else if (name === 'begin' || name === 'end') {
			this.environment(name);
		} else if (greek.has(name)) {
			this.push({ kind: 'letter', name: `\\${name}` });
		} else if (knownCommands.has(name)) {
			this.push({ kind: 'command', name });
		} else {
			this.glued(name);
		}
	}

	/** \cotx, \pir: a known command with letters stuck to it; otherwise a name of its own. */
	private glued(name: string): void {
		for (let length = name.length - 1; length >= 2; length--) {
			const head = name.slice(0, length);
			if (knownCommands.has(head) || greek.has(head)) {
				this.push(greek.has(head) ? { kind: 'letter', name: `\\${head}` } : { kind: 'command', name: head });
				for (const token of splitLetters(name.slice(length), false)) {
					this.push(token);
				}
				return;
			}
		}
		this.push({ kind: 'letter', name: `\\${name}` });
	}

	private environment(name: 'begin' | 'end'): void {
		const which = (this.argument() ?? '').replace('*', '');
		if (!environments.has(which)) {
			return;
		}
		this.matrices += name === 'begin' ? 1 : -1;
		if (name === 'begin' && which === 'array') {
			this.argument();
		}
		this.push({ kind: name, name: which });
	}

	/** The braced argument that follows, or one character; undefined at the end. */
	private argument(): string | undefined {
		const text = this.text;
		while (text[this.at] === ' ') {
			this.at++;
		}
		if (text[this.at] !== '{') {
			return this.at < text.length ? text[this.at++] : undefined;
		}
		const start = this.at + 1;
		let depth = 0;
		for (; this.at < text.length; this.at++) {
			const c = text[this.at];
			if (c === '\\') {
				this.at++;
			} else if (c === '{') {
				depth++;
			} else if (c === '}' && --depth === 0) {
				return text.slice(start, this.at++);
			}
		}
		return text.slice(start);
	}

	/** \text{…}: words stay words, but numbers, lists and letters in it are read as outside. */
	private words(content: string): void {
		const bare = content.replace(/\\[,;:! ]|~/g, ' ').trim();
		if (/^(and|or)$/i.test(bare.replace(/[, ]/g, ''))) {
			this.mark(bare.toLowerCase().includes('or') ? 'or' : 'and');
		} else if (functionNames.has(bare) && !unitAbbreviations.has(bare)) {
			this.push({ kind: 'command', name: bare });
		} else if (/^[A-Z](?:,? (?:(?:and|or) )?[A-Z])+$/.test(bare)) {
			this.inline(` ${bare} `);
		} else if (/^[mgshlL]$/.test(bare) && this.afterNumber()) {
			this.push({ kind: 'text', text: bare.toLowerCase() });
		} else if (/^[A-Za-z][A-Za-z.' /-]*$/.test(bare) && bare.length > 1 && !/^[A-Z]\.?$/.test(bare)) {
			this.push({ kind: 'text', text: bare.toLowerCase() });
		} else {
			this.inline(` ${content} `);
		}
	}

	private inline(content: string): void {
		if (content.length >= this.text.length) {
			return;
		}
		const inner = new Tokenizer(content, this.groupCommas ?? this.depth <= 0);
		inner.matrices = this.matrices;
		const { tokens, ambiguousCommas } = inner.run();
		this.ambiguousCommas ||= ambiguousCommas;
		tokens.forEach((token, index) =>
			this.tokens.push(index === 0 && this.spaced ? { ...token, spaced: true } : token),
		);
		this.spaced = /\s$/.test(content);
	}
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
