/** Formats a signed change in percentage points: `+6.7`, `−0.4`. */
export function formatPoints(difference: number | null, digits = 1): string {
	if (difference === null) {
		return '–';
	}
	const shown = Math.abs(difference * 100).toFixed(digits);
	return Number(shown) === 0 ? shown : `${difference < 0 ? '−' : '+'}${shown}`;
}

/** Formats a range of changes: `−1.2 to +5.4`. */
export function formatRange(interval: readonly [number, number] | null): string {
	return interval === null ? '–' : `${formatPoints(interval[0])} to ${formatPoints(interval[1])}`;
}

/** Formats a p-value: `0.031`, `< 0.001`. */
export function formatPValue(p: number | null): string {
	if (p === null) {
		return '–';
	}
	return p < 0.001 ? '< 0.001' : p.toFixed(3);
}
