const grouped = new Intl.NumberFormat('en');

/** Formats a count with thousands separators: `12,345`. */
export function formatCount(value: number): string {
	return grouped.format(value);
}

/** Formats a share in [0, 1] as `44.0 %`, or as a dash if it is unknown. */
export function formatPercent(share: number | null): string {
	return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** Formats a share in [0, 1] as `44 %`, where a tenth would only be noise. */
export function formatWholePercent(share: number | null): string {
	return share === null ? '–' : `${Math.round(share * 100)} %`;
}

/** Formats dollars: `$0.0042`, `$3.10`, `$120`. Less than a tenth of a cent is shown as such. */
export function formatMoney(dollars: number): string {
	if (dollars > 0 && dollars < 0.001) {
		return '<$0.001';
	}
	if (dollars >= 100) {
		return `$${formatCount(Math.round(dollars))}`;
	}
	if (dollars >= 0.1 || dollars === 0) {
		return `$${dollars.toFixed(2)}`;
	}
	return `$${dollars.toPrecision(2)}`;
}

/** Like {@link formatMoney}, but shows `null` as an unknown price. */
export function formatCost(dollars: number | null): string {
	return dollars === null ? 'price unknown' : formatMoney(dollars);
}
