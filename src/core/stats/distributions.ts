/** Computes ln Γ(x) for x > 0 by Lanczos' approximation (1964), with a relative error below 1e-13. */
export function logGamma(x: number): number {
	const coefficients = [
		676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
		-0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
	];
	if (x < 0.5) {
		return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
	}
	const base = x + 6.5;
	const sum = coefficients.reduce((so, coefficient, at) => so + coefficient / (x + at), 0.9999999999998099);
	return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

/** Computes the regularised incomplete beta function I_x(a, b) by Lentz's continued fraction; x is in [0, 1]. */
export function incompleteBeta(x: number, a: number, b: number): number {
	if (x <= 0 || x >= 1) {
		return x <= 0 ? 0 : 1;
	}
	if (x > (a + 1) / (a + b + 2)) {
		return 1 - incompleteBeta(1 - x, b, a);
	}
	const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
	const tiny = 1e-300;
	let c = 1;
	let d = 1 / (Math.abs(1 - ((a + b) * x) / (a + 1)) < tiny ? tiny : 1 - ((a + b) * x) / (a + 1));
	let fraction = d;
	for (let m = 1; m < 10_000; m++) {
		let change = 1;
		for (const term of [
			(m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
			(-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
		]) {
			d = 1 / nonZero(1 + term * d, tiny);
			c = nonZero(1 + term / c, tiny);
			change = c * d;
			fraction *= change;
		}
		if (Math.abs(change - 1) < 1e-14) {
			break;
		}
	}
	return front * fraction;
}

function nonZero(value: number, tiny: number): number {
	return Math.abs(value) < tiny ? tiny : value;
}

/** Computes P(|T| ≥ |t|) for Student's t distribution. */
export function studentTwoSided(t: number, degrees: number): number {
	return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Returns the 97.5% point of Student's t distribution, for two-sided 95% intervals. */
export function student95(degrees: number): number {
	return bisect((t) => studentTwoSided(t, degrees) < 0.05, 0, 20 / Math.min(1, degrees));
}

/**
 * Bisects for the point where a condition that is false at `low` and true at `high` becomes true, to within 1e-10 of
 * their distance.
 */
export function bisect(holds: (value: number) => boolean, low: number, high: number): number {
	const end = Math.abs(high - low) * 1e-10;
	while (Math.abs(high - low) > end) {
		const middle = (low + high) / 2;
		if (holds(middle)) {
			high = middle;
		} else {
			low = middle;
		}
	}
	return (low + high) / 2;
}

/** Computes P(X ≤ k) and P(X = k) for X ~ Binomial(n, ½), 0 ≤ k ≤ n. */
export function halfBinomial(k: number, n: number): { readonly atMost: number; readonly equal: number } {
	let equal = 2 ** -n;
	for (let at = 1; at <= k && n <= 500; at++) {
		equal *= (n - k + at) / at;
	}
	if (n > 500) {
		equal = Math.exp(logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) - n * Math.LN2);
	}
	let term = equal;
	let atMost = 0;
	for (let at = k; at >= 0 && term > atMost * 1e-17; at--) {
		atMost += term;
		term *= at / (n - at + 1);
	}
	return { atMost: Math.min(1, atMost), equal };
}

/**
 * Holm's step-down procedure (1979): returns p-values adjusted for their family, in input order. If all null hypotheses
 * are true, at most 5% of families contain a value below 0.05.
 */
export function holm(pValues: readonly number[]): number[] {
	const order = pValues
		.map((_, at) => at)
		.sort((left, right) => (pValues[left] as number) - (pValues[right] as number));
	const adjusted = new Array<number>(pValues.length);
	let least = 0;
	order.forEach((at, place) => {
		least = Math.max(least, Math.min(1, (pValues[at] as number) * (pValues.length - place)));
		adjusted[at] = least;
	});
	return adjusted;
}
