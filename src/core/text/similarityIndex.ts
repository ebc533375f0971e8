import { contentDifference } from './contentWords.ts';
import { compareText } from './order.ts';
import type { Match, SimilarityThresholds, Sketch } from './similarity.ts';
import { jaccard, longestRun, mix, passagesOf, similarityThresholds, sketchOf } from './similarity.ts';

/**
 * MinHash over word triples without numbers (Broder 1997): 32 bands of 3 rows, so that a pair with similarity 0.6
 * shares a band with probability 0.9996, and a pair with similarity 0.1 with probability 0.03. Every pair that shares a
 * band is checked by its true similarity.
 */
const bands = 32;
const rows = 3;
const matchOrder: readonly Match['kind'][] = ['same', 'copy', 'twin', 'passage'];

interface Entry {
	readonly id: string;
	readonly sketch: Sketch;
}

/**
 * An index of questions to compare other questions with. Questions can be added at any time; matches are returned by
 * similarity.
 */
export class SimilarityIndex {
	private readonly entries: Entry[] = [];
	private readonly buckets: Map<number, number[]>[] = Array.from(
		{ length: bands },
		() => new Map<number, number[]>(),
	);
	private readonly texts = new Map<string, number[]>();
	private readonly passages = new Map<number, number[]>();

	constructor(private readonly thresholds: SimilarityThresholds = similarityThresholds) {}

	get size(): number {
		return this.entries.length;
	}

	add(id: string, text: string): void {
		const sketch = sketchOf(text);
		const entry = this.entries.push({ id, sketch }) - 1;
		push(this.texts, sketch.text, entry);
		for (const [band, key] of bandKeys(sketch.blind).entries()) {
			push(this.buckets[band] as Map<number, number[]>, key, entry);
		}
		for (const passage of new Set(passagesOf(sketch.words, this.thresholds.passage))) {
			push(this.passages, passage, entry);
		}
	}

	/**
	 * Returns all questions that resemble this one except `not`, most similar first, without duplicates. `most` limits
	 * the number of comparisons: equal questions come first, then those that share the rarest bands, so that some
	 * matches are found even among hundreds of similar questions.
	 */
	find(text: string, not?: string, most = Infinity): Match[] {
		return this.search(text, not, most, Infinity).sort(
			(left, right) =>
				matchOrder.indexOf(left.kind) - matchOrder.indexOf(right.kind) ||
				right.score - left.score ||
				compareText(left.id, right.id),
		);
	}

	/** Whether the text resembles any question. This is cheaper than finding the questions. */
	resembles(text: string): boolean {
		return this.search(text, undefined, Infinity, 1).length > 0;
	}

	/**
	 * Compares with equal questions first, then in order of how rare the shared band is, until `most` have been
	 * compared or `enough` have been found.
	 */
	private search(text: string, not: string | undefined, most: number, enough: number): Match[] {
		const sketch = sketchOf(text);
		const found: Match[] = [];
		if (sketch.words.length === 0) {
			return found;
		}
		const sharing = [
			...bandKeys(sketch.blind).map((key, band) => this.buckets[band]?.get(key)),
			...passagesOf(sketch.words, this.thresholds.passage).map((passage) => this.passages.get(passage)),
		];
		const seen = new Set<number>();
		for (const entries of [
			this.texts.get(sketch.text),
			...sharing.sort((left, right) => (left?.length ?? 0) - (right?.length ?? 0)),
		]) {
			for (const index of entries ?? []) {
				if (seen.has(index)) {
					continue;
				}
				seen.add(index);
				const entry = this.entries[index] as Entry;
				const match = entry.id === not ? null : this.compare(sketch, entry);
				if (match) {
					found.push(match);
				}
				if (found.length >= enough || seen.size >= most) {
					return found;
				}
			}
		}
		return found;
	}

	private compare(sketch: Sketch, { id, sketch: other }: Entry): Match | null {
		const { copy, twin, twinWords, short, passage, passageShare } = this.thresholds;
		if (sketch.text === other.text) {
			return { id, kind: 'same', score: 1 };
		}
		const least = Math.min(sketch.words.length, other.words.length);
		const isShort = least < short;
		const exact = jaccard(sketch.exact, other.exact);
		// Changing one number in a short question changes few triples but changes everything it asks, so questions with
		// equal templates are never copies.
		if (exact >= copy && !isShort && sketch.template !== other.template) {
			return { id, kind: 'copy', score: exact };
		}
		const blind = jaccard(sketch.blind, other.blind);
		if (
			sketch.template === other.template ||
			(blind >= twin && !isShort && contentDifference(sketch.content, other.content) <= twinWords)
		) {
			return { id, kind: 'twin', score: blind };
		}
		const run = longestRun(sketch.words, other.words, passage);
		return run > 0 && run >= passageShare * least ? { id, kind: 'passage', score: run } : null;
	}
}

const salts = Uint32Array.from({ length: bands * rows }, (_, index) => mix(index * 0x9e3779b1 + 1));

/** Returns one key per band, made from the `rows` smallest hashes in it. */
function bandKeys(set: Uint32Array): number[] {
	const least = new Uint32Array(salts.length).fill(0xffffffff);
	for (const item of set) {
		for (let index = 0; index < salts.length; index++) {
			let hash = Math.imul(item ^ (salts[index] as number), 0x85ebca6b);
			hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
			hash = (hash ^ (hash >>> 13)) >>> 0;
			if (hash < (least[index] as number)) {
				least[index] = hash;
			}
		}
	}
	return Array.from({ length: bands }, (_, band) =>
		least.subarray(band * rows, band * rows + rows).reduce((key, value) => mix(Math.imul(key, 31) ^ value), band),
	);
}

function push<K>(map: Map<K, number[]>, key: K, entry: number): void {
	const list = map.get(key);
	if (list) {
		list.push(entry);
	} else {
		map.set(key, [entry]);
	}
}
