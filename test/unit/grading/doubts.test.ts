import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equivalentNow } from '../../../src/grading/createGrader.ts';
import { tokenize } from '../../../src/grading/read/tokenize.ts';

const integer = fc.integer({ min: -999, max: 999 }).map(String);
const value = fc.oneof(
	integer,
	fc.tuple(integer, fc.integer({ min: 2, max: 99 })).map(([n, d]) => `\\frac{${n}}{${d}}`),
	fc.integer({ min: 2, max: 99 }).map((n) => `\\sqrt{${n}}`),
	fc.integer({ min: 2, max: 99 }).map((n) => `${n}\\pi`),
	fc.tuple(fc.constantFrom('x', 'y', 'n'), integer).map(([v, n]) => `${v}^2 + ${n}`),
	integer.map((n) => `${n} \\text{ cm}`),
);
const answer = fc.oneof(
	value,
	fc.tuple(value, value).map(([a, b]) => `(${a}, ${b})`),
	fc.tuple(value, value).map(([a, b]) => `${a}, ${b}`),
	fc.tuple(value, value).map(([a, b]) => `\\{${a}, ${b}\\}`),
	integer.map((n) => `x = ${n}`),
	integer.map((n) => `x \\le ${n}`),
	fc.integer({ min: -99, max: 99 }).map((n) => `[${n}, ${n + 5})`),
	fc.tuple(value, value).map(([a, b]) => `\\begin{pmatrix} ${a} \\\\ ${b} \\end{pmatrix}`),
	fc.constantFrom('\\text{even}', 'C', '3:4', '4:30 \\text{ p.m.}', '1011_2', '\\emptyset', '\\text{Monday}'),
);

const letters = fc.string({
	unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
	minLength: 3,
	maxLength: 9,
});
const noise = fc.oneof(
	letters.map((name) => `\\zq${name} `),
	letters.map((name) => `\\zq${name}{} `),
	letters.map((name) => `\\zq${name}[2pt] `),
	letters.map((name) => ` \\text{zq${name}} `),
	letters.map((name) => ` zq${name} `),
	fc.constantFrom('?', '"', '¿', '•', '★', '@', ' \\& ', ' \\# ', '「', '¶', '\\_', '`', '…?', '\u200b', '☞'),
);

/** Returns the places between two tokens in an answer's text. */
function places(text: string): number[] {
	const found: number[] = [0, text.length];
	for (let at = 1; at < text.length; at++) {
		const [before, after] = [text[at - 1] as string, text[at] as string];
		const isInside = /[\w.\\]/.test(before) && /[\w.]/.test(after);
		const inCommand =
			/\\[A-Za-z]*$/.test(text.slice(0, at)) || /\\(?:text|begin|end)\{[^}]*$/.test(text.slice(0, at));
		if (!isInside && !inCommand) {
			found.push(at);
		}
	}
	return found;
}

test('an unknown command, stray word or odd punctuation mark never makes an equal pair different', () => {
	fc.assert(
		fc.property(answer, noise, fc.nat(), fc.boolean(), (text, stray, position, goldSide) => {
			const at = places(text);
			const place = at[position % at.length] as number;
			const odd = text.slice(0, place) + stray + text.slice(place);
			const [gold, other] = goldSide ? [odd, text] : [text, odd];
			assert.notEqual(equivalentNow(gold, other)?.equal, false, `${gold} and ${other}`);
		}),
		{ seed: 11, numRuns: 6000 },
	);
});

test('a stray piece on each side never makes an equal pair different', () => {
	fc.assert(
		fc.property(answer, noise, noise, fc.nat(), fc.nat(), (text, one, two, p, q) => {
			const at = places(text);
			const put = (stray: string, position: number): string => {
				const place = at[position % at.length] as number;
				return text.slice(0, place) + stray + text.slice(place);
			};
			const [gold, other] = [put(one, p), put(two, q)];
			assert.notEqual(equivalentNow(gold, other)?.equal, false, `${gold} and ${other}`);
		}),
		{ seed: 12, numRuns: 3000 },
	);
});

test('the tokenizer records a doubt for everything that it drops or guesses', () => {
	for (const text of ['42\\unknown', '4\\foo[2]{3}', '3 ★ 4', '\\begin{strange}5\\end{strange}', '\\cancel{3}5']) {
		assert.ok(tokenize(text).doubts.length > 0, text);
	}
	for (const text of [
		'42',
		'\\frac12',
		'(1, 2)',
		'\\phantom{0}42',
		'\\textcolor{red}{42}',
		'\\begin{pmatrix*}[r]1\\\\[4pt]2\\end{pmatrix*}',
	]) {
		assert.deepEqual(tokenize(text).doubts, [], text);
	}
});

test('a doubt turns a verdict of different into unsure, with the reason', () => {
	const { equal, reason } = equivalentNow('42', '43\\unknown') ?? {};
	assert.equal(equal, null);
	assert.match(reason ?? '', /\\unknown/);
	assert.equal(equivalentNow('42', '43')?.equal, false);
});
