import type { Budget } from './budget.ts';
import { GaveUp } from './budget.ts';
import type { Expression } from '../read/expression.ts';
import { exactValue } from './exactValue.ts';
import { isInteger } from './rational.ts';

/** 2^255 − 19, a prime ≡ 1 (mod 4), so that −1 has a square root to represent i. */
const prime = (1n << 255n) - 19n;
const imaginary = modularPower(2n, (prime - 1n) / 4n);

function reduce(a: bigint): bigint {
	const r = a % prime;
	return r < 0n ? r + prime : r;
}

function modularPower(base: bigint, exponent: bigint): bigint {
	let result = 1n;
	let square = reduce(base);
	for (let left = exponent; left > 0n; left >>= 1n) {
		if (left & 1n) {
			result = (result * square) % prime;
		}
		square = (square * square) % prime;
	}
	return result;
}

/**
 * Returns the value assigned to a variable name at one evaluation point: spread over the whole field, and the same on
 * every run.
 */
export function fieldElement(name: string, point: number): bigint {
	const key = `${point} ${name}`;
	const known = elements.get(key);
	if (known !== undefined) {
		return known;
	}
	if (elements.size > 2000) {
		elements.clear();
	}
	const element = spread(name, point);
	elements.set(key, element);
	return element;
}

const elements = new Map<string, bigint>();

function spread(name: string, point: number): bigint {
	let seed = 0x9e3779b97f4a7c15n + BigInt(point) * 0xbf58476d1ce4e5b9n;
	for (let i = 0; i < name.length; i++) {
		seed = ((seed ^ BigInt(name.charCodeAt(i))) * 0x100000001b3n) & 0xffffffffffffffffn;
	}
	return modularPower(seed + 3n, 65537n);
}

/**
 * Returns the value of a rational expression (with i) at a point of the prime field, or undefined for any other kind of
 * expression. Two rational expressions that agree at random points of a field of this size are the same
 * (Schwartz–Zippel), however long their expansions and however large their numbers: 9^{9^9} costs a few hundred
 * multiplications.
 */
export const fieldValue = (expression: Expression, point: number, budget: Budget): bigint | undefined =>
	fieldValueAt(expression, point, none, budget);

const none: ReadonlyMap<string, bigint> = new Map();

/** {@link fieldValue} with some names bound to the elements passed in. */
export function fieldValueAt(
	expression: Expression,
	point: number,
	bound: ReadonlyMap<string, bigint>,
	budget: Budget,
): bigint | undefined {
	budget.spend(1);
	const value = (part: Expression): bigint | undefined => fieldValueAt(part, point, bound, budget);
	switch (expression.kind) {
		case 'number':
			return divide(expression.value.n, expression.value.d, budget);
		case 'symbol':
			return bound.get(expression.name) ?? fieldElement(expression.name, point);
		case 'constant':
			return expression.name === 'i' ? imaginary : undefined;
		case 'sum': {
			let total = 0n;
			for (const term of expression.terms) {
				const next = value(term);
				if (next === undefined) {
					return undefined;
				}
				total += next;
			}
			return reduce(total);
		}
		case 'product': {
			let total = 1n;
			for (const factor of expression.factors) {
				const next = value(factor);
				if (next === undefined) {
					return undefined;
				}
				total = (total * next) % prime;
			}
			return total;
		}
		case 'quotient': {
			const over = value(expression.over);
			const under = over === undefined ? undefined : value(expression.under);
			return over === undefined || under === undefined ? undefined : divide(over, under, budget);
		}
		case 'negative': {
			const of = value(expression.of);
			return of === undefined ? undefined : reduce(-of);
		}
		case 'percent': {
			const of = value(expression.of);
			return of === undefined ? undefined : divide(of, 100n, budget);
		}
		case 'power': {
			const exponent = exactValue(expression.exponent, budget);
			if (exponent === undefined || !isInteger(exponent)) {
				return undefined;
			}
			const base = value(expression.base);
			if (base === undefined) {
				return undefined;
			}
			budget.spend(30);
			const size = exponent.n < 0n ? -exponent.n : exponent.n;
			const raised = modularPower(base, size);
			return exponent.n < 0n ? divide(1n, raised, budget) : raised;
		}
		case 'application': {
			// An unknown function is a fixed random polynomial of degree 5 in each argument, so f(2) equals f(1 + 1).
			let total = fieldElement(`${expression.name}(`, 0);
			for (const [index, arg] of expression.args.entries()) {
				const x = value(arg);
				if (x === undefined) {
					return undefined;
				}
				total = (total + modularPower(x + fieldElement(`${expression.name}(${index}`, 0), 5n)) % prime;
			}
			return modularPower(total, 3n);
		}
		case 'call': {
			const factorial = expression.name === 'factorial' ? factorialOf(expression.args[0], budget) : undefined;
			const exact = factorial === undefined ? exactValue(expression, budget) : undefined;
			return factorial ?? (exact && divide(exact.n, exact.d, budget));
		}
		case 'series':
		case 'root': {
			const exact = exactValue(expression, budget);
			return exact && divide(exact.n, exact.d, budget);
		}
		default:
			return undefined;
	}
}

