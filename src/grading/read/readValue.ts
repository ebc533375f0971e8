import type { Expression } from './expression.ts';
import { negativeOf } from './expression.ts';
import type { Form } from './form.ts';
import { namedSet, numberWord, wordsOf } from './numberNames.ts';
import { parseExpression } from './parseExpression.ts';
import { wholeLine } from './readRegion.ts';
import { rational, times } from '../number/rational.ts';
import { NotAnExpression } from './tokenCursor.ts';
import { isMark } from './tokenGroups.ts';
import type { Token } from './tokens.ts';
import type { Unit } from './units.ts';
import { parseUnit } from './units.ts';

/** Words that may precede a value without changing it. */
const leading = new Set(
	(
		'the a an answer is are about approximately roughly exactly nearly around value of equals equal to ' +
		'total area volume length perimeter circumference probability sum product number radius diameter ' +
		'distance time speed cost price height width age it final result solution therefore so thus slope ' +
		'degree measure angle least most minimum maximum rs euros pounds sterling'
	).split(' '),
);

/** Reads 7 hours 30 minutes or 5 feet 6 inches: parts of the same dimension, summed in the unit of the first. */
export function readCompound(tokens: readonly Token[]): Form | undefined {
	const parts: { value: Expression; unit: Unit }[] = [];
	let number: Token[] = [];
	let words: string[] = [];
	for (const token of [...tokens, undefined]) {
		if (words.length > 0 && (token === undefined || token.kind === 'number')) {
			parts.push({ value: parseExpression(number), unit: parseUnit(words.join(' ')) });
			[number, words] = [[], []];
		}
		if (token?.kind === 'text') {
			words.push(token.text);
		} else if (token !== undefined && !isMark(token, ',') && !isMark(token, 'and')) {
			if (words.length > 0) {
				return undefined;
			}
			number.push(token);
		}
	}
	const [first] = parts;
	if (
		first === undefined ||
		parts.length < 2 ||
		number.length > 0 ||
		first.unit.dimension.startsWith('word:') ||
		parts.some((part) => part.unit.dimension !== first.unit.dimension) ||
		// 5 cm, 6 cm are two lengths.
		new Set(parts.map(({ unit }) => `${unit.size.n}/${unit.size.d}`)).size < parts.length
	) {
		return undefined;
	}
	const terms = parts.map(({ value, unit }): Expression => ({
		kind: 'product',
		factors: [value, { kind: 'number', value: times(unit.size, rational(first.unit.size.d, first.unit.size.n)) }],
	}));
	return { kind: 'value', value: { kind: 'sum', terms }, unit: first.unit };
}

/** Reads an expression, possibly followed by a unit or preceded by a few words. */
export function readValue(tokens: readonly Token[], source: string): Form {
	let end = tokens.length;
	let start = 0;
	const unitStart = tokens.findIndex((token, index) => index > 0 && isUnitStart(token, tokens[index - 1]));
	if (unitStart > 0) {
		end = unitStart;
	}
	for (
		let token = tokens[start];
		start < end && token?.kind === 'text' && !/^[A-Z]{2,4}$/.test(token.text);
		token = tokens[++start]
	) {
		if (!token.text.split(' ').every((word) => leading.has(word))) {
			return readWords(tokens, source) ?? { kind: 'opaque', reason: 'not understood' };
		}
	}
	const core = tokens.slice(start, end);
	if (core.length === 0) {
		return readWords(tokens, source) ?? { kind: 'opaque', reason: 'not understood' };
	}
	let unit: Unit | undefined;
	if (end < tokens.length) {
		const rest = tokens.slice(end);
		if (
			rest.some(
				(token) =>
					token.kind === 'relation' ||
					token.kind === 'begin' ||
					(token.kind === 'command' && token.name !== 'circ'),
			)
		) {
			throw new NotAnExpression('words within an expression');
		}
		unit = parseUnit(rest.map(textOf).join(' '));
		if (rest.some((token) => token.kind === 'number') && unit.dimension.startsWith('word:')) {
			throw new NotAnExpression('words within an expression');
		}
	}
	let value = parseExpression(core);
	if (core.some((token) => token.kind === 'command' && token.name === 'money')) {
		unit ??= parseUnit('dollars');
	}
	let mark: 'percent' | 'degree' | undefined;
	const stripped = stripMark(value);
	if (stripped !== undefined) {
		value = stripped.of;
		mark = stripped.kind;
	} else if (unit?.dimension === 'angle^1') {
		mark = 'degree';
		unit = undefined;
	} else if (/^word:(?:percent|pct)/.test(unit?.dimension ?? '')) {
		mark = 'percent';
		unit = undefined;
	}
	return { kind: 'value', value, ...(unit && unit.dimension !== '' ? { unit } : {}), ...(mark ? { mark } : {}) };
}

function stripMark(value: Expression): { kind: 'percent' | 'degree'; of: Expression } | undefined {
	if (value.kind === 'percent' || value.kind === 'degree') {
		return value;
	}
	if (value.kind === 'negative') {
		const inner = stripMark(value.of);
		return inner && { kind: inner.kind, of: negativeOf(inner.of) };
	}
	if (value.kind === 'product') {
		const last = value.factors.at(-1);
		const inner = last && stripMark(last);
		return (
			inner && { kind: inner.kind, of: { kind: 'product', factors: [...value.factors.slice(0, -1), inner.of] } }
		);
	}
	return undefined;
}

function isUnitStart(token: Token, before: Token | undefined): boolean {
	return (
		token.kind === 'text' && !(before?.kind === 'text' && before !== undefined) && !/^[A-Z]{2,4}$/.test(token.text)
	);
}

function textOf(token: Token): string {
	switch (token.kind) {
		case 'text':
			return token.text;
		case 'number':
			return token.digits;
		case 'letter':
		case 'command':
			return token.name;
		case 'mark':
			return token.mark;
		default:
			return '';
	}
}

/** Reads an answer in words: a number word, a named set, a name. */
export function readWords(tokens: readonly Token[], source: string): Form | undefined {
	const words = wordsOf(
		source !== ''
			? source
					.replace(/\\(?:text|mbox|textbf|textit|textrm|mathrm|textnormal)\b/g, ' ')
					.replace(/\\[a-zA-Z]+|\\./g, ' ')
			: tokens.map(textOf).join(' '),
	);
	if (words.length === 0 || !words.some((word) => /[a-z]/.test(word))) {
		return undefined;
	}
	const mixed = tokens.some((token) => token.kind !== 'text' && token.kind !== 'mark');
	const number = numberWord(words);
	if (number !== undefined) {
		return { kind: 'value', value: { kind: 'number', value: rational(BigInt(number)) } };
	}
	const named = namedSet(words);
	if (named !== undefined) {
		return named === 'empty' ? { kind: 'set', items: [] } : { kind: 'region', parts: [wholeLine] };
	}
	return { kind: 'words', words, ...(mixed ? { mixed } : {}) };
}
