import { bisect } from './distributions.ts';
import { z95 } from './interval.ts';

/**
 * Of `n` questions answered twice, the number that are right only the second time, and the number that are right only
 * the first.
 */
export interface PairedCounts {
	readonly n: number;
	readonly gained: number;
	readonly lost: number;
}

/** Below this many pairs the interval is exact. */
export const exactBelow = 100;

/**
 * Computes the 95% interval of a paired difference of proportions, P(right after) − P(right before), in [−1, 1];
 * returns [−1, 1] without pairs. Uses Tango's score interval (1998). Below {@link exactBelow} pairs, the same score is
 * referred to its exact distribution, in the worst case over the nuisance parameter (as in Chan and Zhang 1999), so the
 * coverage is always at least 95%.
 */
export function pairedInterval(counts: PairedCounts): [number, number] {
	const { n, gained, lost } = counts;
	if (n === 0) {
		return [-1, 1];
	}
	const lower = n < exactBelow ? exactLower(counts) : scoreLower(counts);
	const swapped = { n, gained: lost, lost: gained };
	return [lower, -(n < exactBelow ? exactLower(swapped) : scoreLower(swapped))];
}

/** Computes Tango's score for H0: difference = δ. */
function score(n: number, gained: number, lost: number, delta: number): number {
	const b = (2 * n - gained + lost) * delta - gained - lost;
	const c = -lost * delta * (1 - delta);
	// The most likely P(lost) under H0.
	const q = (Math.sqrt(Math.max(0, b * b - 8 * n * c)) - b) / (4 * n);
	const variance = n * (2 * q + delta * (1 - delta));
	const distance = gained - lost - n * delta;
	if (variance <= 1e-12) {
		return Math.abs(distance) < 1e-9 ? 0 : distance * 1e9;
	}
	return distance / Math.sqrt(variance);
}

function scoreLower({ n, gained, lost }: PairedCounts): number {
	const estimate = (gained - lost) / n;
	return estimate <= -1 ? -1 : bisect((delta) => score(n, gained, lost, delta) <= z95, -1, estimate);
}

const known = new Map<string, number>();

function exactLower({ n, gained, lost }: PairedCounts): number {
	const estimate = (gained - lost) / n;
	if (estimate <= -1) {
		return -1;
	}
	const key = `${n}/${gained}/${lost}`;
	const found = known.get(key);
	if (found !== undefined) {
		return found;
	}
	const ways = waysOf(n);
	let [low, high] = [-1, estimate];
	let worst = 0;
	while (high - low > 1e-5) {
		const middle = (low + high) / 2;
		const found = likelyAt(n, middle, score(n, gained, lost, middle), ways, worst);
		if (found !== null) {
			worst = found;
			high = middle;
		} else {
			low = middle;
		}
	}
	if (known.size > 20_000) {
		known.clear();
	}
	known.set(key, low);
	return low;
}

const nuisances = 64;

/**
 * Returns the first P(lost) on the grid, starting at `first`, at which P(score ≥ observed) exceeds 2.5% for a
 * difference of δ, over all tables of n pairs that are at least as extreme; `null` if there is none.
 */
function likelyAt(n: number, delta: number, observed: number, ways: Float64Array, first: number): number | null {
	// For each number gained, the largest number lost at which the table is still as extreme: the score falls as more
	// are lost.
	const most = new Int32Array(n + 1);
	for (let gained = 0; gained <= n; gained++) {
		let [from, to] = [-1, n - gained];
		while (from < to) {
			const middle = Math.ceil((from + to) / 2);
			if (score(n, gained, middle, delta) >= observed - 1e-9) {
				from = middle;
			} else {
				to = middle - 1;
			}
		}
		most[gained] = from;
	}
	const [least, greatest] = [Math.max(0, -delta), (1 - delta) / 2];
	const powers = new Float64Array(n + 1);
	const rests = new Float64Array(n + 1);
	for (let tried = 0; tried <= nuisances; tried++) {
		const at = (first + tried) % (nuisances + 1);
		const lost = least + ((greatest - least) * at) / nuisances;
		const [gain, rest] = [lost + delta, Math.max(0, 1 - 2 * lost - delta)];
		powers[0] = rests[0] = 1;
		for (let exponent = 1; exponent <= n; exponent++) {
			powers[exponent] = (powers[exponent - 1] as number) * lost;
			rests[exponent] = (rests[exponent - 1] as number) * rest;
		}
		let tail = 0;
		let gains = 1;
		for (let x = 0; x <= n; x++, gains *= gain) {
			let row = 0;
			const row0 = x * (n + 1);
			for (let y = 0; y <= (most[x] as number); y++) {
				row += (ways[row0 + y] as number) * (powers[y] as number) * (rests[n - x - y] as number);
			}
			tail += row * gains;
		}
		if (tail > 0.025) {
			return at;
		}
	}
	return null;
}

const waysKnown = new Map<number, Float64Array>();

/** Returns n! / (x! y! (n − x − y)!) at index x · (n + 1) + y. */
function waysOf(n: number): Float64Array {
	const there = waysKnown.get(n);
	if (there) {
		return there;
	}
	const ways = new Float64Array((n + 1) * (n + 1));
	let outer = 1;
	for (let x = 0; x <= n; x++) {
		let inner = outer;
		for (let y = 0; y <= n - x; y++) {
			ways[x * (n + 1) + y] = inner;
			inner = (inner * (n - x - y)) / (y + 1);
		}
		outer = (outer * (n - x)) / (x + 1);
	}
	waysKnown.set(n, ways);
	return ways;
}
