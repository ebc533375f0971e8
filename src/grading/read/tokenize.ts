import { fromDecimal, plus, rational, times } from '../number/rational.ts';
import { plainText } from './plainText.ts';
import type { Relation } from './vocabulary.ts';
import {
	binaryCommands,
	commandAliases,
	environments,
	fontCommands,
	functionNames,
	greek,
	ignoredCommands,
	knownCommands,
	relations,
	skippedWithArguments,
	stackingCommands,
	textCommands,
	transparentEnvironments,
	unitAbbreviations,
	wrappingCommands,
} from './vocabulary.ts';
import { splitLetters } from './letters.ts';
import { isMark } from './tokenGroups.ts';
import type { Ambiguity, Readings, Token, Tokens } from './tokens.ts';

/** Digits with points or Indian commas between groups, if no other reading makes sense. */
const groupedDigits =
	/^(?:[1-9]\d{0,2}(?:\.\d{3}){2,}(?![\d.])|[1-9]\d{0,2}(?:\.\d{3})+(?=,\d{1,2}(?![\d,]))|[1-9]\d?(?:,\d{2})+,\d{3}(?![\d,]))/;

const digit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
const letter = (c: string | undefined): boolean =>
	c !== undefined && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));

/** Splits an answer into tokens in linear time. */
export function tokenize(answer: string, readings: Readings = {}): Tokens {
	return new Tokenizer(plainText(answer), readings).run();
}

class Tokenizer {
	private readonly text: string;
	private readonly readings: Readings;
	private readonly tokens: Token[] = [];
	private readonly ambiguities = new Set<Ambiguity>();
	private readonly doubts: string[] = [];
	private at = 0;
	private depth = 0;
	private matrices = 0;
	private spaced = false;
	/** Where the last run of bare letters ended. */
	private lettersEnd = -1;

	constructor(text: string, readings: Readings) {
		this.text = text;
		this.readings = readings;
	}

	run(): Tokens {
		while (this.at < this.text.length) {
			this.next();
		}
		const tokens = this.text.includes('/') ? this.slashes() : this.tokens;
		return { tokens, ambiguities: this.ambiguities, doubts: this.doubts };
	}

	/** Reads 1/2x with brackets around 2x if {@link Readings.slashTakesAll} is set. */
	private slashes(): readonly Token[] {
		const out: Token[] = [];
		for (let at = 0; at < this.tokens.length; at++) {
			const token = this.tokens[at] as Token;
			out.push(token);
			const [first, second] = [this.tokens[at + 1], this.tokens[at + 2]];
			if (!isMark(token, '/') || first?.kind !== 'number' || second === undefined || !multiplies(second)) {
				continue;
			}
			this.ambiguities.add('slashTakesAll');
			if (this.readings.slashTakesAll === true) {
				let end = at + 3;
				while (
					end < this.tokens.length &&
					(multiplies(this.tokens[end] as Token) || isMark(this.tokens[end], '^'))
				) {
					end += isMark(this.tokens[end], '^') ? 2 : 1;
				}
				const bracket = (mark: string): Token => ({ kind: 'mark', mark, spaced: false });
				out.push(bracket('('), ...this.tokens.slice(at + 1, end), bracket(')'));
				at = Math.min(end, this.tokens.length) - 1;
			}
		}
		return out;
	}

