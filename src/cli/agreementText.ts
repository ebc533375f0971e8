import type { Agreement, Rate } from '../core/stats/agreement.ts';
import { formatPercent } from '../core/text/formatNumber.ts';

/** Formats a share with its counts and its 95 % interval. */
export function formatRate({ hits, of, rate, ci95: [low, high] }: Rate): string {
	return rate === null
		? 'unknown'
		: `${formatPercent(rate)} (${hits} of ${of}; ${formatPercent(low)}–${formatPercent(high)})`;
}

/** Formats kappa with its 95 % interval, where there is one. */
export function formatKappa({ kappa, kappa95 }: Agreement): string {
	if (kappa === null) {
		return '–';
	}
	const interval = kappa95 === null ? '' : ` (${kappa95[0].toFixed(2)}–${kappa95[1].toFixed(2)})`;
	return `${kappa.toFixed(2)}${interval}`;
}
