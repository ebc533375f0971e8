import type { CurationDemand, ItemContent } from '../../core/curation/curation.ts';
import { demandKey, demandOf, isDemanded, isExported } from '../../core/curation/curation.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';

type Curating = Pick<Parts, 'store'>;

/** Returns the state of a queue: the demanded items still waiting for review, and what an export would leave out. */
export async function curationOf(
	parts: Curating,
	dataset: string,
): Promise<{
	demand: CurationDemand;
	waiting: number;
	left: number;
	outcomes: ReadonlyMap<QuestionId, { readonly isExported: boolean; readonly edit: ItemContent | null }>;
}> {
	const demand = demandOf(await parts.store.read('setting', { key: demandKey(dataset) }));
	const outcomes = new Map<QuestionId, { readonly isExported: boolean; readonly edit: ItemContent | null }>();
	let waiting = 0;
	for (let after: QuestionId | null = null; ;) {
		const verdicts: Awaited<ReturnType<typeof readVerdicts>> = await readVerdicts(parts, dataset, after);
		for (const item of verdicts) {
			outcomes.set(item.questionId, { isExported: isExported(demand, item), edit: item.edit });
			waiting += item.status === 'waiting' && isDemanded(demand, item) ? 1 : 0;
		}
		after = verdicts.at(-1)?.questionId ?? null;
		if (verdicts.length < 2000 || after === null) {
			return {
				demand,
				waiting,
				left: [...outcomes.values()].filter((outcome) => !outcome.isExported).length,
				outcomes,
			};
		}
	}
}

function readVerdicts({ store }: Curating, dataset: string, after: QuestionId | null) {
	return store.read('itemVerdicts', { dataset, after, limit: 2000 });
}