/** Returns n! in the field, for an n whose factorial is too large to write out. */
function factorialOf(of: Expression | undefined, budget: Budget): bigint | undefined {
	const n = of && exactValue(of, budget);
	if (n === undefined || !isInteger(n) || n.n < 500n || n.n > 100_000n) {
		return undefined;
	}
	budget.spend(Number(n.n));
	let product = 1n;
	for (let factor = 2n; factor <= n.n; factor++) {
		product = (product * factor) % prime;
	}
	return product;
}

function divide(over: bigint, under: bigint, budget: Budget): bigint {
	if (under === 1n) {
		return reduce(over);
	}
	budget.spend(20);
	const bottom = reduce(under);
	if (bottom === 0n) {
		throw new GaveUp('unsupported', 'division by zero');
	}
	return (reduce(over) * inverseOf(bottom)) % prime;
}

/** Uses the extended Euclidean algorithm. */
function inverseOf(a: bigint): bigint {
	let [r0, r1, s0, s1] = [prime, a, 0n, 1n];
	while (r1 !== 0n) {
		const q = r0 / r1;
		[r0, r1, s0, s1] = [r1, r0 - q * r1, s1, s0 - q * s1];
	}
	return reduce(s0);
}

/**
 * Returns the zeros in the field of a polynomial of degree one or two, which is defined by its values. Returns none if
 * the degree is different, a value is unknown, or the zeros are outside the field.
 */
export function fieldRoots(at: (x: bigint) => bigint | undefined, seed: bigint): bigint[] {
	const values = [0n, 1n, prime - 1n, reduce(seed)].map((x) => at(x));
	const [c, plus, minus, far] = values;
	if (c === undefined || plus === undefined || minus === undefined || far === undefined) {
		return [];
	}
	const half = inverseOf(2n);
	const a = reduce((plus + minus - 2n * c) * half);
	const b = reduce((plus - minus) * half);
	const x = reduce(seed);
	if (reduce(a * x * x + b * x + c) !== far) {
		return [];
	}
	if (a === 0n) {
		return b === 0n ? [] : [reduce(-c * inverseOf(b))];
	}
	const root = squareRoot(reduce(b * b - 4n * a * c));
	const scale = inverseOf(reduce(2n * a));
	return root === undefined ? [] : [reduce((root - b) * scale), reduce((-root - b) * scale)];
}

/** Works for a prime ≡ 5 (mod 8), such as this one. */
function squareRoot(a: bigint): bigint | undefined {
	const candidate = modularPower(a, (prime + 3n) / 8n);
	for (const root of [candidate, reduce(candidate * imaginary)]) {
		if (reduce(root * root) === a) {
			return root;
		}
	}
	return undefined;
}
