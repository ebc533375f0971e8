import { wordsOf } from './similarity.ts';

/** One of the nearest: its place in the list searched, and the cosine in [-1, 1]. */
export interface Neighbour {
	readonly index: number;
	readonly similarity: number;
}

/** Searched lists, however likeness is measured. Nearest first; of equally near ones the earlier first, so the order is the same on every machine. */
export interface NeighbourSearch<Query> {
	nearest(query: Query, count: number): Neighbour[];
}

/** Cosine over embeddings, exact: every query against every vector (bench/neighbours.ts). One copy of them in memory: count × numbers × 4 bytes. */
export class VectorSearch implements NeighbourSearch<Float32Array> {
	private table = new Float32Array(0);
	private size = 0;
	private readonly isSet: Uint8Array;

	constructor(private readonly count: number) {
		this.isSet = new Uint8Array(count);
	}

	/** Files a vector under its place, in any order; the first one says how many numbers all have. @throws RangeError for another number of them, or all zero. */
	set(index: number, vector: Float32Array): void {
		if (this.size === 0) {
			this.size = vector.length;
			this.table = new Float32Array(this.count * vector.length);
		}
		this.table.set(this.unit(vector), index * this.size);
		this.isSet[index] = 1;
	}

	/** Places without a vector are not found. */
	nearest(query: Float32Array, count: number): Neighbour[] {
		const { table, size, isSet } = this;
		const best = new Best(count);
		const wanted = this.size === 0 ? query : this.unit(query);
		for (let index = 0; index < this.count; index++) {
			if (isSet[index] === 1) {
				best.offer(index, dot(table, index * size, wanted, size));
			}
		}
		return best.found;
	}

	private unit(vector: Float32Array): Float32Array {
		const length = Math.sqrt(dot(vector, 0, vector, vector.length));
		if (vector.length !== this.size || !(length > 0 && length < Infinity)) {
			throw new RangeError(`expected ${this.size} numbers that are not all zero, got ${vector.length}`);
		}
		return vector.map((value) => value / length);
	}
}

/** Four sums at once: one sum would wait for itself. */
function dot(table: Float32Array, at: number, vector: Float32Array, size: number): number {
	let [a, b, c, d] = [0, 0, 0, 0];
	let place = 0;
	for (; place + 3 < size; place += 4) {
		a += (table[at + place] as number) * (vector[place] as number);
		b += (table[at + place + 1] as number) * (vector[place + 1] as number);
		c += (table[at + place + 2] as number) * (vector[place + 2] as number);
		d += (table[at + place + 3] as number) * (vector[place + 3] as number);
	}
	for (; place < size; place++) {
		a += (table[at + place] as number) * (vector[place] as number);
	}
	return a + b + (c + d);
}

/**
 * The lexical fall-back: cosine of words weighed by (1 + ln tf) · ln(1 + N / df), numbers all one word. It finds questions that
 * are worded alike, not ones that think alike: whoever uses it says so.
 */
export class WordSearch implements NeighbourSearch<string> {
	/** By word: the texts that hold it and its weight there. */
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
		const lengths = counted.map((times) => Math.sqrt([...times].reduce((sum, [word, tf]) => sum + (tf * this.rarity(word)) ** 2, 0)) || 1);
		for (const [word, { texts: holders, weights }] of this.postings) {
			const rarity = this.rarity(word);
			holders.forEach((text, at) => (weights[at] = ((weights[at] ?? 0) * rarity) / (lengths[text] ?? 1)));
		}
	}

	/** Only texts that share a word with it. */
	nearest(query: string, count: number): Neighbour[] {
		const weights = [...timesOf(query)].flatMap(([word, tf]) => (this.postings.has(word) ? [[word, tf * this.rarity(word)] as const] : []));
		const length = Math.sqrt(weights.reduce((sum, [, weight]) => sum + weight * weight, 0)) || 1;
		const scores = new Float64Array(this.count);
		for (const [word, weight] of weights) {
			const posting = this.postings.get(word);
			posting?.texts.forEach((text, at) => (scores[text] = (scores[text] ?? 0) + (weight * (posting.weights[at] ?? 0)) / length));
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

/** The best few of many, kept sorted. */
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
