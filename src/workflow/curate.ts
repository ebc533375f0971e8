import type { CurationDecision, CurationDemand, ItemContent, ItemFilter, ItemRow, RejectReason } from '../core/curation.ts';
import { contentInForce, decisionsInForce, demandKey, demandOf, isDemanded, isExported, isSameContent } from '../core/curation.ts';
import type { DatasetRow } from '../core/dataset.ts';
import type { Parts } from '../core/ports.ts';
import type { QuestionId } from '../core/question.ts';
import { questionId } from '../core/question.ts';
import { repaired } from '../core/repair.ts';
import type { Run } from '../core/run.ts';
import { StatError, throwIfCancelled } from '../core/run.ts';
import { largestGroup } from '../core/synthesis.ts';
import { inPages } from './pages.ts';

type Curating = Pick<Parts, 'store'>;
type Grading = Pick<Parts, 'store' | 'grader'>;
/** The most items read at a time. */
const page = 500;

/** What a person does to items; undo takes their latest word back. */
export type CurationAct =
	| { readonly verdict: 'accepted' }
	| { readonly verdict: 'rejected'; readonly reason: RejectReason }
	| { readonly verdict: 'edited'; readonly after: Pick<ItemContent, 'question' | 'solutions'> }
	| { readonly verdict: 'withdrawn' };

/** An edit's solutions as the grader reads them: their final answers, and how many are the same. Nobody's word is taken for it. */
export async function graded({ grader }: Pick<Parts, 'grader'>, { question, solutions }: Pick<ItemContent, 'question' | 'solutions'>): Promise<ItemContent & { readonly answers: readonly (string | null)[]; readonly agree: number }> {
	const answers = solutions.map((solution) => grader.extract(solution).answer);
	return { question, solutions, answers, agree: largestGroup(answers, await grader.groups(answers)).agree };
}

/** Decides on several items at once, all or none; each decision keeps author, time, before and after. */
export async function curate(parts: Grading, options: { readonly dataset: string; readonly questionIds: readonly QuestionId[]; readonly act: CurationAct; readonly author: string; readonly note?: string | undefined }, run: Pick<Run, 'now'>): Promise<{ decided: number }> {
	const { dataset, act, author } = options;
	const after = act.verdict === 'edited' ? await graded(parts, act.after) : null;
	const at = run.now();
	const rows: CurationDecision[] = [];
	for (const ids of inPages([...new Set(options.questionIds)], page)) {
		const found = await parts.store.read('itemsById', { dataset, ids });
		const known = new Set(found.map(({ item }) => item.questionId));
		const unknown = ids.find((id) => !known.has(id));
		if (unknown !== undefined) {
			throw new StatError(`dataset ${dataset} has no synthesized problem ${unknown}: "curate ${dataset} list" shows them`);
		}
		for (const { item, history } of found) {
			if (act.verdict === 'withdrawn' && decisionsInForce(history).length === 0) {
				throw new StatError(`there is nothing to undo for ${item.questionId}`);
			}
			rows.push({ dataset, questionId: item.questionId, verdict: act.verdict, reason: act.verdict === 'rejected' ? act.reason : null, note: options.note ?? null, before: contentInForce(item, history), after, author, at });
		}
	}
	return rows.length === 0 ? { decided: 0 } : parts.store.write('decideItems', { rows });
}

/** Every item of a queue, a page at a time. */
export async function* queue(parts: Curating, dataset: string, filter: ItemFilter): AsyncGenerator<readonly ItemRow[]> {
	for (let offset = 0; ; offset += page) {
		const { rows, total } = await parts.store.read('items', { dataset, filter, offset, limit: page });
		yield rows;
		if (offset + rows.length >= total || rows.length === 0) {
			return;
		}
	}
}

export interface RepairOptions {
	readonly dataset: string;
	/** Literal text, and what is to stand in its place. */
	readonly find: string;
	readonly replace: string;
	/** Only these of those that match; default all. */
	readonly questionIds?: readonly QuestionId[] | undefined;
	readonly author: string;
	/** Without, it is only shown. */
	readonly apply: boolean;
}

/** The same repair to all that match, in questions and solutions of items that are not rejected; solutions are graded again. All or none. */
export async function repairAll(parts: Grading, options: RepairOptions, run: Pick<Run, 'now' | 'signal'>): Promise<{ matched: number; decided: number; items: { questionId: QuestionId; before: ItemContent; after: ItemContent }[] }> {
	const { dataset, find, author } = options;
	if (find === '') {
		throw new StatError('what is to be replaced? an empty text is everywhere', 'usage');
	}
	const only = options.questionIds && new Set(options.questionIds);
	const matching = (await parts.store.read('itemsHolding', { dataset, text: find })).filter((id) => !only || only.has(id));
	const note = `repair: ${JSON.stringify(find)} → ${JSON.stringify(options.replace)}`.slice(0, 20_000);
	const rows: (CurationDecision & { readonly after: ItemContent })[] = [];
	const at = run.now();
	for (const ids of inPages(matching, page)) {
		throwIfCancelled(run);
		for (const { item, history } of await parts.store.read('itemsById', { dataset, ids })) {
			const before = contentInForce(item, history);
			const mended = repaired(before, options);
			if (!isSameContent(before, mended) && mended.question.trim() !== '') {
				rows.push({ dataset, questionId: item.questionId, verdict: 'edited', reason: null, note, before, after: await graded(parts, mended), author, at });
			}
		}
	}
	const decided = options.apply && rows.length > 0 ? (await parts.store.write('decideItems', { rows })).decided : 0;
	return { matched: rows.length, decided, items: rows.map(({ questionId: id, before, after }) => ({ questionId: id, before, after })) };
}

