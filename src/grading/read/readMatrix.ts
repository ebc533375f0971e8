import type { Expression } from './expression.ts';
import type { Form } from './form.ts';
import { parseExpression } from './parseExpression.ts';
import { isMark, splitAt } from './tokenGroups.ts';
import type { Token } from './tokens.ts';

const matrices = new Set(['pmatrix', 'bmatrix', 'matrix', 'Bmatrix', 'smallmatrix', 'array']);

/** One matrix, with a scalar before or after it; undefined for anything else. */
export function readMatrix(tokens: readonly Token[]): Form | undefined {
	const begin = tokens.findIndex((token) => token.kind === 'begin');
	const end = tokens.findIndex((token) => token.kind === 'end');
	const opening = tokens[begin];
	if (
		begin < 0 ||
		end < begin ||
		opening?.kind !== 'begin' ||
		!matrices.has(opening.name) ||
		tokens.slice(end + 1).some((token) => token.kind === 'begin')
	) {
		return undefined;
	}
	let before = tokens.slice(0, begin);
	let after = tokens.slice(end + 1);
	// \left[\begin{array}…\end{array}\right] and ( … )
	while (
		before.length > 0 &&
		after.length > 0 &&
		[
			['(', ')'],
			['[', ']'],
			['\\{', '\\}'],
			['{', '}'],
		].some(([open, close]) => isMark(before.at(-1), open as string) && isMark(after[0], close as string))
	) {
		before = before.slice(0, -1);
		after = after.slice(1);
	}
	const rows = splitAt(tokens.slice(begin + 1, end), (token) => isMark(token, '\\\\'))
		.filter((row) => row.length > 0)
		.map((row) => splitAt(row, (token) => isMark(token, '&')).map((cell) => parseExpression(cell)));
	if (after.length > 0 && isMark(after[0], '^')) {
		if (after.length === 2 && after[1]?.kind === 'letter' && after[1].name === 'T') {
			return {
				kind: 'matrix',
				rows: (rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? zeroCell)),
			};
		}
		return { kind: 'opaque', reason: 'a power of a matrix' };
	}
	const scalars = [before, after].filter((part) => part.length > 0 && !(part.length === 1 && isMark(part[0], '*')));
	if (scalars.length === 0) {
		return { kind: 'matrix', rows };
	}
	const factors = scalars.map((part) =>
		part.length === 1 && isMark(part[0], '-')
			? minusOne
			: parseExpression(
					part.filter((token, index) => !(isMark(token, '*') && (index === 0 || index === part.length - 1))),
				),
	);
	return {
		kind: 'matrix',
		rows: rows.map((row) => row.map((cell) => ({ kind: 'product', factors: [...factors, cell] }))),
	};
}

const zeroCell: Expression = { kind: 'number', value: { n: 0n, d: 1n } };
const minusOne: Expression = { kind: 'number', value: { n: -1n, d: 1n } };
