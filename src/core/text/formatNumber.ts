const grouped = new Intl.NumberFormat('en');

/** A count with thousands separators: `12,345`. */
export function formatCount(value: number): string {
	return grouped.format(value);
}

/** A share in [0, 1] as `44.0 %`; a dash if it is unknown. */
export function formatPercent(share: number | null): string {
	return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** A share in [0, 1] as `44 %`, where a tenth would only be noise. */
export function formatWholePercent(share: number | null): string {
	return share === null ? '–' : `${Math.round(share * 100)} %`;
}

/** Dollars: `$0.0042`, `$3.10`, `$120`; less than a tenth of a cent is shown as such. */
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

/** Like {@link formatMoney}; `null` is shown as an unknown price. */
export function formatCost(dollars: number | null): string {
	return dollars === null ? 'price unknown' : formatMoney(dollars);
}
