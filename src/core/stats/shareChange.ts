import { wilsonInterval } from './interval.ts';

/** The difference of two independent shares, with its 95% interval. */
export interface ShareChange {
	/** The new share minus the old one, in [−1, 1]. */
	readonly difference: number;
	readonly interval: readonly [number, number];
}

/**
 * Computes the interval of a difference of two independent shares from their Wilson intervals (Newcombe 1998, method
 * 10). Each share is [successes, trials] with trials > 0.
 */
export function shareChange(
	[successes, trials]: readonly [number, number],
	[oldSuccesses, oldTrials]: readonly [number, number],
): ShareChange {
	const [share, old] = [successes / trials, oldSuccesses / oldTrials];
	const [low, high] = wilsonInterval(successes, trials);
	const [oldLow, oldHigh] = wilsonInterval(oldSuccesses, oldTrials);
	const difference = share - old;
	return {
		difference,
		interval: [
			difference - Math.hypot(share - low, oldHigh - old),
			difference + Math.hypot(high - share, old - oldLow),
		],
	};
}
