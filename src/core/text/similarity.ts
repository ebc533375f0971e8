import { contentWords } from './contentWords.ts';

/**
 * Thresholds for comparing two questions by their words: equal, near-verbatim, the same template with different
 * numbers, or a long shared run of words. Texts are compared because IDs cannot be trusted: published data has `test/…`
 * on training rows. docs/synthesis.md explains the thresholds and gives measurements.
 */
export interface SimilarityThresholds {
	/** Jaccard similarity of word triples, including numbers, from which two questions are copies. */
	readonly copy: number;
	/** The same similarity with every number replaced with `#`, from which two questions are twins … */
	readonly twin: number;
	/**
	 * … if they differ in at most this many content words (contentWords.ts). Questions with equal templates are always
	 * twins.
	 */
	readonly twinWords: number;
	/** Number of consecutive shared words, including numbers, that make a passage … */
	readonly passage: number;
	/**
	 * … if they make up this share of the shorter question: "written in the form m/n, where m and n are…" occurs in
	 * many questions.
	 */
	readonly passageShare: number;
	/**
	 * Questions with fewer words are twins only if their templates are equal, because one or two triples prove nothing.
	 */
	readonly short: number;
}

export const similarityThresholds: SimilarityThresholds = {
	copy: 0.8,
	twin: 0.6,
	twinWords: 1,
	passage: 13,
	passageShare: 0.5,
	short: 10,
};

export interface Match {
	readonly id: string;
	/**
	 * `same`: equal except for layout, case and punctuation, with equal figures. `copy`: nearly equal, without
	 * comparing figures. The first kind that applies is used, in this order.
	 */
	readonly kind: 'same' | 'copy' | 'twin' | 'passage';
	/**
	 * Jaccard similarity in [0, 1] (with numbers for `same` and `copy`, without them for `twin`); for a passage, the
	 * number of words in the longest shared run.
	 */
	readonly score: number;
}

/** A question in the form used for comparison. */
export interface Sketch {
	readonly words: readonly string[];
	readonly exact: Uint32Array;
	readonly blind: Uint32Array;
	/** Equal for two questions if and only if their words and figures are equal. */
	readonly text: string;
	readonly template: string;
	readonly content: ReadonlySet<string>;
}

/**
 * Returns the words, numbers and operators of a question in lower case, without TeX layout, punctuation and brackets.
 * `1,000` is one number.
 */
export function wordsOf(text: string): string[] {
	const plain = text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/\[asy\][\s\S]*?(?:\[\/asy\]|$)/g, ' ')
		.replace(/\\(?:left|right|displaystyle|textstyle|[,;!: ]|quad|qquad|text|mathrm|mathbf|mbox)(?![a-z])/g, ' ')
		.replace(/\\([dt])frac/g, '\\frac')
		.replace(/(\d),(?:\\!)?(?=\d{3}(?!\d))/g, '$1');
	return plain.match(/\d+(?:\.\d+)?|\p{L}+|[+\-*/^=<>|!%]/gu) ?? [];
}

/** Returns the words and everything derived from them for comparison. */
export function sketchOf(text: string): Sketch {
	const words = wordsOf(text);
	const template = words.map((word) => (/^\d/.test(word) ? '#' : word));
	return {
		words,
		exact: shingles(words),
		blind: shingles(template),
		text: `${words.join(' ')}${figuresOf(text)}`,
		template: template.join(' '),
		content: contentWords(text),
	};
}

/** Returns the source of drawn figures without white space; empty if there are none. */
function figuresOf(text: string): string {
	return (text.match(/\[asy\][\s\S]*?(?:\[\/asy\]|$)/g) ?? []).join('').replace(/\s+/g, '');
}

/** Returns the number of words in the longest run that two texts share; 0 if it is shorter than `width`. */
export function longestRun(left: readonly string[], right: readonly string[], width: number): number {
	const grams = (words: readonly string[]): string[] =>
		Array.from({ length: Math.max(0, words.length - width + 1) }, (_, at) => words.slice(at, at + width).join(' '));
	const known = new Set(grams(right));
	let longest = 0;
	let run = 0;
	for (const gram of grams(left)) {
		run = known.has(gram) ? run + 1 : 0;
		longest = Math.max(longest, run);
	}
	return longest === 0 ? 0 : longest + width - 1;
}

/** Computes |A ∩ B| / |A ∪ B| of two ascending lists without duplicates; 0 if both are empty. */
export function jaccard(left: Uint32Array, right: Uint32Array): number {
	let [at, other, shared] = [0, 0, 0];
	while (at < left.length && other < right.length) {
		const [a, b] = [left[at] as number, right[other] as number];
		shared += a === b ? 1 : 0;
		at += a <= b ? 1 : 0;
		other += b <= a ? 1 : 0;
	}
	const union = left.length + right.length - shared;
	return union === 0 ? 0 : shared / union;
}

/**
 * Returns hashes of all runs of three words, ascending and without duplicates, or of the whole text if it has fewer
 * words.
 */
function shingles(words: readonly string[]): Uint32Array {
	const hashes = words.map(hashWord);
	const width = Math.min(3, hashes.length);
	const found = new Set<number>();
	for (let at = 0; width > 0 && at + width <= hashes.length; at++) {
		found.add(hashRun(hashes, at, width));
	}
	return Uint32Array.from(found).sort();
}

/** FNV-1a over UTF-16 units. */
function hashWord(word: string): number {
	let hash = 0x811c9dc5;
	for (let at = 0; at < word.length; at++) {
		hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
	}
	return mix(hash);
}

function hashRun(hashes: ArrayLike<number>, at: number, width: number): number {
	let hash = width;
	for (let step = 0; step < width; step++) {
		hash = Math.imul(hash ^ (hashes[at + step] as number), 0x9e3779b1);
		hash ^= hash >>> 15;
	}
	return mix(hash);
}

/** Returns hashes of all runs of `width` words, in order. */
export function passagesOf(words: readonly string[], width: number): number[] {
	const hashes = words.map(hashWord);
	return Array.from({ length: Math.max(0, hashes.length - width + 1) }, (_, at) => hashRun(hashes, at, width));
}

/** Mixes the bits of a 32-bit number. */
export function mix(value: number): number {
	let hash = value | 0;
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