/** Sets what must be looked at before a dataset is exported. */
export async function demandCuration(parts: Curating, dataset: string, demand: CurationDemand): Promise<void> {
	await parts.store.write('setSetting', { key: demandKey(dataset), value: demand });
}

/** What a dataset demands, and how many of those items nobody has looked at. */
export async function demandedWaiting({ store }: Curating, dataset: string): Promise<{ demand: CurationDemand; waiting: number }> {
	const demand = demandOf(await store.read('setting', { key: demandKey(dataset) }));
	if (demand === 'none') {
		return { demand, waiting: 0 };
	}
	if (demand === 'sample') {
		const ids = await store.read('itemIds', { dataset, filter: { status: 'waiting' } });
		return { demand, waiting: ids.filter((id) => isDemanded(demand, { questionId: id, flagged: false })).length };
	}
	const { total } = await store.read('items', { dataset, filter: { status: 'waiting', ...(demand === 'flagged' ? { flagged: true } : {}) }, offset: 0, limit: 0 });
	return { demand, waiting: total };
}

/** How a queue stands: what is demanded and still waits, and what an export would leave out. */
export async function curationOf(parts: Curating, dataset: string): Promise<{ demand: CurationDemand; waiting: number; left: number; outcomes: ReadonlyMap<QuestionId, { readonly isExported: boolean; readonly edit: ItemContent | null }> }> {
	const demand = demandOf(await parts.store.read('setting', { key: demandKey(dataset) }));
	const outcomes = new Map<QuestionId, { readonly isExported: boolean; readonly edit: ItemContent | null }>();
	let waiting = 0;
	for (let after: QuestionId | null = null; ; ) {
		const verdicts: Awaited<ReturnType<typeof readVerdicts>> = await readVerdicts(parts, dataset, after);
		for (const item of verdicts) {
			outcomes.set(item.questionId, { isExported: isExported(demand, item), edit: item.edit });
			waiting += item.status === 'waiting' && isDemanded(demand, item) ? 1 : 0;
		}
		after = verdicts.at(-1)?.questionId ?? null;
		if (verdicts.length < 2000 || after === null) {
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
			const { question, solutions, answers, agree } = outcome.edit;
			// Where a person's solutions differ in their answers, no answer is the question's.
			const disagree = agree !== undefined && agree < solutions.length;
			for (const [sample, solution] of solutions.entries()) {
				yield { ...row, questionId: questionId(question), question, solution, sample, gold: answers ? (disagree ? null : (answers[0] ?? null)) : row.gold, flags: [...row.flags, 'edited', ...(disagree ? ['solutions-disagree'] : [])] };
			}
		}
	}
}

/** A dataset's rows as curation leaves them, for whatever reads it outside: exports and training alike. Says in the log what is left out. */
export async function rowsAsCurated(parts: Pick<Parts, 'store' | 'datasets'>, name: string, run: Pick<Run, 'signal' | 'log'>): Promise<{ rows: AsyncGenerator<DatasetRow>; left: number }> {
	const { left, waiting, demand, outcomes } = await curationOf(parts, name);
	if (waiting > 0) {
		run.log('warn', `${waiting} synthesized problems wait for curation, which this dataset demands (${demand}): they are left out`);
	}
	return { rows: curatedRows(parts.datasets.rows(name, run.signal), outcomes), left };
}

/** One line of a page, for the command line's `items`. */
export async function listItems(parts: Curating, options: { readonly dataset: string; readonly filter: ItemFilter; readonly offset: number; readonly limit: number }): Promise<{ total: number; items: readonly ItemRow[] }> {
	const { total, rows } = await parts.store.read('items', options);
	return { total, items: rows };
}

/** The items meant by ids or the starts of ids. */
export async function itemsNamed(parts: Curating, dataset: string, names: readonly string[]): Promise<QuestionId[]> {
	const all = await parts.store.read('itemIds', { dataset, filter: {} });
	const known = new Set(all);
	return names.map((name) => {
		const found = known.has(name) ? [name] : all.filter((id) => id.startsWith(name));
		if (found.length !== 1 || found[0] === undefined) {
			throw new StatError(found.length === 0 ? `dataset ${dataset} has no synthesized problem whose id starts with "${name.slice(0, 40)}"` : `${found.length} ids start with "${name}": write more of it`);
		}
		return found[0];
	});
}
