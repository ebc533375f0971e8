import type { Budget } from './budget.ts';
import { GaveUp } from './budget.ts';
import type { Expression } from '../read/expression.ts';
import type { Rational } from './rational.ts';
import {
	exactRoot,
	greatestCommonDivisor,
	isInteger,
	negated,
	one,
	plus,
	power,
	rational,
	sizeOf,
	times,
	zero,
} from './rational.ts';

/** Returns the exact value of an expression if it is a rational number, otherwise undefined. Uses the budget. */
export function exactValue(
	expression: Expression,
	budget: Budget,
	bound?: ReadonlyMap<string, Rational>,
): Rational | undefined {
	budget.spend(1);
	const value = (part: Expression): Rational | undefined => exactValue(part, budget, bound);
	const checked = (result: Rational): Rational => {
		budget.fits(sizeOf(result));
		return result;
	};
	switch (expression.kind) {
		case 'number':
			return expression.value;
		case 'symbol':
			return bound?.get(expression.name);
		case 'constant':
		case 'plusMinus':
		case 'application':
			return undefined;
		case 'sum': {
			let total = zero;
			for (const term of expression.terms) {
				const next = value(term);
				if (next === undefined) {
					return undefined;
				}
				total = checked(plus(total, next));
			}
			return total;
		}
		case 'product': {
			let total = one;
			for (const factor of expression.factors) {
				const next = value(factor);
				if (next === undefined) {
					return undefined;
				}
				total = checked(times(total, next));
			}
			return total;
		}
		case 'quotient': {
			const over = value(expression.over);
			const under = over && value(expression.under);
			return over === undefined || under === undefined || under.n === 0n
				? undefined
				: checked(times(over, rational(under.d, under.n)));
		}
		case 'negative': {
			const of = value(expression.of);
			return of && negated(of);
		}
		case 'percent': {
			const of = value(expression.of);
			return of && times(of, rational(1n, 100n));
		}
		case 'degree':
			return undefined;
		case 'power': {
			const base = value(expression.base);
			const exponent = base && value(expression.exponent);
			if (base === undefined || exponent === undefined) {
				return undefined;
			}
			if (!isInteger(exponent)) {
				const root = base.n >= 0n && exponent.d < 64n ? exactRoot(base, Number(exponent.d)) : undefined;
				return root && power(root, exponent.n, budget);
			}
			return power(base, exponent.n, budget);
		}
		case 'root': {
			const of = value(expression.of);
			const index = of && value(expression.index);
			if (of === undefined || index === undefined || !isInteger(index) || index.n < 2n || index.n > 64n) {
				return undefined;
			}
			budget.spend(20);
			if (of.n < 0n) {
				const root = index.n % 2n === 1n ? exactRoot(negated(of), Number(index.n)) : undefined;
				return root && negated(root);
			}
			return exactRoot(of, Number(index.n));
		}
		case 'series':
			return exactSeries(expression, budget, bound);
		case 'call': {
			const args: Rational[] = [];
			for (const arg of expression.args) {
				const next = value(arg);
				if (next === undefined) {
					return undefined;
				}
				args.push(next);
			}
			return exactCall(expression.name, args, budget);
		}
	}
}

/** Returns the integers over which a series runs; throws if it is too long even for the worker. */
export function seriesRange(from: Rational | undefined, to: Rational | undefined): [bigint, bigint] | undefined {
	if (from === undefined || to === undefined || !isInteger(from) || !isInteger(to)) {
		return undefined;
	}
	if (to.n - from.n > 2_000_000n) {
		throw new GaveUp('large', 'a series of too many terms');
	}
	return [from.n, to.n];
}

function exactSeries(
	series: Extract<Expression, { kind: 'series' }>,
	budget: Budget,
	bound?: ReadonlyMap<string, Rational>,
): Rational | undefined {
	const range = seriesRange(exactValue(series.from, budget, bound), exactValue(series.to, budget, bound));
	if (range === undefined) {
		return undefined;
	}
	let total = series.name === 'sum' ? zero : one;
	const inner = new Map(bound);
	for (let k = range[0]; k <= range[1]; k++) {
		inner.set(series.variable, rational(k));
		const next = exactValue(series.body, budget, inner);
		if (next === undefined) {
			return undefined;
		}
		total = series.name === 'sum' ? plus(total, next) : times(total, next);
		budget.fits(sizeOf(total));
	}
	return total;
}

