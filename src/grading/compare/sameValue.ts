import type { Verdict } from '../../core/questions/answer.ts';
import type { Grade } from '../../core/ports/grader.ts';
import type { Point } from '../number/approximate.ts';
import { approximate, symbolValue } from '../number/approximate.ts';
import type { Budget } from '../number/budget.ts';
import { bitLength, GaveUp } from '../number/budget.ts';
import { exactValue } from '../number/exactValue.ts';
import type { Expression, Written } from '../read/expression.ts';
import { infinitySign, partsOf, someWhere, symbolsOf } from '../read/expression.ts';
import { fieldValue } from '../number/finiteField.ts';
import type { Complex } from '../number/fixedPoint.ts';
import { FixedPoint } from '../number/fixedPoint.ts';
import type { Rational } from '../number/rational.ts';
import { compareRational, equalRational } from '../number/rational.ts';

export const yes: Grade = { equal: true };
export const no: Grade = { equal: false };
export const unsure = (reason: string): Grade => ({ equal: null, reason });
export const grade = (equal: Verdict, reason: string): Grade => (equal === null ? unsure(reason) : { equal });

/**
 * Whether two expressions are the same number or the same function. Throws {@link GaveUp} when the budget is exhausted.
 */
export function sameValue(a: Expression, b: Expression, budget: Budget): Grade {
	const infinities: readonly [number, number] = [infinitySign(a), infinitySign(b)];
	if (infinities[0] !== 0 || infinities[1] !== 0) {
		return grade(infinities[0] === infinities[1], '');
	}
	const names = symbolsOf(a);
	const others = symbolsOf(b);
	if (names.size === 0 && others.size === 0) {
		return sameNumber(a, b, budget);
	}
	const rationalVerdict = sameInField(a, b, budget);
	if (rationalVerdict !== undefined) {
		return rationalVerdict;
	}
	others.forEach((name) => names.add(name));
	return sameAtPoints(a, b, names, budget);
}

function sameInField(a: Expression, b: Expression, budget: Budget): Grade | undefined {
	for (let point = 1; point <= 2; point++) {
		const left = fieldValue(a, point, budget);
		const right = left === undefined ? undefined : fieldValue(b, point, budget);
		if (left === undefined || right === undefined) {
			return undefined;
		}
		if (left !== right) {
			return no;
		}
	}
	return yes;
}

/** Returns how a decimal was written if the whole expression is one decimal, with at most a sign. */
function writtenOf(expression: Expression): Written | undefined {
	if (expression.kind === 'negative') {
		return writtenOf(expression.of);
	}
	return expression.kind === 'number' ? expression.written : undefined;
}

function sameNumber(a: Expression, b: Expression, budget: Budget): Grade {
	const left = tryExact(a, budget);
	const right = left === 'large' ? 'large' : tryExact(b, budget);
	const writtenA = writtenOf(a);
	const writtenB = writtenOf(b);
	if (left !== undefined && left !== 'large' && right !== undefined && right !== 'large') {
		return equalRational(left, right) && !writtenA?.open && !writtenB?.open
			? yes
			: closeDecimals(left, right, writtenA, writtenB);
	}
	const settled = sameInField(a, b, budget);
	if (settled !== undefined) {
		return settled;
	}
	const precision = precisionFor(a, b);
	if (precision === undefined) {
		return unsure('numbers too large to work out');
	}
	const verdict = sameAt(a, b, precision, new Map(), budget);
	const written = writtenA ?? writtenB;
	if (verdict.equal === false && written !== undefined && (writtenA === undefined || writtenB === undefined)) {
		const decimal = writtenA === undefined ? right : left;
		const exact = approximate(
			writtenA === undefined ? a : b,
			new FixedPoint(256, budget),
			{ symbols: new Map(), logBase: 'ten' },
			budget,
		);
		if (decimal !== undefined && decimal !== 'large' && new FixedPoint(256, budget).isReal(exact)) {
			return roundedGrade(decimal, { n: exact.re, d: 1n << 256n }, written);
		}
	}
	return verdict;
}

function tryExact(expression: Expression, budget: Budget): Rational | undefined | 'large' {
	try {
		return exactValue(expression, budget);
	} catch (error) {
		if (error instanceof GaveUp && error.kind === 'large') {
			return 'large';
		}
		throw error;
	}
}

/** Compares two rational numbers, at least one of which was written as a decimal. */
function closeDecimals(a: Rational, b: Rational, writtenA: Written | undefined, writtenB: Written | undefined): Grade {
	if (writtenA === undefined && writtenB === undefined) {
		return no;
	}
	if (writtenA !== undefined && writtenB !== undefined) {
		const [short, long, written] = writtenA.places <= writtenB.places ? [a, b, writtenA] : [b, a, writtenB];
		return isNoise(a, b, Math.max(writtenA.places, writtenB.places)) ? yes : roundedGrade(short, long, written);
	}
	const written = writtenA ?? (writtenB as Written);
	const [decimal, exact] = writtenA === undefined ? [b, a] : [a, b];
	return roundedGrade(decimal, exact, written);
}

/**
 * Grades a decimal that is the exact value rounded or cut to its number of places. With six places or more it is equal,
 * as is floating-point noise; with five significant digits or more it is unsure; with fewer it is another number: 0.333
 * is not 1/3.
 */
