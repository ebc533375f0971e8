import type { Expression } from './expression.ts';
import { negativeOf } from './expression.ts';
import type { Form } from './form.ts';
import { parseExpression } from './parseExpression.ts';
import { NotAnExpression } from './tokenCursor.ts';
import { groupEnd, isMark, splitAt, trimTokens } from './tokenGroups.ts';
import type { Token } from './tokens.ts';

const environments = new Set([
	'pmatrix',
	'bmatrix',
	'matrix',
	'Bmatrix',
	'smallmatrix',
	'psmallmatrix',
	'bsmallmatrix',
	'array',
	'tabular',
]);
/** Products of matrices are computed as long as they have at most this many cells in total. */
const mostCells = 2000;

type Rows = readonly (readonly Expression[])[];
type Factor = { readonly rows: Rows } | { readonly scalar: Expression };

/** Reads a matrix, and computes sums and products of matrices and scalars; undefined for anything else. */
export function readMatrix(tokens: readonly Token[]): Form | undefined {
	if (!tokens.some((token) => token.kind === 'begin' && environments.has(token.name))) {
		return undefined;
	}
	const terms = signedTerms(tokens);
	const read = terms.map(({ negative, tokens: term }) => {
		const rows = product(factorsOf(term));
		return negative ? scaled(rows, { kind: 'number', value: { n: -1n, d: 1n } }) : rows;
	});
	return { kind: 'matrix', rows: read.reduce(sum) };
}

/** Returns the terms of a sum outside all brackets, with their signs. */
function signedTerms(tokens: readonly Token[]): { negative: boolean; tokens: Token[] }[] {
	const terms: { negative: boolean; tokens: Token[] }[] = [];
	let negative = false;
	for (const part of splitAtSigns(tokens)) {
		if (part === '-' || part === '+') {
			negative = part === '-' ? !negative : negative;
		} else {
			terms.push({ negative, tokens: part });
			negative = false;
		}
	}
	return terms;
}

function splitAtSigns(tokens: readonly Token[]): (Token[] | '+' | '-')[] {
	const parts: (Token[] | '+' | '-')[] = [];
	let rest = tokens;
	for (const part of splitAt(tokens, (token) => isMark(token, '+') || isMark(token, '-'))) {
		if (part.length > 0) {
			parts.push(part);
		}
		const sign = rest[part.length];
		if (sign !== undefined) {
			parts.push(isMark(sign, '-') ? '-' : '+');
		}
		rest = rest.slice(part.length + 1);
	}
	return parts;
}

/**
 * Returns the factors of a term: matrices (possibly in brackets, transposed or raised to a power) and what is between
 * them.
 */
function factorsOf(tokens: readonly Token[]): Factor[] {
	const factors: Factor[] = [];
	let scalar: Token[] = [];
	const flush = (): void => {
		const bare = scalar.filter(
			(token, index) => !(isMark(token, '*') && (index === 0 || index === scalar.length - 1)),
		);
		if (bare.length > 0) {
			factors.push({ scalar: parseExpression(bare) });
		}
		scalar = [];
	};
	for (let at = 0; at < tokens.length; at++) {
		const token = tokens[at] as Token;
		const end = token.kind === 'begin' || bracketed(token) ? groupEnd(tokens, at) : -1;
		const group = end < 0 ? [] : tokens.slice(at, end + 1);
		if (!group.some((each) => each.kind === 'begin' && environments.has(each.name))) {
			scalar.push(token);
			continue;
		}
		flush();
		const inner = token.kind === 'begin' ? undefined : readMatrix(trimTokens(group.slice(1, -1)));
		const rows = inner?.kind === 'matrix' ? inner.rows : rowsOf(group);
		const raised = exponentAt(tokens, end + 1);
		factors.push({ rows: raised === undefined ? rows : power(rows, raised.exponent) });
		at = end + (raised?.length ?? 0);
	}
	flush();
	return factors;
}

const bracketed = (token: Token): boolean => token.kind === 'mark' && ['(', '[', '{'].includes(token.mark);

function rowsOf(group: readonly Token[]): Rows {
	const rows = splitAt(group.slice(1, -1), (token) => isMark(token, '\\\\'))
		.filter((row) => row.length > 0)
		.map((row) => splitAt(row, (token) => isMark(token, '&')).map((cell) => parseExpression(cell)));
	if (rows.some((row) => row.length !== rows[0]?.length)) {
		throw new NotAnExpression('rows of different lengths');
	}
	return rows;
}

/** Reads ^T, ^2 or ^{3} after a matrix and counts its tokens. */
function exponentAt(tokens: readonly Token[], at: number): { exponent: 'T' | number; length: number } | undefined {
	if (!isMark(tokens[at], '^')) {
		return undefined;
	}
	const braced = isMark(tokens[at + 1], '{') && isMark(tokens[at + 3], '}');
	const token = tokens[at + (braced ? 2 : 1)];
	const length = braced ? 4 : 2;
	if (token?.kind === 'letter' && token.name === 'T') {
		return { exponent: 'T', length };
	}
	if (token?.kind === 'number' && token.value.d === 1n && token.value.n >= 1n && token.value.n <= 8n) {
		return { exponent: Number(token.value.n), length };
	}
	throw new NotAnExpression('a power of a matrix');
}

function power(rows: Rows, exponent: 'T' | number): Rows {
	if (exponent === 'T') {
		return (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] as Expression));
	}
	return Array.from({ length: exponent }, () => rows).reduce(times);
}

function product(factors: readonly Factor[]): Rows {
	let rows: Rows | undefined;
	for (const factor of factors) {
		if ('rows' in factor) {
			rows = rows === undefined ? factor.rows : times(rows, factor.rows);
		}
	}
	if (rows === undefined) {
		throw new NotAnExpression('a matrix and a number in one sum');
	}
	return factors.reduce<Rows>((all, factor) => ('scalar' in factor ? scaled(all, factor.scalar) : all), rows);
}

const scaled = (rows: Rows, by: Expression): Rows =>
	rows.map((row) =>
		row.map((cell) =>
			by.kind === 'number' && by.value.n === -1n && by.value.d === 1n
				? negativeOf(cell)
				: { kind: 'product', factors: [by, cell] },
		),
	);

function sum(a: Rows, b: Rows): Rows {
	if (a.length !== b.length || a[0]?.length !== b[0]?.length) {
		throw new NotAnExpression('matrices of different sizes added');
	}
	return a.map((row, i) => row.map((cell, j) => ({ kind: 'sum', terms: [cell, b[i]?.[j] as Expression] })));
}

function times(a: Rows, b: Rows): Rows {
	if (a[0]?.length !== b.length) {
		throw new NotAnExpression('matrices that cannot be multiplied');
	}
	if (a.length * b.length * (b[0]?.length ?? 0) > mostCells) {
		throw new NotAnExpression('matrices too large to multiply');
	}
	return a.map((row) =>
		(b[0] ?? []).map((_, column) => ({
			kind: 'sum',
			terms: row.map((cell, k): Expression => ({
				kind: 'product',
				factors: [cell, b[k]?.[column] as Expression],
			})),
		})),
	);
}