function exactCall(name: string, args: readonly Rational[], budget: Budget): Rational | undefined {
	const [a, b] = args;
	if (a === undefined) {
		return undefined;
	}
	switch (name) {
		case 'abs':
			return a.n < 0n ? negated(a) : a;
		case 'floor':
			return rational(floor(a));
		case 'ceil':
			return rational(-floor(negated(a)));
		case 'factorial':
			return isInteger(a) && a.n >= 0n ? rational(rangeProduct(1n, a.n, 1n, budget)) : undefined;
		case 'doubleFactorial':
			return isInteger(a) && a.n >= 0n
				? rational(rangeProduct(a.n % 2n === 0n ? 2n : 1n, a.n, 2n, budget))
				: undefined;
		case 'binomial':
			return b === undefined ? undefined : binomial(a, b, budget);
		case 'min':
			return args.reduce((least, next) => (next.n * least.d < least.n * next.d ? next : least));
		case 'max':
			return args.reduce((most, next) => (next.n * most.d > most.n * next.d ? next : most));
		case 'gcd':
			return args.every(isInteger)
				? rational(args.reduce((common, next) => greatestCommonDivisor(common, next.n), 0n))
				: undefined;
		case 'lcm':
			return args.every((arg) => isInteger(arg) && arg.n !== 0n)
				? rational(args.reduce((common, next) => (common * next.n) / greatestCommonDivisor(common, next.n), 1n))
				: undefined;
		case 'mod':
			return b !== undefined && isInteger(a) && isInteger(b) && b.n > 0n
				? rational(((a.n % b.n) + b.n) % b.n)
				: undefined;
		case 're':
			return a;
		case 'im':
			return zero;
		case 'log':
			return b !== undefined || a.n > 0n ? exactLogarithm(a, b ?? rational(10n), budget) : undefined;
		case 'ln':
			return a.n === 1n && a.d === 1n ? zero : undefined;
		default:
			return undefined;
	}
}

const floor = (a: Rational): bigint => (a.n >= 0n || a.n % a.d === 0n ? a.n / a.d : a.n / a.d - 1n);

function rangeProduct(from: bigint, to: bigint, step: bigint, budget: Budget): bigint {
	if (to > 2_000_000n) {
		throw new GaveUp('large', 'a factorial too large to write out');
	}
	const n = Number(to);
	budget.fits(n * Math.log2(n + 2));
	let product = 1n;
	for (let k = from; k <= to; k += step) {
		product *= k;
		budget.spend(1);
	}
	return product;
}

function binomial(n: Rational, k: Rational, budget: Budget): Rational | undefined {
	if (!isInteger(n) || !isInteger(k) || n.n < 0n) {
		return undefined;
	}
	if (k.n < 0n || k.n > n.n) {
		return zero;
	}
	const small = k.n * 2n > n.n ? n.n - k.n : k.n;
	if (small > 100_000n) {
		throw new GaveUp('large', 'a binomial too large to write out');
	}
	let result = 1n;
	for (let i = 1n; i <= small; i++) {
		result = (result * (n.n - small + i)) / i;
		budget.spend(1);
		budget.fits(Number(i) * 4);
	}
	return rational(result);
}

/**
 * Returns the logarithm of a power of the base: log_2 8 = 3. Others, such as log_4 8 = 3/2, are left to the numeric
 * comparison.
 */
function exactLogarithm(a: Rational, base: Rational, budget: Budget): Rational | undefined {
	if (!isInteger(base) || base.n < 2n || a.n <= 0n) {
		return undefined;
	}
	const inverted = a.n === 1n && a.d > 1n;
	let left = inverted ? a.d : a.n;
	if (!inverted && a.d !== 1n) {
		return undefined;
	}
	let exponent = 0n;
	while (left % base.n === 0n) {
		left /= base.n;
		exponent += 1n;
		budget.spend(1);
	}
	return left === 1n ? rational(inverted ? -exponent : exponent) : undefined;
}
