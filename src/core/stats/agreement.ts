import { wilsonInterval, z95 } from './interval.ts';

/** Yes/no decisions of two raters on the same n items. */
export interface TwoByTwo {
	readonly both: number;
	readonly onlyFirst: number;
	readonly onlySecond: number;
	readonly neither: number;
}

export interface Agreement {
	readonly n: number;
	/** Share of items on which both raters agree; `null` if there are no items. */
	readonly observed: number | null;
	/**
	 * Of the items to which at least one rater says yes, the share to which both do; `null` if neither ever says yes.
	 */
	readonly overlap: number | null;
	/**
	 * Cohen's kappa (1960); `null` if both raters always give the same answer, so that there is no chance agreement to
	 * exceed.
	 */
	readonly kappa: number | null;
	/** 95% interval of kappa; `null` if there is too little data for a reliable interval. */
	readonly kappa95: readonly [number, number] | null;
}

/**
 * Minimum data for a normal-approximation confidence interval for kappa: this many items, and this many of each rater's
 * rarer answer.
 */
const enoughThings = 30;
const enoughOfEach = 5;

/** Computes observed agreement and Cohen's kappa with the large-sample interval of Fleiss, Cohen and Everitt (1969). */
export function agreement(table: TwoByTwo): Agreement {
	const { both, onlyFirst, onlySecond, neither } = table;
	const n = both + onlyFirst + onlySecond + neither;
	const either = both + onlyFirst + onlySecond;
	const kappa = cohenKappa(table);
	const first = both + onlyFirst;
	const second = both + onlySecond;
	const rarest = Math.min(first, n - first, second, n - second);
	const spread = kappa === null || n < enoughThings || rarest < enoughOfEach ? null : z95 * kappaError(table, kappa);
	return {
		n,
		observed: n === 0 ? null : (both + neither) / n,
		overlap: either === 0 ? null : both / either,
		kappa,
		kappa95: kappa === null || spread === null ? null : [Math.max(-1, kappa - spread), Math.min(1, kappa + spread)],
	};
}

/** Computes (observed − expected) / (1 − expected); `null` if the expected agreement is 1. */
export function cohenKappa({ both, onlyFirst, onlySecond, neither }: TwoByTwo): number | null {
	const n = both + onlyFirst + onlySecond + neither;
	if (n === 0) {
		return null;
	}
	const first = (both + onlyFirst) / n;
	const second = (both + onlySecond) / n;
	const expected = first * second + (1 - first) * (1 - second);
	return expected === 1 ? null : ((both + neither) / n - expected) / (1 - expected);
}

/** Computes the standard error of kappa (Fleiss, Cohen and Everitt 1969, eq. 13). */
function kappaError({ both, onlyFirst, onlySecond, neither }: TwoByTwo, kappa: number): number {
	const n = both + onlyFirst + onlySecond + neither;
	const cells = [
		[both / n, onlyFirst / n],
		[onlySecond / n, neither / n],
	] as const;
	const rows = [cells[0][0] + cells[0][1], cells[1][0] + cells[1][1]] as const;
	const columns = [cells[0][0] + cells[1][0], cells[0][1] + cells[1][1]] as const;
	const expected = rows[0] * columns[0] + rows[1] * columns[1];
	let variance = -((kappa - expected * (1 - kappa)) ** 2);
	for (const i of [0, 1] as const) {
		for (const j of [0, 1] as const) {
			// Each cell is weighted by its marginals with the raters swapped.
			const margins = rows[j] + columns[i];
			const weight = i === j ? (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 : (1 - kappa) ** 2 * margins ** 2;
			variance += cells[i][j] * weight;
		}
	}
	return Math.sqrt(Math.max(0, variance) / n) / (1 - expected);
}

/** Adds tables cell by cell. */
function addTables(tables: readonly TwoByTwo[]): TwoByTwo {
	const sum = (pick: (table: TwoByTwo) => number): number => tables.reduce((total, table) => total + pick(table), 0);
	return {
		both: sum(({ both }) => both),
		onlyFirst: sum(({ onlyFirst }) => onlyFirst),
		onlySecond: sum(({ onlySecond }) => onlySecond),
		neither: sum(({ neither }) => neither),
	};
}

/**
 * Computes kappa over many items that come in clusters (the skills of one question). The value is pooled, and its 95%
 * interval is a jackknife over clusters, which does not treat the skills of one question as independent. There is no
 * interval below 20 clusters.
 */
export function clusteredAgreement(clusters: readonly TwoByTwo[]): Agreement {
	const total = addTables(clusters);
	const pooled = agreement(total);
	const k = clusters.length;
	if (pooled.kappa === null || k < 20) {
		return { ...pooled, kappa95: null };
	}
	const without = clusters.map((cluster) =>
		cohenKappa({
			both: total.both - cluster.both,
			onlyFirst: total.onlyFirst - cluster.onlyFirst,
			onlySecond: total.onlySecond - cluster.onlySecond,
			neither: total.neither - cluster.neither,
		}),
	);
	if (without.some((kappa) => kappa === null)) {
		return { ...pooled, kappa95: null };
	}
	const known = without as number[];
	const mean = known.reduce((sum, kappa) => sum + kappa, 0) / k;
	const error = Math.sqrt(((k - 1) / k) * known.reduce((sum, kappa) => sum + (kappa - mean) ** 2, 0));
	return { ...pooled, kappa95: [Math.max(-1, pooled.kappa - z95 * error), Math.min(1, pooled.kappa + z95 * error)] };
}

/** `hits` out of `of`, with Wilson's 95% interval. */
export interface Rate {
	readonly hits: number;
	readonly of: number;
	/** `null` if `of` is 0. */
	readonly rate: number | null;
	readonly ci95: readonly [number, number];
}

export function rateOf(hits: number, of: number): Rate {
	return { hits, of, rate: of === 0 ? null : hits / of, ci95: wilsonInterval(hits, of) };
}
