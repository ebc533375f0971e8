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
	/** Only these of the matching items; default all. */
	readonly questionIds?: readonly QuestionId[] | undefined;
	/**
	 * Whether a person reviews each changed item, so that it counts as their edit. Otherwise unreviewed items remain
	 * waiting.
	 */
	readonly seen?: boolean;
	readonly author: string;
	/** If false, the changes are only shown. */
	readonly apply: boolean;
	readonly written?: Written;
}

/**
 * `matched`: items that the repair changes, refused ones included; `refused`: items that would have become leaks or
 * copies, left unchanged.
 */
export interface Repaired extends Curated {
	readonly matched: number;
	readonly refused: readonly { readonly questionId: QuestionId; readonly why: string }[];
	/** Without refused items. */
	readonly items: readonly {
		readonly questionId: QuestionId;
		readonly before: ItemContent;
		readonly after: Pick<ItemContent, 'question' | 'solutions'>;
	}[];
}

/**
 * Applies a repair to all matching questions and solutions of items that are not rejected. Solutions are graded again
 * and questions compared again. It is written and can be cancelled like decisions; before the first write, cancelling
 * changes nothing.
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
