import type { Grade } from '../../core/ports/grader.ts';
import type { Budget } from '../number/budget.ts';
import { GaveUp } from '../number/budget.ts';
import { exactValue } from '../number/exactValue.ts';
import type { Expression } from '../read/expression.ts';
import { symbolsOf } from '../read/expression.ts';
import { fieldElement, fieldRoots, fieldValueAt } from '../number/finiteField.ts';
import type { Rational } from '../number/rational.ts';
import { compareRational, rational, times } from '../number/rational.ts';
import { no, sameValue, unsure, yes } from './sameValue.ts';
import type { Relation } from '../read/vocabulary.ts';

/** left − right */
export const difference = (left: Expression, right: Expression): Expression => ({
	kind: 'sum',
	terms: [left, { kind: 'negative', of: right }],
});

/**
 * Whether f = 0 and g = 0 are equivalent. They are if one is a constant multiple of the other, or if each vanishes on
 * the other's zeros; they are not if a zero of one is not a zero of the other. Zeros are chosen at random in a large
 * prime field, by solving for a variable of degree one or two.
 */
export function sameEquation(f: Expression, g: Expression, budget: Budget): Grade {
	const names = symbolsOf(f);
	const others = symbolsOf(g);
	if (names.size === 0 || others.size === 0) {
		return unsure('an equation without variables');
	}
	if ([...names].some((name) => !others.has(name)) || names.size !== others.size) {
		return no;
	}
	const scaled = proportional(f, g, budget);
	if (scaled?.equal === true) {
		return yes;
	}
	const there = vanishesOnZeros(f, g, [...names], budget);
	if (there === false) {
		return no;
	}
	const back = vanishesOnZeros(g, f, [...names], budget);
	if (back === false) {
		return no;
	}
	return there === true && back === true ? yes : unsure('equations that are no multiples of one another');
}

/** Whether f is a constant multiple of g; undefined if that cannot be determined. */
function proportional(f: Expression, g: Expression, budget: Budget): Grade | undefined {
	const values = [1, 2, 3].map(
		(point) => [fieldValueAt(f, point, new Map(), budget), fieldValueAt(g, point, new Map(), budget)] as const,
	);
	const [first] = values;
	if (
		values.every(([a, b]) => a !== undefined && b !== undefined) &&
		first?.[0] !== undefined &&
		first[1] !== undefined
	) {
		const [a, b] = [first[0], first[1]];
		return values.every(([c, d]) => fieldCross(a, d as bigint) === fieldCross(b, c as bigint)) ? yes : no;
	}
	try {
		const same = sameValue(f, g, budget);
		return same.equal === true ? same : sameValue(f, { kind: 'negative', of: g }, budget);
	} catch (error) {
		if (error instanceof GaveUp && error.kind !== 'deep') {
			return undefined;
		}
		throw error;
	}
}

const fieldCross = (a: bigint, b: bigint): bigint => (a * b) % ((1n << 255n) - 19n);

/**
 * Returns true if g is zero at every zero of f that was found, false if it is not zero at one of them, and undefined if
 * none was found.
 */
function vanishesOnZeros(f: Expression, g: Expression, names: readonly string[], budget: Budget): boolean | undefined {
	let found = false;
	for (const name of names) {
		for (let point = 11; point < 14; point++) {
			const along = (expression: Expression, x: bigint): bigint | undefined =>
				valueAlong(expression, name, x, point, budget);
			for (const zero of fieldRoots((x) => along(f, x), fieldElement(name, point))) {
				const value = along(g, zero);
				if (value === undefined) {
					return undefined;
				}
				if (value !== 0n) {
					return false;
				}
				found = true;
			}
		}
	}
	return found ? true : undefined;
}

function valueAlong(
	expression: Expression,
	name: string,
	x: bigint,
	point: number,
	budget: Budget,
): bigint | undefined {
	try {
		return fieldValueAt(expression, point, new Map([[name, x]]), budget);
	} catch (error) {
		if (error instanceof GaveUp && error.kind !== 'deep') {
			return undefined;
		}
		throw error;
	}
}

/** Compares inequalities in several variables as written: they are the same if they differ by a positive factor. */
export function sameInequality(
	f: Expression,
	relationF: Relation,
	g: Expression,
	relationG: Relation,
	budget: Budget,
): Grade {
	const names = [...new Set([...symbolsOf(f), ...symbolsOf(g)])];
	const values = [
		[3n, 7n, -5n],
		[-2n, 11n, 13n],
		[17n, -19n, 23n],
	].map((primes, point) => {
		const at = new Map(
			names.map((name, index): [string, Rational] => [
				name,
				rational((primes[index % 3] as bigint) + BigInt(7 * index * (point + 1))),
			]),
		);
		return [exactValue(f, budget, at), exactValue(g, budget, at)] as const;
	});
	const [first] = values;
	if (
		values.some(([a, b]) => a === undefined || b === undefined) ||
		first?.[0] === undefined ||
		first[1] === undefined
	) {
		return unsure('inequalities of no known kind');
	}
	const [a, b] = [first[0], first[1]];
	if (
		a.n === 0n ||
		b.n === 0n ||
		!values.every(([c, d]) => c !== undefined && d !== undefined && compareRational(times(a, d), times(b, c)) === 0)
	) {
		return no;
	}
	const opposite: Record<string, Relation> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=', '!=': '!=' };
	const expected = a.n < 0n === b.n < 0n ? relationG : opposite[relationG];
	return relationF === expected ? yes : no;
}
