import { GaveUp } from '../number/budget.ts';
import type { Expression } from './expression.ts';
import type { Form, FormOf, Interval } from './form.ts';
import { inOrderOfNames } from './form.ts';
import { NotAnExpression } from './tokenCursor.ts';
import { groupEnd, isMark, splitAt, trimTokens } from './tokenGroups.ts';
import { parseExpression } from './parseExpression.ts';
import { formulasInProse } from './formulasInProse.ts';
import { readMatrix } from './readMatrix.ts';
import { readRelation } from './readRelation.ts';
import { intersection, readRegion } from './readRegion.ts';
import { plainText } from './plainText.ts';
import { rational } from '../number/rational.ts';
import { trimCharacters } from '../../core/text/trimCharacters.ts';
import { afterCopula, withoutLabel, withoutSurroundings } from './surroundings.ts';
import type { Ambiguity, Readings, Token } from './tokens.ts';
import { tokenize } from './tokenize.ts';
import { layoutEnvironments } from './vocabulary.ts';
import { numberWord } from './numberNames.ts';
import { readCompound, readValue, readWords } from './readValue.ts';
import { readChoice, readTime } from './readSpecial.ts';

/** Length of the longest answer that is read as mathematics; longer ones are compared as text. */
export const longestAnswer = 4000;

export interface ReadAnswer {
	readonly form: Form;
	/** The ambiguities for which the answer has another reading. */
	readonly ambiguities: ReadonlySet<Ambiguity>;
	/** What was dropped or guessed. Each doubt is a reason not to call this answer different from another one. */
	readonly doubts: readonly string[];
	/** The condition attached to the answer, as text. */
	readonly condition?: string;
}

/** State shared by the parts of one answer while it is read. */
interface Context {
	/** Text of the whole answer, for answers in words. */
	readonly source: string;
	readonly doubts: string[];
}

/** Reads a final answer. Never throws: a text that is not understood is returned as `opaque`. */
export function readAnswer(answer: string, readings: Readings = {}): ReadAnswer {
	if (answer.length > longestAnswer) {
		return { form: { kind: 'opaque', reason: 'too long to read' }, ambiguities: new Set(), doubts: [] };
	}
	const text = unquoted(trimCharacters(plainText(answer), '*`_ ').replace(/(?<=\d )x(?= \d)/g, '\\times'));
	const doubts: string[] = [];
	const special =
		readTime(text) ??
		readChoice(text, (rest) => {
			const read = readAnswer(rest, readings);
			doubts.push(...read.doubts);
			return read.form;
		});
	if (special !== undefined) {
		return { form: special, ambiguities: new Set(), doubts };
	}
	const formulas = formulasInProse(text);
	if (formulas !== undefined) {
		return readFormulas(formulas, readings);
	}
	const cut = tokenize(text, readings);
	doubts.push(...cut.doubts);
	const core = withoutSurroundings(trimTokens(cut.tokens));
	doubts.push(...core.doubts);
	const whole = core.tokens.length === cut.tokens.length;
	const form = readWhole(core.tokens, { source: whole ? text : '', doubts });
	return {
		form,
		ambiguities: cut.ambiguities,
		doubts,
		...(core.condition === undefined ? {} : { condition: core.condition }),
	};
}

