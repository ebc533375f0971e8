/** The 97.5% point of the normal distribution, for two-sided 95% intervals. */
export const z95 = 1.959963984540054;

/**
 * Computes Wilson's score interval (1927) for `successes` out of `trials`, in [0, 1]; returns [0, 1] without trials.
 */
export function wilsonInterval(successes: number, trials: number, z = z95): [number, number] {
	if (trials === 0) {
		return [0, 1];
	}
	const share = successes / trials;
	const square = (z * z) / trials;
	const middle = (share + square / 2) / (1 + square);
	const half = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials));
	// Rounding must not move an end past an observed share of 0 or 1.
	return [successes === 0 ? 0 : Math.max(0, middle - half), successes === trials ? 1 : Math.min(1, middle + half)];
}
