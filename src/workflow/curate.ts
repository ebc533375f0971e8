import type { CurationDecision, CurationDemand, ItemContent, ItemFilter, ItemRow, RejectReason } from '../core/curation.ts';
import { contentInForce, demandKey, demandOf, isDemanded, isExported } from '../core/curation.ts';
import type { DatasetRow } from '../core/dataset.ts';
import type { Parts } from '../core/ports.ts';
import type { QuestionId } from '../core/question.ts';
import { questionId } from '../core/question.ts';
import type { Run } from '../core/run.ts';
import { StatError, throwIfCancelled } from '../core/run.ts';

type Curating = Pick<Parts, 'store'>;

/** What a person does to items; undo takes their latest word back. */
export type CurationAct =
	| { readonly verdict: 'accepted' }
	| { readonly verdict: 'rejected'; readonly reason: RejectReason }
	| { readonly verdict: 'edited'; readonly after: ItemContent }
	| { readonly verdict: 'withdrawn' };

/** Decides on several items at once, all or none; each decision keeps author, time, before and after. */
export async function curate(parts: Curating, options: { readonly dataset: string; readonly questionIds: readonly QuestionId[]; readonly act: CurationAct; readonly author: string; readonly note?: string | undefined }, run: Pick<Run, 'now'>): Promise<{ decided: number }> {
	const { dataset, act, author } = options;
	const rows = await Promise.all(
		[...new Set(options.questionIds)].map(async (id): Promise<CurationDecision> => {
			const found = await parts.store.read('item', { dataset, questionId: id });
			if (!found) {
				throw new StatError(`dataset ${dataset} has no synthesized problem ${id}: "curate ${dataset} list" shows them`);
			}
			if (act.verdict === 'withdrawn' && found.decision === null) {
				throw new StatError(`there is nothing to undo for ${id}`);
			}
			return { dataset, questionId: id, verdict: act.verdict, reason: act.verdict === 'rejected' ? act.reason : null, note: options.note ?? null, before: contentInForce(found.item, found.history), after: act.verdict === 'edited' ? act.after : null, author, at: run.now() };
		}),
	);
	return rows.length === 0 ? { decided: 0 } : parts.store.write('decideItems', { rows });
}

/** Every item of a queue, a page at a time. */
export async function* queue(parts: Curating, dataset: string, filter: ItemFilter): AsyncGenerator<readonly ItemRow[]> {
	for (let offset = 0; ; offset += 500) {
		const { rows, total } = await parts.store.read('items', { dataset, filter, offset, limit: 500 });
		yield rows;
		if (offset + rows.length >= total || rows.length === 0) {
			return;
		}
	}
}

/** The same repair to all that match: literal text for literal text, in questions and solutions of items that are not rejected. One undo each. */
export async function repairAll(parts: Curating, options: { readonly dataset: string; readonly find: string; readonly replace: string; readonly filter?: ItemFilter | undefined; readonly author: string; readonly apply: boolean }, run: Pick<Run, 'now' | 'signal'>): Promise<{ matched: number; decided: number; items: { questionId: QuestionId; before: string; after: string }[] }> {
	const { dataset, find, author } = options;
	if (find === '') {
		throw new StatError('what is to be replaced? an empty text is everywhere', 'usage');
	}
	const mend = (text: string): string => text.split(find).join(options.replace);
	const rows: CurationDecision[] = [];
	for await (const page of queue(parts, dataset, options.filter ?? {})) {
		throwIfCancelled(run);
		for (const { questionId: id, status } of page) {
			const found = status === 'rejected' ? null : await parts.store.read('item', { dataset, questionId: id });
			const before = found && contentInForce(found.item, found.history);
			const after = before && { question: mend(before.question), solutions: before.solutions.map(mend) };
			if (before && after && JSON.stringify(before) !== JSON.stringify(after)) {
				rows.push({ dataset, questionId: id, verdict: 'edited', reason: null, note: `repair: ${JSON.stringify(find)} → ${JSON.stringify(options.replace)}`.slice(0, 20_000), before, after, author, at: run.now() });
			}
		}
	}
	const decided = options.apply && rows.length > 0 ? (await parts.store.write('decideItems', { rows })).decided : 0;
	return { matched: rows.length, decided, items: rows.map(({ questionId: id, before, after }) => ({ questionId: id, before: before.question, after: after?.question ?? before.question })) };
}

/** Sets what must be looked at before a dataset is exported. */
export async function demandCuration(parts: Curating, dataset: string, demand: CurationDemand): Promise<void> {
	await parts.store.write('setSetting', { key: demandKey(dataset), value: demand });
}