function roundedGrade(decimal: Rational, exact: Rational, written: Written): Grade {
	const difference = absolute({ n: decimal.n * exact.d - exact.n * decimal.d, d: decimal.d * exact.d });
	if (difference.n === 0n && !written.open) {
		return yes;
	}
	const size = absolute(exact);
	const within = (limit: Rational): boolean => compareRational(difference, limit) <= 0;
	if (isNoise(decimal, exact, written.places)) {
		return yes;
	}
	const step = 10n ** BigInt(Math.min(written.places, 1000));
	const terminates = (exact.n * step) % exact.d === 0n;
	if (terminates && !written.open) {
		return no;
	}
	const cut = compareRational(absolute(decimal), size) <= 0 && compareRational(difference, { n: 1n, d: step }) < 0;
	const rounded = within({ n: 1n, d: 2n * step });
	if (!cut && !(rounded && !written.open)) {
		return no;
	}
	const digits = absolute({ n: decimal.n * step, d: decimal.d });
	const significant = (digits.n / digits.d).toString().length;
	if (written.places >= 6 && significant >= 4) {
		return yes;
	}
	if (written.open && written.places >= 3) {
		return yes;
	}
	return significant >= 5 || written.open ? unsure('a rounded decimal against an exact value') : no;
}

/** Whether numbers with ten places or more agree to one part in 10^12, the error of floating-point arithmetic. */
function isNoise(a: Rational, b: Rational, places: number): boolean {
	const difference = absolute({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });
	const size = absolute(b);
	return places >= 10 && compareRational(difference, { n: size.n, d: size.d * 10n ** 12n }) <= 0;
}

const absolute = (a: Rational): Rational => (a.n < 0n ? { n: -a.n, d: a.d } : a);

/**
 * Returns enough binary places to distinguish the numbers in these expressions from nearby ones; undefined if that is
 * too many.
 */
function precisionFor(a: Expression, b: Expression): number | undefined {
	const bits = Math.max(sizeIn(a), sizeIn(b));
	return bits > 6000 ? undefined : 320 + 2 * Math.ceil(bits / 64) * 64;
}

/** Estimates the number of bits of the largest number in an expression. */
function sizeIn(expression: Expression): number {
	const parts = partsOf(expression).map(sizeIn);
	const most = Math.max(0, ...parts);
	switch (expression.kind) {
		case 'number':
			return Math.max(0, bitLength(expression.value.n) + bitLength(expression.value.d) - 16);
		case 'product':
		case 'quotient':
			return parts.reduce((sum, part) => sum + part, 0);
		case 'power': {
			const exponent =
				expression.exponent.kind === 'number'
					? Math.abs(Number(expression.exponent.value.n)) / Number(expression.exponent.value.d)
					: 8;
			const base = expression.base.kind === 'number' ? bitLength(expression.base.value.n) : 8;
			return exponent > 16 ? exponent * (most + base) : most * Math.max(1, exponent);
		}
		case 'call':
			return expression.name === 'factorial' || expression.name === 'binomial' ? most + 256 : most;
		default:
			return most;
	}
}

function sameAt(
	a: Expression,
	b: Expression,
	bits: number,
	symbols: ReadonlyMap<string, Complex>,
	budget: Budget,
): Grade {
	const field = new FixedPoint(bits, budget);
	const verdict = (logBase: Point['logBase']): boolean => {
		const left = approximate(a, field, { symbols, logBase }, budget);
		const right = approximate(b, field, { symbols, logBase }, budget);
		if (field.isTiny(left) && field.isTiny(right)) {
			throw new GaveUp('unsupported', 'tiny');
		}
		return field.close(left, right);
	};
	try {
		if (verdict('ten')) {
			return yes;
		}
		const bare = (part: Expression): boolean =>
			part.kind === 'call' && part.name === 'log' && part.args.length === 1;
		return (someWhere(a, bare) || someWhere(b, bare)) && verdict('e')
			? unsure('equal only if log means the natural logarithm')
			: no;
	} catch (error) {
		if (error instanceof GaveUp && error.message === 'tiny') {
			// The difference is either a zero written as a long expression or a very small number; more places decide
			// which.
			return bits < 2000 ? sameAt(a, b, 2048, symbols, budget) : yes;
		}
		if (error instanceof GaveUp && error.kind !== 'deep') {
			return unsure(error.message);
		}
		throw error;
	}
}

/**
 * Compares two functions for which there is no exact method: at seeded points, positive and negative, to a hundred
 * digits.
 */
function sameAtPoints(a: Expression, b: Expression, names: ReadonlySet<string>, budget: Budget): Grade {
	const field = new FixedPoint(320, budget);
	let equal = 0;
	let differs = 0;
	let partial = 0;
	let reason = 'no point where both have a value';
	for (let point = 1; point <= 8; point++) {
		const symbols = new Map(
			[...names].map((name, index): [string, Complex] => {
				const value = symbolValue(name, point, field);
				const flipped = point > 4 && ((point >> (index % 3)) & 1) === 1;
				return [name, flipped ? field.negate(value) : value];
			}),
		);
		try {
			const left = approximate(a, field, { symbols, logBase: 'ten' }, budget);
			const right = approximate(b, field, { symbols, logBase: 'ten' }, budget);
			if (field.isReal(left) && field.isReal(right)) {
				if (!field.close(left, right)) {
					return no;
				}
				equal++;
			} else if (field.close(left, right)) {
				equal++;
			} else if (field.isReal(left) !== field.isReal(right)) {
				partial++;
			} else {
				differs++;
			}
		} catch (error) {
			if (!(error instanceof GaveUp) || error.kind === 'deep') {
				throw error;
			}
			reason = error.message;
		}
	}
	if (equal >= 3 && differs + partial === 0) {
		return yes;
	}
	if (equal === 0 && differs + partial > 0) {
		return no;
	}
	return unsure(equal > 0 ? 'equal only where both are real' : reason);
}
