import { wilsonInterval, z95 } from './interval.ts';

/** For one question, how many of its n samples are right. */
export interface Tally {
	readonly samples: number;
	readonly right: number;
}

/**
 * Computes the probability that at least one of k samples is right, drawn without replacement from n samples of which c
 * are right: 1 − C(n−c, k) / C(n, k), the unbiased estimator of pass@k (Chen et al. 2021). `null` if k > n, because it
 * cannot be estimated then.
 */
export function passAtK(samples: number, right: number, k: number): number | null {
	if (k > samples || k < 1) {
		return null;
	}
	if (samples - right < k) {
		return 1;
	}
	// Computed as a product because the factorial of 64 exceeds the exact range of numbers.
	let missed = 1;
	for (let place = samples - right + 1; place <= samples; place++) {
		missed *= 1 - k / place;
	}
	return 1 - missed;
}

/**
 * Computes the mean of pass@k over questions, in [0, 1]; `null` if there are no questions or one has fewer than k
 * samples.
 */
export function meanPassAtK(tallies: readonly Tally[], k: number): number | null {
	return meanOf(tallies.map(({ samples, right }) => passAtK(samples, right, k)));
}

/** Computes avg@k: the mean over questions of the share of right samples. This is pass@1 estimated from all samples. */
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
 * Computes the 95% interval of the mean of per-question values in [0, 1]. Questions are the sampling unit, because
 * answers to one question are not independent. It is Wilson's interval with the number of trials that would vary as
 * much. If all values are 0 or 1, it equals Wilson's own interval; if the samples of a question disagree it is
 * narrower, but never narrower than for `samples` independent trials per question. `null` if there are no questions.
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

/**
 * Returns the number of independent trials, from `n` to `most`, whose mean varies as much as the mean of `n` values.
 */
function equivalentTrials(n: number, mean: number, spread: number, most: number): number {
	if (spread === 0 || n === 1) {
		return mean === 0 || mean === 1 ? n : most;
	}
	return Math.min(most, Math.max(n, (n * mean * (1 - mean)) / spread));
}
