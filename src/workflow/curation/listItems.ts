import type { ItemFilter, ItemRow } from '../../core/curation/curation.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';

type Curating = Pick<Parts, 'store'>;

/** Returns one chunk of a queue, for the `items` command. */
export async function listItems(
	parts: Curating,
	options: { readonly dataset: string; readonly filter: ItemFilter; readonly offset: number; readonly limit: number },
): Promise<{ total: number; items: readonly ItemRow[] }> {
	const { total, rows } = await parts.store.read('items', options);
	return { total, items: rows };
}

/** Returns the items with these ids or id prefixes. */
export async function itemsNamed(parts: Curating, dataset: string, names: readonly string[]): Promise<QuestionId[]> {
	const all = await parts.store.read('itemIds', { dataset, filter: {} });
	const known = new Set(all);
	return names.map((name) => {
		const found = known.has(name) ? [name] : all.filter((id) => id.startsWith(name));
		if (found.length !== 1 || found[0] === undefined) {
			throw found.length === 0
				? new StatError('curation.unknownIdStart', { dataset, start: name.slice(0, 40) })
				: new StatError('curation.ambiguousIdStart', { problems: found.length, start: name });
		}
		return found[0];
	});
}
