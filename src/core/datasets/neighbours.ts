import { wordsOf } from '../text/similarity.ts';

/** A neighbour: its index in the searched list, and its cosine similarity in [-1, 1]. */
export interface Neighbour {
	readonly index: number;
	readonly similarity: number;
}

/** Number of queries searched together, so that each component of a vector is loaded once for all of them. */
export const queriesAtOnce = 8;

/**
 * Exact cosine search over embeddings: compares every query with every vector (bench/neighbours.ts). Returns the
 * nearest first and breaks ties by index, so that the order is the same on every machine.
 */
export class VectorSearch {
	private readonly rows: (Float32Array | undefined)[];
	private size = 0;

	constructor(count: number) {
		this.rows = new Array<Float32Array | undefined>(count).fill(undefined);
	}

	/**
	 * Stores a vector at its index. Vectors may be stored in any order; the first one sets the dimension.
	 * @throws RangeError if a vector has another dimension or is all zero.
	 */
	set(index: number, vector: Float32Array): void {
		this.size = this.size === 0 ? vector.length : this.size;
		this.rows[index] = this.unit(vector);
	}

	/** Returns the nearest entries for each query. Indexes without a vector are never returned. */
	nearest(queries: readonly Float32Array[], count: number): Neighbour[][] {
		const found: Neighbour[][] = [];
		for (let at = 0; at < queries.length; at += queriesAtOnce) {
			found.push(...this.together(queries.slice(at, at + queriesAtOnce), count));
		}
		return found;
	}

	private together(queries: readonly Float32Array[], count: number): Neighbour[][] {
		const { size } = this;
		const best = queries.map(() => new Best(count));
		if (size === 0) {
			return best.map(({ found }) => found);
		}
		// Interleaved: the first component of each query, then the second component of each, and so on.
		const packed = new Float64Array(size * queriesAtOnce);
		queries.forEach((query, lane) =>
			this.unit(query).forEach((value, place) => (packed[place * queriesAtOnce + lane] = value)),
		);
		const products = new Float64Array(queriesAtOnce);
		this.rows.forEach((row, index) => {
			if (row) {
				eightProducts(row, packed, products);
				best.forEach((one, lane) => one.offer(index, products[lane] as number));
			}
		});
		return best.map(({ found }) => found);
	}

	private unit(vector: Float32Array): Float32Array {
		const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
		if (vector.length !== this.size || !(length > 0 && length < Infinity)) {
			throw new RangeError(`expected ${this.size} numbers that are not all zero, got ${vector.length}`);
		}
		return vector.map((value) => value / length);
	}
}

/** Computes the dot products of a row with eight queries, as eight independent sums. */
function eightProducts(row: Float32Array, packed: Float64Array, products: Float64Array): void {
	let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
	for (let place = 0, at = 0; place < row.length; place++, at += 8) {
		const value = row[place] as number;
		a += value * (packed[at] as number);
		b += value * (packed[at + 1] as number);
		c += value * (packed[at + 2] as number);
		d += value * (packed[at + 3] as number);
		e += value * (packed[at + 4] as number);
		f += value * (packed[at + 5] as number);
		g += value * (packed[at + 6] as number);
		h += value * (packed[at + 7] as number);
	}
	products.set([a, b, c, d, e, f, g, h]);
}

/**
 * The lexical fallback: cosine similarity of words weighted by (1 + ln tf) · ln(1 + N / df), where every number counts
 * as the same word. It finds questions with similar wording, not similar reasoning, and callers must disclose that.
 */
export class WordSearch {
	/** For each word, the texts that contain it and its weight in each of them. */
	private readonly postings = new Map<string, { readonly texts: number[]; readonly weights: number[] }>();
	private readonly count: number;

	constructor(texts: readonly string[]) {
		this.count = texts.length;
		const counted = texts.map(timesOf);
		for (const [text, times] of counted.entries()) {
			for (const [word, tf] of times) {
				const posting = this.postings.get(word) ?? { texts: [], weights: [] };
				posting.texts.push(text);
				posting.weights.push(tf);
				this.postings.set(word, posting);
			}
		}
		const lengths = counted.map(
			(times) => Math.sqrt([...times].reduce((sum, [word, tf]) => sum + (tf * this.rarity(word)) ** 2, 0)) || 1,
		);
		for (const [word, { texts: holders, weights }] of this.postings) {
			const rarity = this.rarity(word);
			holders.forEach((text, at) => (weights[at] = ((weights[at] ?? 0) * rarity) / (lengths[text] ?? 1)));
		}
	}

	/** Considers only texts that share a word with the query. */
	nearest(query: string, count: number): Neighbour[] {
		const weights = [...timesOf(query)].flatMap(([word, tf]) =>
			this.postings.has(word) ? [[word, tf * this.rarity(word)] as const] : [],
		);
		const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0)) || 1;
		const scores = new Float64Array(this.count);
		for (const [word, weight] of weights) {
			const posting = this.postings.get(word);
			posting?.texts.forEach(
				(text, at) => (scores[text] = (scores[text] ?? 0) + (weight * (posting.weights[at] ?? 0)) / length),
			);
		}
		const best = new Best(count);
		scores.forEach((score, index) => score > 0 && best.offer(index, score));
		return best.found;
	}

	private rarity(word: string): number {
		return Math.log(1 + this.count / (this.postings.get(word)?.texts.length ?? 1));
	}
}

function timesOf(text: string): Map<string, number> {
	const times = new Map<string, number>();
	for (const word of wordsOf(text)) {
		const known = /^\d/.test(word) ? '#' : word;
		times.set(known, (times.get(known) ?? 0) + 1);
	}
	return new Map([...times].map(([word, count]) => [word, 1 + Math.log(count)]));
}

/** Keeps the best few of many candidates, sorted. */
class Best {
	readonly found: Neighbour[] = [];

	constructor(private readonly count: number) {}

	offer(index: number, similarity: number): void {
		const { found, count } = this;
		if (found.length >= count && similarity <= (found.at(-1)?.similarity ?? -Infinity)) {
			return;
		}
		let at = found.length;
		while (at > 0 && (found[at - 1]?.similarity ?? Infinity) < similarity) {
			at--;
		}
		found.splice(at, 0, { index, similarity });
		found.length = Math.min(found.length, count);
	}
}
