import { halfBinomial, student95, studentTwoSided } from './distributions.ts';
import { exactBelow, pairedInterval } from './pairedInterval.ts';

/** One question's answers in one round that have a definite verdict: how many are right, and how many there are. */
export interface Score {
	readonly right: number;
	/** At least 1. */
	readonly of: number;
}

export interface Pair {
	readonly before: Score;
	readonly after: Score;
}

/** Two rounds compared on the same questions. Undefined numbers are null. */
export interface PairedChange {
	/** Number of questions compared. */
	readonly n: number;
	/** Mean share of answers that are right, in [0, 1]. */
	readonly before: number | null;
	readonly after: number | null;
	/** after − before. */
	readonly delta: number | null;
	readonly ci95: readonly [number, number] | null;
	/**
	 * Two-sided p-value for "no change". Exact, by swapping the two rounds of each question. With one answer per
	 * question this is McNemar's exact test.
	 */
	readonly p: number | null;
	/**
	 * McNemar's mid-p, only with one answer per question. It is less conservative: its error rate may slightly exceed
	 * 5%.
	 */
	readonly midP: number | null;
	/** Number of questions with more right answers after the change, and number with fewer. */
	readonly gained: number;
	readonly lost: number;
	/**
	 * How the interval was computed. `exact` and `score`: see pairedInterval.ts; `t`: paired t over questions with
	 * several answers each.
	 */
	readonly interval: 'exact' | 'score' | 't' | null;
}

/**
 * Computes the accuracy of two rounds on the same questions, with the interval and test of its change. The unit is the
 * question.
 */
export function pairedChange(pairs: readonly Pair[]): PairedChange {
	const n = pairs.length;
	if (n === 0) {
		return {
			n,
			before: null,
			after: null,
			delta: null,
			ci95: null,
			p: null,
			midP: null,
			gained: 0,
			lost: 0,
			interval: null,
		};
	}
	const differences = pairs.map(({ before, after }) => after.right / after.of - before.right / before.of);
	const before = pairs.reduce((sum, { before: score }) => sum + score.right / score.of, 0) / n;
	const delta = differences.reduce((sum, difference) => sum + difference, 0) / n;
	const gained = differences.filter((difference) => difference > 0).length;
	const lost = differences.filter((difference) => difference < 0).length;
	const common = { n, before, after: before + delta, delta, gained, lost };
	if (pairs.every((pair) => pair.before.of === 1 && pair.after.of === 1)) {
		const { exact, midP } = mcnemar(gained, lost);
		return {
			...common,
			ci95: pairedInterval({ n, gained, lost }),
			p: exact,
			midP,
			interval: n < exactBelow ? 'exact' : 'score',
		};
	}
	return {
		...common,
		ci95: meanInterval(pairs, differences),
		p: swapTest(pairs, differences),
		midP: null,
		interval: 't',
	};
}

/**
 * Performs McNemar's test of `gained` against `lost` (conditional on their sum), two-sided: exact, and mid-p (Lancaster
 * 1961; Fagerland, Lydersen and Laake 2013).
 */
export function mcnemar(gained: number, lost: number): { readonly exact: number; readonly midP: number } {
	if (gained + lost === 0) {
		// If no question changed, all the probability lies at the observed outcome, and counting half of it would
		// create evidence from nothing.
		return { exact: 1, midP: 1 };
	}
	const { atMost, equal } = halfBinomial(Math.min(gained, lost), gained + lost);
	const exact = Math.min(1, 2 * atMost);
	return { exact, midP: gained === lost ? 1 - equal / 2 : exact - equal };
}

/**
 * Computes the 95% interval of a mean difference by a paired t over questions. Below {@link exactBelow} questions, one
 * gained and one lost pseudo-question are added, each as large as the noise of one of k answers, as Bonett and Price
 * (2012) do for single answers. As a result, no interval has width 0.
 */
function meanInterval(pairs: readonly Pair[], differences: readonly number[]): [number, number] {
	const size = 1 / Math.sqrt(Math.min(...pairs.map(({ before, after }) => Math.min(before.of, after.of))));
	const values = differences.length < exactBelow ? [...differences, size, -size] : differences;
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
	const half = student95(values.length - 1) * Math.sqrt(variance / values.length);
	return [Math.max(-1, mean - half), Math.min(1, mean + half)];
}

/** Above this many operations the exact distribution takes too long, and the t distribution is just as good. */
const mostOperations = 2e7;

/**
 * The Fisher–Pitman test: if nothing changed, the two rounds of a question are interchangeable, so each difference is
 * equally likely to have either sign.
 */
function swapTest(pairs: readonly Pair[], differences: readonly number[]): number {
	const unit = pairs.reduce((so, { before, after }) => common(so, common(before.of, after.of)), 1);
	const sizes = differences.map((difference) => Math.round(Math.abs(difference) * unit)).filter((size) => size > 0);
	const all = sizes.reduce((sum, size) => sum + size, 0);
	const observed = Math.abs(Math.round(differences.reduce((sum, difference) => sum + difference, 0) * unit));
	if (sizes.length === 0 || observed === 0) {
		return 1;
	}
	if (!Number.isSafeInteger(unit) || sizes.length * all > mostOperations) {
		const n = differences.length;
		const mean = differences.reduce((sum, value) => sum + value, 0) / n;
		const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
		return studentTwoSided(mean / Math.sqrt(variance / n), n - 1);
	}
	// chances[s] is the probability that the positive parts of the differences so far, with random signs, sum to s.
	let chances = new Float64Array(all + 1);
	chances[0] = 1;
	let reached = 0;
	for (const size of sizes) {
		const next = new Float64Array(all + 1);
		for (let sum = 0; sum <= reached; sum++) {
			const half = (chances[sum] as number) / 2;
			next[sum] = (next[sum] as number) + half;
			next[sum + size] = (next[sum + size] as number) + half;
		}
		reached += size;
		chances = next;
	}
	let tail = 0;
	for (let sum = 0; sum <= all; sum++) {
		tail += Math.abs(2 * sum - all) >= observed ? (chances[sum] as number) : 0;
	}
	return Math.min(1, tail);
}

/** Returns the least common multiple. */
function common(left: number, right: number): number {
	let [a, b] = [left, right];
	while (b > 0) {
		[a, b] = [b, a % b];
	}
	return (left / a) * right;
}
