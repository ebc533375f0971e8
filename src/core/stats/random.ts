import { hashHex } from '../text/hash.ts';

/** A stream of random numbers that is identical on every machine: it uses only 32-bit integer arithmetic. */
export interface Random {
	/** Returns a uniform, unbiased integer in [0, bound); 1 ≤ bound ≤ 2^32. */
	int(bound: number): number;
	/** Returns a uniform number in [0, 2^53), for random orderings. */
	priority(): number;
}

const wordRange = 2 ** 32;

/**
 * Returns the stream for a seed and labels. Each (seed, question, skill) has its own stream, so one question's draws do
 * not shift another's. The generator is sfc32, seeded with 128 bits of SHA-256.
 */
export function randomStream(seed: number, ...labels: readonly string[]): Random {
	const digest = hashHex(JSON.stringify([seed, ...labels]));
	let [a, b, c, d] = [0, 8, 16, 24].map((at) => Number.parseInt(digest.slice(at, at + 8), 16) | 0) as [
		number,
		number,
		number,
		number,
	];
	const word = (): number => {
		const sum = (((a + b) | 0) + d) | 0;
		d = (d + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (((c << 21) | (c >>> 11)) + sum) | 0;
		return sum >>> 0;
	};
	return {
		int(bound) {
			if (!Number.isInteger(bound) || bound < 1 || bound > wordRange) {
				throw new RangeError(`a bound is a whole number from 1 to 2^32, not ${bound}`);
			}
			// Values at or above the last whole multiple of the bound would favour small numbers.
			const limit = wordRange - (wordRange % bound);
			let value = word();
			while (value >= limit) {
				value = word();
			}
			return value % bound;
		},
		priority: () => (word() >>> 5) * 2 ** 26 + (word() >>> 6),
	};
}

/** Draws `count` of `items` without replacement, in draw order. If there are fewer, returns all of them, shuffled. */
export function drawWithoutReplacement<T>(random: Random, items: readonly T[], count: number): T[] {
	// A sparse Fisher–Yates shuffle: only moved positions are stored, so drawing five of a million costs five.
	const moved = new Map<number, number>();
	const drawn: T[] = [];
	for (let place = 0; place < items.length && drawn.length < count; place++) {
		const picked = place + random.int(items.length - place);
		const index = moved.get(picked) ?? picked;
		moved.set(picked, moved.get(place) ?? place);
		drawn.push(items[index] as T);
	}
	return drawn;
}

/**
 * Returns the indexes of the `count` smallest priorities in ascending order, i.e. a random subset that preserves order.
 */
export function smallest(priorities: ArrayLike<number>, count: number): number[] {
	const indexes = Array.from(priorities, (_, index) => index);
	if (count >= indexes.length) {
		return indexes;
	}
	indexes.sort((left, right) => (priorities[left] as number) - (priorities[right] as number) || left - right);
	return indexes.slice(0, Math.max(0, count)).sort((left, right) => left - right);
}
