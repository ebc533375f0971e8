import type { CurationDecision, ItemContent, ItemFlag } from '../../core/curation/curation.ts';
import { contentInForce, flagsInForce } from '../../core/curation/curation.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { inChunks } from '../reading/chunks.ts';
import type { Curated, Deciding, Written } from './decideInWrites.ts';
import { decideInWrites, writeSize } from './decideInWrites.ts';
import { gradeContent } from './gradeContent.ts';
import { lookAtWordings } from './wordings.ts';

type Grading = Pick<Parts, 'store' | 'grader' | 'datasets'>;

/** An item's current content and what it is to be changed to. */
export interface Change {
	readonly questionId: QuestionId;
	readonly before: ItemContent;
	readonly flags: readonly ItemFlag[];
	readonly after: Pick<ItemContent, 'question' | 'solutions'>;
}

/** Returns the items' current content, including that of rejected items. */
export async function readContents(
	{ store }: Pick<Parts, 'store'>,
	dataset: string,
	questionIds: readonly QuestionId[],
	run: Deciding,
): Promise<Omit<Change, 'after'>[]> {
	const items: Omit<Change, 'after'>[] = [];
	for (const ids of inChunks(questionIds, writeSize)) {
		throwIfCancelled(run);
		for (const { item, history } of await store.read('itemsById', { dataset, ids })) {
			items.push({
				questionId: item.questionId,
				before: contentInForce(item, history),
				flags: flagsInForce(item, history),
			});
		}
		if (questionIds.length > writeSize) {
			run.progress({ label: 'Reading', done: items.length, total: questionIds.length });
		}
	}
	return items;
}

/**
 * Compares each question whose text changed with the other questions again. Returns the new flags, or the reason why a
 * question is refused.
 */
export function compareAgain(
	parts: Grading,
	dataset: string,
	changes: readonly Change[],
	run: Deciding,
): ReturnType<typeof lookAtWordings> {
	return lookAtWordings(
		parts,
		dataset,
		changes
			.filter(({ before, after }) => after.question !== before.question)
			.map(({ questionId: id, after, flags }) => ({ questionId: id, question: after.question, flags })),
		run,
	);
}

/** Writes changed content as decisions and grades its solutions again. */
export function writeEdits(
	parts: Grading,
	{
		dataset,
		verdict,
		changes,
		flags,
		author,
		note,
		written,
	}: {
		readonly dataset: string;
		readonly verdict: 'edited' | 'repaired';
		readonly changes: readonly Change[];
		readonly flags: Awaited<ReturnType<typeof lookAtWordings>>;
		readonly author: string;
		readonly note: string | null;
		readonly written: Written;
	},
	run: Deciding,
): Promise<Curated> {
	const at = run.now();
	return decideInWrites(
		changes,
		async (some) => {
			const rows: CurationDecision[] = [];
			for (const { questionId: id, before, after, flags: earlier } of some) {
				const found = flags.get(id);
				rows.push({
					dataset,
					questionId: id,
					verdict,
					reason: null,
					note,
					before,
					after: {
						...(await gradeContent(parts, after)),
						flags: found === undefined || typeof found === 'string' ? earlier : found,
					},
					author,
					at,
				});
			}
			await parts.store.write('decideItems', { rows });
			return rows.map(({ questionId: id }) => id);
		},
		written,
		run,
	);
}
