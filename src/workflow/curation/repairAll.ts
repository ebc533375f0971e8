import type { ItemContent } from '../../core/curation/curation.ts';
import { isSameContent } from '../../core/curation/curation.ts';
import { repaired } from '../../core/curation/repair.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Curated, Deciding, Written } from './decideInWrites.ts';
import { compareAgain, readContents, writeEdits } from './writeEdits.ts';

export interface RepairOptions {
	readonly dataset: string;
	/** The literal text to find and its replacement. */
	readonly find: string;
	readonly replace: string;
	/** Repairs only those of the matching items; default: all. */
	readonly questionIds?: readonly QuestionId[] | undefined;
	/**
	 * Whether a user reviews each changed item, so that the change counts as their edit. Otherwise items not yet
	 * reviewed still wait for review.
	 */
	readonly seen?: boolean;
	readonly author: string;
	/** If false, the changes are only previewed. */
	readonly apply: boolean;
	readonly written?: Written;
}

/**
 * `matched`: number of items that the repair changes, including refused ones; `refused`: items left unchanged because
 * they would have become leaks or copies.
 */
export interface Repaired extends Curated {
	readonly matched: number;
	readonly refused: readonly { readonly questionId: QuestionId; readonly why: string }[];
	/** The changed items, without the refused ones. */
	readonly items: readonly {
		readonly questionId: QuestionId;
		readonly before: ItemContent;
		readonly after: Pick<ItemContent, 'question' | 'solutions'>;
	}[];
}

/**
 * Applies a repair to every matching question and solution, except in rejected items. Solutions are graded again and
 * questions are compared again. The changes are written in batches and can be cancelled in between, like decisions;
 * cancelling before the first write changes nothing.
 */
export async function repairAll(
	parts: Pick<Parts, 'store' | 'grader' | 'datasets'>,
	options: RepairOptions,
	run: Deciding,
): Promise<Repaired> {
	const { dataset, find, author } = options;
	if (find === '') {
		throw new StatError('curation.emptyFind', {});
	}
	const only = options.questionIds && new Set(options.questionIds);
	const matching = (await parts.store.read('itemsHolding', { dataset, text: find })).filter(
		(id) => !only || only.has(id),
	);
	const changes = (await readContents(parts, dataset, matching, run))
		.map((item) => ({ ...item, after: repaired(item.before, options) }))
		.filter(({ before, after }) => !isSameContent(before, after) && after.question.trim() !== '');
	if (!options.apply) {
		return { matched: changes.length, decided: 0, left: 0, refused: [], items: changes };
	}
	const flags = await compareAgain(parts, dataset, changes, run);
	const refused = changes.flatMap(({ questionId: id }) => {
		const why = flags.get(id);
		return typeof why === 'string' ? [{ questionId: id, why }] : [];
	});
	const isRefused = new Set(refused.map(({ questionId: id }) => id));
	const made = changes.filter(({ questionId: id }) => !isRefused.has(id));
	const note = `repair: ${JSON.stringify(find)} → ${JSON.stringify(options.replace)}`.slice(0, 20_000);
	const { decided, left } = await writeEdits(
		parts,
		{
			dataset,
			verdict: options.seen === true ? 'edited' : 'repaired',
			changes: made,
			flags,
			author,
			note,
			written: options.written,
		},
		run,
	);
	return { matched: changes.length, decided, left, refused, items: made };
}