	/** Records that something was dropped or guessed here. */
	private doubt(what: string): void {
		if (this.doubts.length < 10) {
			this.doubts.push(what);
		}
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
			// 5!=120 is read as 5 ≠ 120; only a space before the equals sign makes it a factorial.
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
			this.doubt(`the character ${c}`);
			this.push({ kind: 'text', text: c });
		}
	}

	/** Reads 1,234.5, 1{,}234, 1 234, .5, 1e3, 0.1\overline{6}, 3.14… */
	private number(): void {
		const text = this.text;
		const afterLetters = this.lettersEnd === this.at;
		const foreign = this.foreignNumber();
		if (foreign !== undefined) {
			this.push({ ...foreign, ...(afterLetters ? { glued: true } : {}) } as typeof foreign);
			return;
		}
		let digits = this.digitRun();
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
			places = this.digitRun();
		} else if (text.startsWith('{,}', this.at) && digit(text[this.at + 3])) {
			this.at += 3;
			places = this.digitRun();
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
			...(afterLetters || this.isPrefix(digits) ? { glued: true } : {}),
		});
	}

	/** Whether these digits begin a hexadecimal number or an identifier: 0xFF, 00ff. A factor is never written 0. */
	private isPrefix(digits: string): boolean {
		return /^0+$/.test(digits) && /^[a-zA-Z]{2}/.test(this.text.slice(this.at, this.at + 2));
	}

	/** Reads 1.234.567, 12.345,67 and 12,34,567, and 2,75 if {@link Readings.decimalComma} is set. */
	private foreignNumber(): DistributiveOmit<Token, 'spaced'> | undefined {
		const start = this.text.slice(this.at, this.at + 60);
		if (!/^\d+[.,]\d/.test(start)) {
			return undefined;
		}
		const match = groupedDigits.exec(start)?.[0] ?? '';
		// A match that reaches the end of the window may continue beyond it.
		const grouped = match.length + 4 > start.length && start.length === 60 ? '' : match;
		const whole = grouped === '' ? (/^\d+/.exec(start)?.[0] ?? '') : grouped;
		const digits = whole.replace(/[.,]/g, '');
		const places = this.depth > 0 ? undefined : /^,(\d+)(?![\d,]|\.\d)/.exec(start.slice(whole.length))?.[1];
		if (places === undefined) {
			this.at += grouped.length;
			return grouped === '' ? undefined : { kind: 'number', digits, value: fromDecimal(digits) };
		}
		// 1,234 is not a decimal.
		const thousands = places.length === 3 && digits.length <= 3 && digits !== '0';
		if (thousands || this.text[this.at - 1] === ',') {
			return undefined;
		}
		if (grouped === '') {
			this.ambiguities.add('decimalComma');
			if (this.readings.decimalComma !== true) {
				return undefined;
			}
		}
		this.at += whole.length + 1 + places.length;
		return {
			kind: 'number',
			digits,
			value: fromDecimal(`${digits}.${places}`),
			written: { places: places.length, open: false },
		};
	}

	private digitRun(): string {
		const start = this.at;
		while (digit(this.text[this.at])) {
			this.at++;
		}
		return this.text.slice(start, this.at);
	}

	/** Reads three digits after a thousands mark; undefined if there are none. */
	private thousands(): string | undefined {
		const match = /^(,|\{,\}|,?(?:\\[!,;: ]|\{\}|~)(?:\\[!,;: ]|\{\}|~| ){0,4}| )(\d{3})(?!\d)/.exec(
			this.text.slice(this.at, this.at + 20),
		);
		if (match?.[1] === undefined || match[2] === undefined) {
			return undefined;
		}
		if (match[1] === ',') {
			this.ambiguities.add('groupCommas');
			if (!(this.readings.groupCommas ?? this.depth <= 0)) {
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
		this.letterRun(this.text.slice(start, this.at), this.afterNumber());
		this.lettersEnd = this.at;
	}

	private letterRun(run: string, afterNumber: boolean): void {
		const { tokens, ambiguous } = splitLetters(run, afterNumber, this.readings.lettersAreProducts === true);
		if (ambiguous) {
			this.ambiguities.add('lettersAreProducts');
		}
		tokens.forEach((token) => this.push(token));
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
				// The distance to the next row: \\[4pt], \\*[2mm].
				const distance = /^\*? ?\[ ?-?[\d.]+ ?(?:pt|ex|em|mm|cm|in|bp|pc|mu|\\\w+) ?\]/.exec(
					text.slice(this.at, this.at + 24),
				);
				this.at += distance?.[0].length ?? 0;
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
				// Some copies of MATH lost half of each row separator: \begin{pmatrix}1\2\end{pmatrix}.
				this.at--;
				if (this.matrices > 0) {
					this.mark('\\\\');
				}
			} else if (' ,;:!>'.includes(c)) {
				this.spaced = true;
			} else if (c !== '(' && c !== ')' && c !== '[' && c !== ']') {
				this.doubt(`the command \\${c}`);
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

	private named(written: string): void {
		const name = commandAliases.get(written) ?? written;
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
		} else if (name === 'mathbf' || name === 'bm' || name === 'boldsymbol') {
			this.bold();
		} else if (fontCommands.has(name)) {
			this.wrapped(name);
		} else if (skippedWithArguments.has(name)) {
			this.skipArguments(skippedWithArguments.get(name) ?? 0);
		} else if (wrappingCommands.has(name)) {
			this.skipArguments(wrappingCommands.get(name) ?? 0);
			if (this.opensArgument() || name === 'boxed' || name === 'fbox') {
				this.inline(this.argument() ?? '');
			}
		} else if (name === 'kern' || name === 'hskip' || name === 'vskip') {
			this.at += /^ ?-?[\d.]+ ?[a-z]{2}/.exec(this.text.slice(this.at, this.at + 16))?.[0].length ?? 0;
		} else if (stackingCommands.has(name)) {
			this.argument();
			this.doubt('a remark set over or under a part');
			this.inline(this.argument() ?? '');
		} else if (name === 'cancel' || name === 'xcancel' || name === 'bcancel') {
			this.doubt('something struck out');
			this.inline(this.argument() ?? '');
		} else if (name === 'not' && /^ ?(?:=|\\in\b)/.test(this.text.slice(this.at, this.at + 5))) {
			this.negatedRelation();
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

	/**
	 * Reads a font command around an argument. A brace under or over an argument also has a remark, which is dropped.
	 */
	private wrapped(name: string): void {
		if (name === 'operatorname' && this.text[this.at] === '*') {
			this.at++;
		}
		const inner = this.argument();
		if (inner !== undefined) {
			const known = commandAliases.get(inner.trim()) ?? inner.trim();
			this.inline(name === 'operatorname' && knownCommands.has(known) ? `\\${known} ` : inner);
		}
		const next = this.text[this.at];
		if ((name === 'underbrace' && next === '_') || (name === 'overbrace' && next === '^')) {
			this.at++;
			this.argument();
		}
	}

	/** Bold i, j and k are unit vectors; bold does not change anything else. */
	private bold(): void {
		const inner = this.argument() ?? '';
		const name = /^ ?(?:\\[ij]math|[ijk]) ?$/.test(inner) ? inner.replace(/\\|math| /g, '') : undefined;
		if (name === undefined) {
			this.inline(inner);
		} else {
			this.push({ kind: 'letter', name: `vec ${name}` });
		}
	}

	private opensArgument(): boolean {
		return /^ *\{/.test(this.text.slice(this.at, this.at + 8));
	}

	/** Skips optional arguments in brackets and `count` arguments in braces. */
	private skipArguments(count: number): void {
		for (let skipped = 0; ;) {
			const optional = /^ ?\[[^\][]{0,60}\]/.exec(this.text.slice(this.at, this.at + 64))?.[0];
			if (optional !== undefined) {
				this.at += optional.length;
			} else if (skipped++ < count) {
				this.argument();
			} else {
				return;
			}
		}
	}

	/** \not= and \not\in */
	private negatedRelation(): void {
		const rest = /^ ?(=|\\in\b)/.exec(this.text.slice(this.at, this.at + 6));
		this.at += rest?.[0].length ?? 0;
		this.push({ kind: 'relation', name: '!=' });
		if (rest?.[1] !== '=') {
			this.doubt('a negated relation');
		}
	}

	/** Reads \cotx or \pir: a known command with letters attached, or otherwise a name of its own. Both are guesses. */
	private glued(name: string): void {
		if (!functionNames.has(name.slice(0, -1))) {
			this.doubt(`the command \\${name.slice(0, 20)}`);
		}
		for (let length = name.length - 1; length >= 2; length--) {
			const head = name.slice(0, length);
			if (knownCommands.has(head) || greek.has(head)) {
				this.push(greek.has(head) ? { kind: 'letter', name: `\\${head}` } : { kind: 'command', name: head });
				this.letterRun(name.slice(length), false);
				return;
			}
		}
		this.push({ kind: 'letter', name: `\\${name}` });
	}

	private environment(name: 'begin' | 'end'): void {
		const which = (this.argument() ?? '').replace('*', '');
		if (transparentEnvironments.has(which)) {
			return;
		}
		if (!environments.has(which)) {
			this.doubt(`the environment ${which.slice(0, 20)}`);
			return;
		}
		this.matrices += name === 'begin' ? 1 : -1;
		if (name === 'begin') {
			this.skipArguments(which === 'array' || which === 'tabular' || which === 'alignedat' ? 1 : 0);
		}
		this.push({ kind: name, name: which });
	}

	/** Reads the braced argument that follows, or one character; undefined at the end. */
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

	/** Reads \text{…}: words stay words, but numbers, lists and letters inside it are read as they would be outside. */
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
		const inner = new Tokenizer(content, {
			...this.readings,
			groupCommas: this.readings.groupCommas ?? this.depth <= 0,
		});
		inner.matrices = this.matrices;
		const { tokens, ambiguities, doubts } = inner.run();
		ambiguities.forEach((ambiguity) => this.ambiguities.add(ambiguity));
		doubts.forEach((doubt) => this.doubt(doubt));
		tokens.forEach((token, index) =>
			this.tokens.push(index === 0 && this.spaced ? { ...token, spaced: true } : token),
		);
		this.spaced = /\s$/.test(content);
	}
}

/** Whether a factor before this token is multiplied by it. */
const multiplies = (token: Token): boolean =>
	token.kind === 'letter' ||
	(token.kind === 'command' && !/^(?:circ|degree|money|to|mod|bmod|pmod)$/.test(token.name));

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
