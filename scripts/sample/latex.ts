export function gcd(a: number, b: number): number {
	return b === 0 ? Math.abs(a) : gcd(b, a % b);
}

export function lcm(a: number, b: number): number {
	return Math.abs(a * b) / gcd(a, b);
}

/** Returns n/d in lowest terms: `7`, `\frac{3}{4}` or `-\frac{3}{4}`. */
export function frac(n: number, d: number): string {
	const g = gcd(n, d) * Math.sign(d);
	const [a, b] = [n / g, d / g];
	return b === 1 ? String(a) : `${a < 0 ? '-' : ''}\\frac{${Math.abs(a)}}{${b}}`;
}

/** Returns `+ 3` or `- 3`, to append to an expression. */
export function plus(n: number): string {
	return n < 0 ? `- ${-n}` : `+ ${n}`;
}

/** Returns a multiple of x: `3x`, `x`, `-x`. */
export function times(n: number, x: string): string {
	if (n === 1) {
		return x;
	}
	return n === -1 ? `-${x}` : `${n}${x}`;
}

/** Returns a multiple of x to append to an expression: `+ 3x`, `- x`. */
export function plusTimes(n: number, x: string): string {
	return n < 0 ? `- ${times(-n, x)}` : `+ ${times(n, x)}`;
}

/** Returns `ax + b`, without terms that are 0. */
export function linear(a: number, b: number, x = 'x'): string {
	if (a === 0) {
		return String(b);
	}
	return b === 0 ? times(a, x) : `${times(a, x)} ${plus(b)}`;
}

/** Puts brackets around a negative number. */
export function inBrackets(n: number): string {
	return n < 0 ? `(${n})` : String(n);
}

/** Returns [a, b] with √n = a√b and square-free b. */
export function root(n: number): [number, number] {
	for (let a = Math.floor(Math.sqrt(n)); a > 1; a--) {
		if (n % (a * a) === 0) {
			return [a, n / (a * a)];
		}
	}
	return [1, n];
}

/** Returns √n in LaTeX, simplified. */
export function sqrt(n: number): string {
	const [a, b] = root(n);
	return b === 1 ? String(a) : `${a === 1 ? '' : a}\\sqrt{${b}}`;
}

/** Returns the primes and their exponents, in order. */
export function factors(n: number): [number, number][] {
	const result: [number, number][] = [];
	for (let p = 2; p * p <= n; p++) {
		let e = 0;
		for (; n % p === 0; n /= p) {
			e++;
		}
		if (e > 0) {
			result.push([p, e]);
		}
	}
	return n > 1 ? [...result, [n, 1]] : result;
}

/** Returns a factorization in LaTeX: `2^3 \cdot 3 \cdot 5^2`. */
export function factored(list: readonly (readonly [number, number])[]): string {
	return list.map(([p, e]) => (e === 1 ? String(p) : `${p}^${e}`)).join(' \\cdot ');
}

export function factorial(n: number): number {
	return n <= 1 ? 1 : n * factorial(n - 1);
}

export function choose(n: number, k: number): number {
	return k < 0 || k > n ? 0 : Math.round(factorial(n) / factorial(k) / factorial(n - k));
}

/** Returns the whole numbers from `low` to `high`. */
export function range(low: number, high: number): number[] {
	return Array.from({ length: Math.max(0, high - low + 1) }, (_, i) => low + i);
}

export function sum(list: readonly number[]): number {
	return list.reduce((a, b) => a + b, 0);
}
