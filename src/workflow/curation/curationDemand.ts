import type { CurationDemand } from '../../core/curation/curation.ts';
import { demandKey, demandOf, isDemanded } from '../../core/curation/curation.ts';
import type { Parts } from '../../core/ports/parts.ts';

type Curating = Pick<Parts, 'store'>;

/** Sets which items must be reviewed before a dataset is exported. */
export async function demandCuration(parts: Curating, dataset: string, demand: CurationDemand): Promise<void> {
	await parts.store.write('setSetting', { key: demandKey(dataset), value: demand });
}

/** Returns a dataset's curation demand and the number of demanded items that have not been reviewed. */
export async function demandedWaiting(
	{ store }: Curating,
	dataset: string,
): Promise<{ demand: CurationDemand; waiting: number }> {
	const demand = demandOf(await store.read('setting', { key: demandKey(dataset) }));
	if (demand === 'none') {
		return { demand, waiting: 0 };
	}
	if (demand === 'sample') {
		const ids = await store.read('itemIds', { dataset, filter: { status: 'waiting' } });
		return { demand, waiting: ids.filter((id) => isDemanded(demand, { questionId: id, flagged: false })).length };
	}
	const { total } = await store.read('items', {
		dataset,
		filter: { status: 'waiting', ...(demand === 'flagged' ? { flagged: true } : {}) },
		offset: 0,
		limit: 0,
	});
	return { demand, waiting: total };
}
