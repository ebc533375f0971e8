import type { Budget } from './budget.ts';
import { bitLength } from './budget.ts';

/** n/d in lowest terms, d > 0. */
export interface Rational {
	readonly n: bigint;
	readonly d: bigint;
}

function gcd(a: bigint, b: bigint): bigint {
	let x = a < 0n ? -a : a;
	let y = b < 0n ? -b : b;
	while (y > 0n) {
		[x, y] = [y, x % y];
	}
	return x;
}

export { gcd as greatestCommonDivisor };

/** Returns n/d in lowest terms; d must not be 0. */
export function rational(n: bigint, d = 1n): Rational {
	if (d === 1n) {
		return { n, d };
	}
	const common = gcd(n, d);
	const sign = d < 0n ? -1n : 1n;
	return { n: (sign * n) / common, d: (sign * d) / common };
}

export const zero = rational(0n);
export const one = rational(1n);

/** Returns the exact value of ASCII `digits`: 12, 0.5, .5, 12. */
export function fromDecimal(digits: string): Rational {
	const [whole = '', part = ''] = digits.split('.');
	return part === ''
		? rational(BigInt(whole === '' ? '0' : whole))
		: rational(BigInt(`${whole}${part}`), 10n ** BigInt(part.length));
}

export const plus = (a: Rational, b: Rational): Rational =>
	a.d === b.d ? rational(a.n + b.n, a.d) : rational(a.n * b.d + b.n * a.d, a.d * b.d);
export const times = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d);
export const negated = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const isInteger = (a: Rational): boolean => a.d === 1n;
export const equalRational = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
/** Returns the sign of a − b. */
export function compareRational(a: Rational, b: Rational): number {
	const left = a.n * b.d;
	const right = b.n * a.d;
	if (left < right) {
		return -1;
	}
	return left > right ? 1 : 0;
}
export const sizeOf = (a: Rational): number => bitLength(a.n) + bitLength(a.d);

/**
 * Returns a to an integer power, or undefined for 0 to a negative power. Throws if the result exceeds the budget's
 * bits.
 */
export function power(a: Rational, exponent: bigint, budget: Budget): Rational | undefined {
	if (exponent < 0n) {
		return a.n === 0n ? undefined : power(rational(a.d, a.n), -exponent, budget);
	}
	if (exponent === 0n || equalRational(a, one)) {
		return one;
	}
	const bits = Math.max(1, sizeOf(a) - 1) * Number(exponent);
	if (a.n !== 0n && !(a.d === 1n && a.n === -1n)) {
		budget.fits(bits);
	} else {
		return a.n === 0n ? zero : rational(exponent % 2n === 0n ? 1n : -1n);
	}
	return { n: a.n ** exponent, d: a.d ** exponent };
}

/** Returns the exact n-th root (n ≥ 2) of a ≥ 0, or undefined if it is irrational. */
export function exactRoot(a: Rational, n: number): Rational | undefined {
	const top = integerRoot(a.n, n);
	const bottom = integerRoot(a.d, n);
	return top ** BigInt(n) === a.n && bottom ** BigInt(n) === a.d ? { n: top, d: bottom } : undefined;
}

/** Returns ⌊a^(1/n)⌋ for a ≥ 0, by Newton's method. */
export function integerRoot(a: bigint, n: number): bigint {
	if (a < 2n) {
		return a;
	}
	const k = BigInt(n);
	let x = 1n << BigInt(Math.ceil(bitLength(a) / n) + 1);
	for (;;) {
		const next = ((k - 1n) * x + a / x ** (k - 1n)) / k;
		if (next >= x) {
			return x;
		}
		x = next;
	}
}
