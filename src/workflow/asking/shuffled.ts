import { drawWithoutReplacement, randomStream } from '../../core/stats/random.ts';
import type { Run } from '../../core/run.ts';

/**
 * The items in an order of this run's own. Two processes that ask the same questions at once (an editor and a command
 * line) then start at different ends, and find most of what the other was answered. Results do not depend on it: they
 * are filed by question.
 */
export function ownOrder<T>(items: readonly T[], run: Pick<Run, 'now'>): T[] {
	return drawWithoutReplacement(randomStream(0, 'order', run.now()), items, items.length);
}
