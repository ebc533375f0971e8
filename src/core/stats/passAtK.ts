import { wilsonInterval, z95 } from './interval.ts';

/** One question: how many of its n samples are right. */
export interface Tally {
	readonly samples: number;
	readonly right: number;
}

/**
 * The probability that at least one of k samples drawn without replacement from n, of which c are right, is right: 1 −
 * C(n−c, k) / C(n, k), the unbiased estimator of pass@k (Chen et al. 2021). `null` if k > n, where it cannot be
 * estimated.
 */
export function passAtK(samples: number, right: number, k: number): number | null {
	if (k > samples || k < 1) {
		return null;
	}
	if (samples - right < k) {
		return 1;
	}
	// Computed as a product: factorials of 64 exceed the exact range of numbers.
	let missed = 1;
	for (let place = samples - right + 1; place <= samples; place++) {
		missed *= 1 - k / place;
	}
	return 1 - missed;
}

/** The mean of pass@k over questions, in [0, 1]; `null` without questions or if one has fewer than k samples. */
export function meanPassAtK(tallies: readonly Tally[], k: number): number | null {
	return meanOf(tallies.map(({ samples, right }) => passAtK(samples, right, k)));
}

/** avg@k: the mean over questions of the share of right samples; this is pass@1 estimated from all samples. */
export function meanAccuracy(tallies: readonly Tally[]): number | null {
	return meanPassAtK(tallies, 1);
}

function meanOf(values: readonly (number | null)[]): number | null {
	let sum = 0;
	for (const value of values) {
		if (value === null) {
			return null;
		}
		sum += value;
	}
	return values.length === 0 ? null : sum / values.length;
}

/**
 * 95 % interval of the mean of per-question values in [0, 1]. Questions are the sample, since answers to one question
 * are not independent. Wilson's interval with the number of trials that would vary as much: where values are 0 or 1 it
 * equals Wilson's own; where the samples of a question disagree it is narrower, but never narrower than `samples`
 * independent trials per question. `null` without questions.
 */
export function meanInterval(values: readonly number[], samples = 1, z = z95): [number, number] | null {
	const n = values.length;
	if (n === 0) {
		return null;
	}
	const mean = values.reduce((sum, value) => sum + value, 0) / n;
	const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
	const most = n * Math.max(1, samples);
	const trials = equivalentTrials(n, mean, spread, most);
	return wilsonInterval(mean * trials, trials, z);
}

/** How many independent trials, from `n` to `most`, have a mean that varies as much as that of `n` values. */
function equivalentTrials(n: number, mean: number, spread: number, most: number): number {
	if (spread === 0 || n === 1) {
		return mean === 0 || mean === 1 ? n : most;
	}
	return Math.min(most, Math.max(n, (n * mean * (1 - mean)) / spread));
}
