const grouped = new Intl.NumberFormat('en');

/** `12,345`. */
export function countWords(value: number): string {
	return grouped.format(value);
}

/** `44.0 %` of a share in 0–1; an unknown one is a dash. */
export function percentWords(share: number | null): string {
	return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

/** `44 %`, for where a tenth would only be noise. */
export function wholePercentWords(share: number | null): string {
	return share === null ? '–' : `${Math.round(share * 100)} %`;
}

/** Dollars: `$0.0042`, `$3.10`, `$120`; what is under a tenth of a cent is just that. */
export function moneyWords(dollars: number): string {
	if (dollars > 0 && dollars < 0.001) {
		return '<$0.001';
	}
	return dollars >= 100
		? `$${countWords(Math.round(dollars))}`
		: dollars >= 0.1 || dollars === 0
			? `$${dollars.toFixed(2)}`
			: `$${dollars.toPrecision(2)}`;
}

/** As {@link moneyWords}; an unknown price is said to be. */
export function costWords(dollars: number | null): string {
	return dollars === null ? 'price unknown' : moneyWords(dollars);
}