/** How a queue stands: what is demanded and still waits, and what an export would leave out. */
export async function curationOf(parts: Curating, dataset: string): Promise<{ demand: CurationDemand; waiting: number; left: number; outcomes: ReadonlyMap<QuestionId, { readonly isExported: boolean; readonly edit: ItemContent | null }> }> {
	const demand = demandOf(await parts.store.read('setting', { key: demandKey(dataset) }));
	const outcomes = new Map<QuestionId, { readonly isExported: boolean; readonly edit: ItemContent | null }>();
	let waiting = 0;
	for (let after: QuestionId | null = null; ; ) {
		const page: Awaited<ReturnType<typeof readVerdicts>> = await readVerdicts(parts, dataset, after);
		for (const item of page) {
			outcomes.set(item.questionId, { isExported: isExported(demand, item), edit: item.edit });
			waiting += item.status === 'waiting' && isDemanded(demand, item) ? 1 : 0;
		}
		after = page.at(-1)?.questionId ?? null;
		if (page.length < 2000 || after === null) {
			return { demand, waiting, left: [...outcomes.values()].filter((outcome) => !outcome.isExported).length, outcomes };
		}
	}
}

function readVerdicts({ store }: Curating, dataset: string, after: QuestionId | null) {
	return store.read('itemVerdicts', { dataset, after, limit: 2000 });
}

/**
 * A dataset's rows as curation leaves them: rejected problems out, edited ones as edited, those demanded and not yet looked at
 * out. Rows that are not synthesized pass as they are.
 */
export async function* curatedRows(rows: AsyncIterable<DatasetRow>, outcomes: Awaited<ReturnType<typeof curationOf>>['outcomes']): AsyncGenerator<DatasetRow> {
	const edited = new Set<QuestionId>();
	for await (const row of rows) {
		const outcome = row.kind === 'synthesized' ? outcomes.get(row.questionId) : undefined;
		if (!outcome) {
			yield row;
		} else if (outcome.isExported && outcome.edit === null) {
			yield row;
		} else if (outcome.isExported && outcome.edit && !edited.has(row.questionId)) {
			// An edit says what all its solutions are; the first row of the question stands for them.
			edited.add(row.questionId);
			const { question, solutions } = outcome.edit;
			for (const [sample, solution] of solutions.entries()) {
				yield { ...row, questionId: questionId(question), question, solution, sample, flags: [...row.flags, 'edited'] };
			}
		}
	}
}

/** A better and a worse answer to one question. */
export interface PreferencePair {
	readonly question: string;
	readonly chosen: string;
	readonly rejected: string;
	/** `edit`: a person mended the solution; `agreement`: the solutions outvoted the other, and a person accepted the item. */
	readonly from: 'edit' | 'agreement';
}

/** What curation says about which answers are better; items nobody looked at say nothing. */
export async function* preferencePairs(parts: Curating, dataset: string, run: Pick<Run, 'signal'>): AsyncGenerator<PreferencePair> {
	for await (const page of queue(parts, dataset, {})) {
		for (const { questionId: id, status } of page) {
			throwIfCancelled(run);
			const found = status === 'accepted' || status === 'edited' ? await parts.store.read('item', { dataset, questionId: id }) : null;
			if (!found) {
				continue;
			}
			const content = contentInForce(found.item, found.history);
			for (const { before, after } of found.history) {
				if (after && after.question === before.question && after.question === content.question) {
					yield* after.solutions.flatMap((chosen, index) => (before.solutions[index] !== undefined && before.solutions[index] !== chosen && content.solutions.includes(chosen) ? [{ question: content.question, chosen, rejected: before.solutions[index], from: 'edit' as const }] : []));
				}
			}
			const [chosen] = content.solutions;
			if (chosen !== undefined && content.question === found.item.question) {
				yield* found.item.solutions.filter(({ agrees }) => !agrees).map(({ text: rejected }) => ({ question: content.question, chosen, rejected, from: 'agreement' as const }));
			}
		}
	}
}

/** One line of a page, for the command line's `items`. */
export async function listItems(parts: Curating, options: { readonly dataset: string; readonly filter: ItemFilter; readonly offset: number; readonly limit: number }): Promise<{ total: number; items: readonly ItemRow[] }> {
	const { total, rows } = await parts.store.read('items', options);
	return { total, items: rows };
}

/** The items meant by ids or the starts of ids; `all` with a filter. */
export async function itemsNamed(parts: Curating, dataset: string, names: readonly string[]): Promise<QuestionId[]> {
	const all: QuestionId[] = [];
	for await (const page of queue(parts, dataset, {})) {
		all.push(...page.map(({ questionId: id }) => id));
	}
	return names.map((name) => {
		const found = all.filter((id) => id.startsWith(name));
		if (found.length !== 1 || found[0] === undefined) {
			throw new StatError(found.length === 0 ? `dataset ${dataset} has no synthesized problem whose id starts with "${name.slice(0, 40)}"` : `${found.length} ids start with "${name}": write more of it`);
		}
		return found[0];
	});
}