/** Removes quotes: '42', "42" and ''42'' are 42. */
function unquoted(text: string): string {
	return /^["']/.test(text) && /["']\.?$/.test(text) ? trimCharacters(text, '"\' .') : text;
}

function readFormulas({ formulas, plain }: { formulas: string[]; plain: boolean }, readings: Readings): ReadAnswer {
	const read = formulas.map((formula) => readAnswer(formula, readings));
	const opaque = read.find(({ form }) => form.kind === 'opaque')?.form;
	return {
		form: opaque ?? { kind: 'list', items: read.map(({ form }) => form) },
		ambiguities: new Set(read.flatMap(({ ambiguities }) => [...ambiguities])),
		doubts: [...read.flatMap(({ doubts }) => doubts), ...(plain ? [] : ['words between the formulas'])],
	};
}

/** Reads a whole answer. If it is a sentence that is not understood, reads what follows its last "is". */
function readWhole(tokens: readonly Token[], context: Context): Form {
	const labelled = withoutLabel(tokens);
	const separate = (token: Token): boolean => isMark(token, ',') || isMark(token, ';');
	if (labelled !== undefined && splitAt(tokens, separate).length === 1) {
		return readWhole(labelled.rest, { ...context, source: '' });
	}
	const form = readForm(tokens, context, 0);
	const after = form.kind === 'opaque' || form.kind === 'words' ? afterCopula(tokens) : undefined;
	const predicate = after && readForm(after, { source: '', doubts: context.doubts }, 1);
	if (predicate === undefined || predicate.kind === 'opaque' || predicate.kind === 'words') {
		return form;
	}
	context.doubts.push('words before the answer');
	return predicate;
}

/** Reads tokens as a form. */
function readForm(all: readonly Token[], context: Context, depth: number): Form {
	try {
		if (depth > 12) {
			return { kind: 'opaque', reason: 'nested too deeply' };
		}
		return readTokens(trimTokens(all), context, depth);
	} catch (error) {
		if (error instanceof NotAnExpression) {
			const asWords =
				all.some((token) => token.kind === 'text') &&
				!all.some(
					(token) =>
						token.kind === 'command' ||
						token.kind === 'begin' ||
						token.kind === 'relation' ||
						isMark(token, '…'),
				);
			return (
				(asWords ? readWords(all, context.source) : undefined) ?? { kind: 'opaque', reason: 'not understood' }
			);
		}
		if (error instanceof GaveUp) {
			return { kind: 'opaque', reason: error.message };
		}
		throw error;
	}
}

function readTokens(tokens: readonly Token[], context: Context, depth: number): Form {
	const { source } = context;
	const first = tokens[0];
	if (first === undefined) {
		return { kind: 'opaque', reason: 'empty' };
	}
	const words = tokens.every(
		(token) => token.kind === 'text' || (token.kind === 'mark' && "-',.andor".includes(token.mark)),
	)
		? readWords(tokens, source)
		: undefined;
	if (words !== undefined) {
		return words;
	}
	const inner = (part: readonly Token[]): Form => readForm(part, { source: '', doubts: context.doubts }, depth + 1);
	if (first.kind === 'begin' && layoutEnvironments.has(first.name) && groupEnd(tokens, 0) === tokens.length - 1) {
		return readList(tokens, rowsOf(first.name, tokens.slice(1, -1)), '', inner);
	}
	// A list of several answers.
	const compound =
		tokens.filter((token) => token.kind === 'text').length > 1 && tokens[0]?.kind === 'number'
			? readCompound(tokens)
			: undefined;
	if (compound !== undefined) {
		return compound;
	}
	const items = splitAt(
		tokens,
		(token) => isMark(token, ';') || isMark(token, 'or') || isMark(token, 'and') || isMark(token, ','),
	);
	if (items.length > 1) {
		return readGroups(tokens, context, inner) ?? readList(tokens, items, source, inner);
	}
	const labelled = withoutLabel(tokens);
	if (labelled !== undefined) {
		const left: Expression = { kind: 'symbol', name: labelled.label };
		return { kind: 'equation', name: labelled.label, left, right: inner(labelled.rest) };
	}
	const relation = readRelation(tokens, inner, (what) => context.doubts.push(what));
	if (relation !== undefined) {
		return relation;
	}
	const region = readRegion(tokens, inner);
	if (region !== undefined) {
		return region;
	}
	const matrix = readMatrix(tokens);
	if (matrix !== undefined) {
		return matrix;
	}
	return (
		readBracketed(tokens, inner) ??
		readScaledTuple(tokens, inner) ??
		readBase(tokens) ??
		readRatio(tokens) ??
		readValue(tokens, source)
	);
}

/** Returns the rows of a cases or aligned environment; a row that begins with a relation continues the previous one. */
function rowsOf(environment: string, tokens: readonly Token[]): Token[][] {
	const rows = splitAt(tokens, (token) => isMark(token, '\\\\'));
	if (/cases$/.test(environment)) {
		return rows;
	}
	const joined: Token[][] = [];
	for (const row of rows) {
		const bare = row.filter((token) => !isMark(token, '&'));
		const before = joined.at(-1);
		if (before !== undefined && bare[0]?.kind === 'relation') {
			before.push(...bare);
		} else {
			joined.push(bare);
		}
	}
	return joined;
}

/**
 * Reads p = 5, q = 2; p = 7, q = 2 as pairs in the order of their names, and 1, 2; 3, 4 as lists. Returns undefined if
 * semicolons (or "or") do not separate groups of equal length.
 */
function readGroups(
	tokens: readonly Token[],
	context: Context,
	inner: (part: readonly Token[]) => Form,
): Form | undefined {
	const comma = (token: Token): boolean => isMark(token, ',') || isMark(token, 'and');
	for (const separator of [';', 'or']) {
		const groups = splitAt(tokens, (token) => isMark(token, separator)).map((group) =>
			splitAt(trimTokens(group), comma).filter((item) => item.length > 0),
		);
		const size = groups[0]?.length ?? 0;
		if (groups.length < 2 || size < 2 || groups.some((group) => group.length !== size)) {
			continue;
		}
		const read = groups.map((group) => group.map(inner));
		if (read.flat().some((item) => item.kind === 'opaque')) {
			return undefined;
		}
		const tuples = read.map(tupleByNames);
		if (tuples.every((tuple) => tuple !== undefined)) {
			return { kind: 'list', items: tuples as Form[] };
		}
		if (separator === ';') {
			context.doubts.push('lists within a list');
			return { kind: 'list', items: read.map((items): Form => ({ kind: 'list', items })) };
		}
	}
	return undefined;
}

function tupleByNames(items: readonly Form[]): Form | undefined {
	const ordered = inOrderOfNames(items);
	return ordered && { kind: 'tuple', open: '(', close: ')', items: ordered };
}

function readList(
	tokens: readonly Token[],
	items: readonly (readonly Token[])[],
	source: string,
	inner: (part: readonly Token[]) => Form,
): Form {
	const filled = items.filter((item) => item.length > 0);
	const read = filled.map(inner);
	if (read.some((item) => item.kind === 'opaque')) {
		return readWords(tokens, source) ?? { kind: 'opaque', reason: 'a list with a part not understood' };
	}
	// x > 1 and x < 3; x < 1 or x > 3
	const regions = read.filter((item): item is FormOf<'region'> => item.kind === 'region' && item.name !== undefined);
	if (regions.length === read.length && read.length > 1) {
		const [left, right] = regions;
		const apart = tokens.some((token) => isMark(token, 'or')) || regions.length !== 2 || left?.name !== right?.name;
		const common =
			apart || left?.parts.length !== 1 || right?.parts.length !== 1
				? undefined
				: intersection(left.parts[0] as Interval, right.parts[0] as Interval);
		// "x < 1 and x > 3" would have no common part, so both pieces are meant.
		return common
			? { kind: 'region', name: left?.name ?? 'x', parts: [common] }
			: { kind: 'region', name: regions[0]?.name ?? 'x', parts: regions.flatMap((region) => region.parts) };
	}
	return read.length === 1 && read[0] ? read[0] : { kind: 'list', items: shareName(read) };
}

/**
 * Applies shared parts to all items: x = 1, 2 gives x twice, and the unit at the end of "6, 8 and 10 cm" belongs to all
 * three numbers.
 */
function shareName(items: readonly Form[]): readonly Form[] {
	const [first, ...rest] = items;
	if (
		first?.kind === 'equation' &&
		first.name !== undefined &&
		rest.length > 0 &&
		rest.every((item) => item.kind === 'value')
	) {
		return [first.right, ...rest];
	}
	return items;
}

function readBracketed(tokens: readonly Token[], inner: (part: readonly Token[]) => Form): Form | undefined {
	const first = tokens[0];
	const last = tokens.at(-1);
	if (first?.kind !== 'mark' || last?.kind !== 'mark' || groupEnd(tokens, 0) !== tokens.length - 1) {
		return undefined;
	}
	const content = tokens.slice(1, -1);
	if (first.mark === '\\{' || first.mark === '{') {
		if (first.mark === '{' && splitAt(content, (token) => isMark(token, ',')).length < 2) {
			return inner(content);
		}
		const builder = splitAt(content, (token) => isMark(token, '|') || isMark(token, ':'));
		if (builder.length === 2 && builder[1]?.some((token) => token.kind === 'relation')) {
			return inner(builder[1]);
		}
		const items =
			trimTokens(content).length === 0
				? []
				: splitAt(content, (token) => isMark(token, ',') || isMark(token, ';')).map(inner);
		return items.some((item) => item.kind === 'opaque')
			? { kind: 'opaque', reason: 'a set with a part not understood' }
			: { kind: 'set', items };
	}
	if (!'([⟨'.includes(first.mark)) {
		return undefined;
	}
	const items = splitAt(content, (token) => isMark(token, ',') || isMark(token, ';'));
	if (items.length < 2) {
		// (5) is 5, and so is [5].
		return first.mark === '⟨' ? { kind: 'tuple', open: '(', close: ')', items: [inner(content)] } : inner(content);
	}
	const read = items.map(inner);
	if (read.some((item) => item.kind === 'opaque')) {
		return { kind: 'opaque', reason: 'a tuple with a part not understood' };
	}
	const angle = first.mark === '⟨';
	return { kind: 'tuple', open: angle ? '(' : first.mark, close: angle ? ')' : last.mark, items: read };
}

/** Reads −(1, 2) and 3(1, 2), multiplying each part; undefined for anything else. */
function readScaledTuple(tokens: readonly Token[], inner: (part: readonly Token[]) => Form): Form | undefined {
	const open = tokens.findIndex((token) => isMark(token, '('));
	if (open < 1 || groupEnd(tokens, open) !== tokens.length - 1) {
		return undefined;
	}
	const tuple = readBracketed(tokens.slice(open), inner);
	const before = tokens.slice(0, open).filter((token, index) => index === 0 || !isMark(token, '*'));
	const letters = before.some((token) => token.kind === 'letter' || token.kind === 'text');
	if (tuple?.kind !== 'tuple' || letters || tuple.items.some((item) => item.kind !== 'value')) {
		return undefined;
	}
	const scale = parseExpression(before.length === 1 && isMark(before[0], '-') ? [...before, oneToken] : before);
	const scaled = (item: Form): Form =>
		item.kind === 'value' ? { ...item, value: { kind: 'product', factors: [scale, item.value] } } : item;
	return { ...tuple, items: tuple.items.map(scaled) };
}

const oneToken: Token = { kind: 'number', value: rational(1n), digits: '1', spaced: false };

/** Reads a numeral with a base: 1011_2, 2B_{16}, A5_{11}. */
function readBase(tokens: readonly Token[]): Form | undefined {
	const at = tokens.findIndex((token) => isMark(token, '_'));
	if (at < 1) {
		return undefined;
	}
	const sign = isMark(tokens[0], '-') ? '-' : '';
	let digits = '';
	for (const token of tokens.slice(sign === '' ? 0 : 1, at)) {
		if (token.kind === 'number' && token.value.d === 1n) {
			digits += token.digits;
		} else if (token.kind === 'letter' && /^[A-Z]$/.test(token.name) && digits !== '') {
			digits += token.name;
		} else if (
			token.kind === 'letter' &&
			/^[A-Z]$/.test(token.name) &&
			tokens.slice(1, at).some((other) => other.kind === 'number')
		) {
			digits += token.name;
		} else if (token.kind === 'text' && /^[A-F]+$/.test(token.text)) {
			digits += token.text;
		} else if (!(token.kind === 'mark' && (token.mark === '(' || token.mark === ')'))) {
			return undefined;
		}
	}
	const base = tokens
		.slice(at + 1)
		.filter((token) => !(token.kind === 'mark' && (token.mark === '{' || token.mark === '}')));
	const [only] = base;
	const number = base.length === 1 && only !== undefined ? numberOf(only) : undefined;
	if (number === undefined || number < 2 || number > 36 || digits === '') {
		return undefined;
	}
	return { kind: 'base', digits: `${sign}${digits.replace(/^0+(?=.)/, '')}`, base: number };
}

function numberOf(token: Token): number | undefined {
	if (token.kind === 'number') {
		return Number(token.digits);
	}
	return token.kind === 'text' ? numberWord([token.text]) : undefined;
}

function readRatio(tokens: readonly Token[]): Form | undefined {
	const parts = splitAt(tokens, (token) => isMark(token, ':'));
	return parts.length > 1 ? { kind: 'ratio', parts: parts.map((part) => parseExpression(part)) } : undefined;
}
