import type { CurationDecision } from '../../core/curation/curation.ts';
import { contentInForce, decisionsInForce, itemInForce } from '../../core/curation/curation.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import { inChunks } from '../reading/chunks.ts';

// Users' decisions are data in their own right: every decision as it was made, and the preferences between answers that
// follow from it.

type Reading = Pick<Parts, 'store'>;

/** A better and a worse answer to one question. */
export interface PreferencePair {
	readonly question: string;
	readonly chosen: string;
	readonly rejected: string;
	/**
	 * `edit`: a user corrected the solution; `agreement`: the majority of the solutions outvoted the other answer, and
	 * a user accepted the item.
	 */
	readonly from: 'edit' | 'agreement';
}

async function* itemsOf({ store }: Reading, dataset: string, run: Pick<Run, 'signal'>) {
	for (const ids of inChunks(await store.read('itemIds', { dataset, filter: {} }), 500)) {
		throwIfCancelled(run);
		yield* await store.read('itemsById', { dataset, ids });
	}
}

/** Yields every decision on a dataset's items, including reverted ones: item by item, oldest first. */
export async function* decisions(
	parts: Reading,
	dataset: string,
	run: Pick<Run, 'signal'>,
): AsyncGenerator<CurationDecision> {
	for await (const { history } of itemsOf(parts, dataset, run)) {
		yield* history;
	}
}

/**
 * Yields the preferences that follow from curation. Items that nobody has accepted yield none, and reverted decisions
 * do not count.
 */
export async function* preferencePairs(
	parts: Reading,
	dataset: string,
	run: Pick<Run, 'signal'>,
): AsyncGenerator<PreferencePair> {
	for await (const { item, status, history } of itemsOf(parts, dataset, run)) {
		if (status !== 'accepted' && status !== 'edited') {
			continue;
		}
		const content = contentInForce(item, history);
		for (const { verdict, before, after } of decisionsInForce(history)) {
			if (
				(verdict === 'edited' || verdict === 'repaired') &&
				after &&
				after.question === before.question &&
				after.question === content.question
			) {
				yield* after.solutions.flatMap((chosen, index) =>
					before.solutions[index] !== undefined &&
					before.solutions[index] !== chosen &&
					content.solutions.includes(chosen)
						? [
								{
									question: content.question,
									chosen,
									rejected: before.solutions[index],
									from: 'edit' as const,
								},
							]
						: [],
				);
			}
		}
		const made = itemInForce(item, history);
		const [chosen] = content.solutions;
		if (chosen !== undefined && content.question === made.question) {
			yield* made.solutions
				.filter(({ agrees }) => !agrees)
				.map(({ text: rejected }) => ({
					question: content.question,
					chosen,
					rejected,
					from: 'agreement' as const,
				}));
		}
	}
}
