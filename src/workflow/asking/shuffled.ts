import { drawWithoutReplacement, randomStream } from '../../core/stats/random.ts';
import type { Run } from '../../core/run.ts';

/**
 * The items in this run's own random order. Two processes that ask the same questions at once, such as an editor and a
 * command line, then start at different ends and find most of what the other received. Results do not depend on it:
 * they are filed by question.
 */
export function ownOrder<T>(items: readonly T[], run: Pick<Run, 'now'>): T[] {
	return drawWithoutReplacement(randomStream(0, 'order', run.now()), items, items.length);
}
