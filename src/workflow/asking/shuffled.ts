import { drawWithoutReplacement, randomStream } from '../../core/stats/random.ts';
import type { Run } from '../../core/run.ts';

/**
 * Returns the items in a random order specific to this run. Two processes that request the same questions at once, such
 * as an editor and a command line, then start in different places, and each finds most of what the other has received.
 * The order does not affect results, because they are filed by question.
 */
export function ownOrder<T>(items: readonly T[], run: Pick<Run, 'now'>): T[] {
	return drawWithoutReplacement(randomStream(0, 'order', run.now()), items, items.length);
}
