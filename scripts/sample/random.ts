import type { Random as Stream } from '../../src/core/stats/random.ts';
import { randomStream } from '../../src/core/stats/random.ts';

/**
 * Makes seeded choices. Each purpose has its own stream, so that changing one part of the sample does not affect
 * another.
 */
export class Random {
	private readonly stream: Stream;

	constructor(seed: number, ...labels: readonly string[]) {
		this.stream = randomStream(seed, ...labels);
	}

	/** Returns an integer from `low` to `high`, inclusive. */
	int(low: number, high: number): number {
		return low + this.stream.int(high - low + 1);
	}

	/** Returns a uniform number in [low, high), in steps of a millionth. */
	between(low: number, high: number): number {
		return low + ((high - low) * this.stream.int(1_000_000)) / 1_000_000;
	}

	chance(probability: number): boolean {
		return this.between(0, 1) < probability;
	}

	of<T>(choices: readonly T[]): T {
		return choices[this.stream.int(choices.length)] as T;
	}

	shuffled<T>(items: readonly T[]): T[] {
		const copy = [...items];
		for (let i = copy.length - 1; i > 0; i--) {
			const j = this.stream.int(i + 1);
			[copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
		}
		return copy;
	}
}
