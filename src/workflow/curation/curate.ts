import type { ItemContent, RejectReason } from '../../core/curation/curation.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Writes } from '../../core/ports/store/store.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Curated, Deciding, Written } from './decideInWrites.ts';
import { decideInWrites, writeSize } from './decideInWrites.ts';
import { compareAgain, readContents, writeEdits } from './writeEdits.ts';

type Curating = Pick<Parts, 'store'>;
type Grading = Pick<Parts, 'store' | 'grader' | 'datasets'>;

/** What a user can do to items; undo reverts the latest decision on each item. */
export type CurationAct =
	| { readonly verdict: 'accepted' }
	| { readonly verdict: 'rejected'; readonly reason: RejectReason }
	| { readonly verdict: 'edited'; readonly after: Pick<ItemContent, 'question' | 'solutions'> }
	| { readonly verdict: 'withdrawn' };

/**
 * Decides on several items at once; each decision records its author, its time, and the state before and after. Up to
 * 500 items are written together, all or none. More items take one write per 500 and can be cancelled between writes.
 * An unknown item is refused before the first write; decisions already written remain in effect. An edit that makes a
 * question a leak, or the same as a question already in the queue, is refused (see wordings.ts).
 */
export async function curate(
	parts: Grading,
	options: {
		readonly dataset: string;
		readonly questionIds: readonly QuestionId[];
		readonly act: CurationAct;
		readonly author: string;
		readonly note?: string | undefined;
		readonly written?: Written;
	},
	run: Deciding,
): Promise<Curated> {
	const { dataset, act, author, note } = options;
	const questionIds = [...new Set(options.questionIds)];
	await refuseUnknown(parts, dataset, questionIds);
	if (act.verdict === 'edited') {
		return edit(parts, { ...options, questionIds, after: act.after }, run);
	}
	const result = await decideAlike(
		parts,
		{
			dataset,
			questionIds,
			verdict: act.verdict,
			reason: act.verdict === 'rejected' ? act.reason : null,
			note: note ?? null,
			author,
		},
		options.written,
		run,
	);
	if (act.verdict === 'withdrawn' && result.decided === 0 && result.left === 0 && questionIds.length > 0) {
		throw questionIds.length === 1
			? new StatError('curation.nothingToUndo', { problem: questionIds[0] ?? '' })
			: new StatError('curation.nothingToUndoInAny', { problems: questionIds.length });
	}
	return result;
}

/** Reverts the latest decision on each item, in batches as in {@link curate}; items without decisions are skipped. */
export function undoDecisions(
	parts: Curating,
	{
		dataset,
		questionIds,
		author,
		written,
	}: {
		readonly dataset: string;
		readonly questionIds: readonly QuestionId[];
		readonly author: string;
		readonly written?: Written;
	},
	run: Deciding,
): Promise<Curated> {
	return decideAlike(
		parts,
		{ dataset, questionIds, verdict: 'withdrawn', reason: null, note: null, author },
		written,
		run,
	);
}

function decideAlike(
	{ store }: Curating,
	{ questionIds, ...decision }: Omit<Writes['decideAlike']['params'], 'at'>,
	written: Written,
	run: Deciding,
): Promise<Curated> {
	const at = run.now();
	return decideInWrites(
		questionIds,
		async (ids) => (await store.write('decideAlike', { ...decision, questionIds: ids, at })).decided,
		written,
		run,
	);
}

/** Stores the same content for each of a few items. */
async function edit(
	parts: Grading,
	{
		dataset,
		questionIds,
		after,
		author,
		note,
		written,
	}: {
		readonly dataset: string;
		readonly questionIds: readonly QuestionId[];
		readonly after: Pick<ItemContent, 'question' | 'solutions'>;
		readonly author: string;
		readonly note?: string | undefined;
		readonly written?: Written;
	},
	run: Deciding,
): Promise<Curated> {
	const changes = (await readContents(parts, dataset, questionIds, run)).map((item) => ({ ...item, after }));
	const flags = await compareAgain(parts, dataset, changes, run);
	for (const { questionId: id } of changes) {
		const found = flags.get(id);
		if (typeof found === 'string') {
			throw new StatError('curation.editRefused', { reason: found });
		}
	}
	return writeEdits(parts, { dataset, verdict: 'edited', changes, flags, author, note: note ?? null, written }, run);
}

async function refuseUnknown({ store }: Curating, dataset: string, questionIds: readonly QuestionId[]): Promise<void> {
	const known = new Set(
		questionIds.length <= writeSize
			? (await store.read('itemRows', { dataset, ids: questionIds })).map(({ questionId: id }) => id)
			: await store.read('itemIds', { dataset, filter: {} }),
	);
	const unknown = questionIds.find((id) => !known.has(id));
	if (unknown !== undefined) {
		throw new StatError('curation.unknownProblem', { dataset, problem: unknown });
	}
}
