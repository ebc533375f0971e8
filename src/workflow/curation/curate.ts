import type {
	CurationDecision,
	CurationDemand,
	ItemContent,
	ItemFilter,
	ItemFlag,
	ItemRow,
	RejectReason,
} from '../../core/curation/curation.ts';
import {
	contentInForce,
	demandKey,
	demandOf,
	flagsInForce,
	isDemanded,
	isExported,
	isSameContent,
} from '../../core/curation/curation.ts';
import type { DatasetRow } from '../../core/datasets/dataset.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import { repaired } from '../../core/curation/repair.ts';
import type { Run } from '../../core/run.ts';
import { StatError, throwIfCancelled } from '../../core/errors/statError.ts';
import type { Writes } from '../../core/ports/store/store.ts';
import { largestGroup } from '../../core/datasets/synthesis.ts';
import { inPages } from '../reading/pages.ts';
import { lookAtWordings } from './wordings.ts';

type Curating = Pick<Parts, 'store'>;
type Grading = Pick<Parts, 'store' | 'grader' | 'datasets'>;
/** The most items read or written at once. */
const page = 500;

/** What a person does to items; undo reverts the latest decision on each. */
export type CurationAct =
	| { readonly verdict: 'accepted' }
	| { readonly verdict: 'rejected'; readonly reason: RejectReason }
	| { readonly verdict: 'edited'; readonly after: Pick<ItemContent, 'question' | 'solutions'> }
	| { readonly verdict: 'withdrawn' };

/** How far a decision on several items got. */
export interface Curated {
	/** Items whose decision is on disk. */
	readonly decided: number;
	/** Items not reached before the run was cancelled; the decisions made remain in effect. */
	readonly left: number;
}

type Deciding = Pick<Run, 'now' | 'signal' | 'progress'>;
/** Called with the items of each write once it is on disk. */
type Written = ((questionIds: readonly QuestionId[]) => void) | undefined;

/**
 * Returns an edit's solutions as the grader reads them: their final answers, and how many are the same. A person's own
 * claims about them are not used.
 */
export async function graded(
	{ grader }: Pick<Parts, 'grader'>,
	{ question, solutions }: Pick<ItemContent, 'question' | 'solutions'>,
): Promise<ItemContent & { readonly answers: readonly (string | null)[]; readonly agree: number }> {
	const answers = solutions.map((solution) => grader.extract(solution).answer);
	return { question, solutions, answers, agree: largestGroup(answers, await grader.groups(answers)).agree };
}

/**
 * Decides on several items at once; each decision records author, time, before and after. Up to 500 items are one
 * write: all or none. More items take a write per 500 and can be cancelled in between: an unknown item is refused
 * before the first write, and what was written remains in effect. An edit that makes a leak, or a question that the
 * queue already has, is refused (see wordings.ts).
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

/**
 * Reverts the latest decision on each item, in writes like those of {@link curate}; items without decisions are
 * skipped.
 */
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
	return inWrites(
		questionIds,
		async (ids) => (await store.write('decideAlike', { ...decision, questionIds: ids, at })).decided,
		written,
		run,
	);
}

/** Stores the same text for each of a few items. */
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
	const changes = (await itemsNow(parts, dataset, questionIds, run)).map((item) => ({ ...item, after }));
	const flags = await flagsAnew(parts, dataset, changes, run);
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
		questionIds.length <= page
			? (await store.read('itemRows', { dataset, ids: questionIds })).map(({ questionId: id }) => id)
			: await store.read('itemIds', { dataset, filter: {} }),
	);
	const unknown = questionIds.find((id) => !known.has(id));
	if (unknown !== undefined) {
		throw new StatError('curation.unknownProblem', { dataset, problem: unknown });
	}
}

/** Makes one write per 500 items and can be cancelled only between two. */
async function inWrites<T>(
	all: readonly T[],
	write: (some: readonly T[]) => Promise<readonly QuestionId[]>,
	written: Written,
	run: Deciding,
): Promise<Curated> {
	throwIfCancelled(run);
	let decided = 0;
	let done = 0;
	for (const some of inPages(all, page)) {
		if (run.signal.aborted) {
			break;
		}
		try {
			const ids = await write(some);
			decided += ids.length;
			written?.(ids);
		} catch (error) {
			throw done === 0 || !(error instanceof StatError)
				? error
				: new StatError(
						'curation.decidedInPart',
						{ decided, all: all.length, reason: error.message },
						{ cause: error },
					);
		}
		done += some.length;
		run.progress({ label: 'Deciding', done, total: all.length });
	}
	return { decided, left: all.length - done };
}

/** An item's current text to train on, and what becomes of it. */
interface Change {
	readonly questionId: QuestionId;
	readonly before: ItemContent;
	readonly flags: readonly ItemFlag[];
	readonly after: Pick<ItemContent, 'question' | 'solutions'>;
}

async function itemsNow(
	{ store }: Curating,
	dataset: string,
	questionIds: readonly QuestionId[],
	run: Deciding,
): Promise<Omit<Change, 'after'>[]> {
	const items: Omit<Change, 'after'>[] = [];
	for (const ids of inPages(questionIds, page)) {
		throwIfCancelled(run);
		for (const { item, history } of await store.read('itemsById', { dataset, ids })) {
			items.push({
				questionId: item.questionId,
				before: contentInForce(item, history),
				flags: flagsInForce(item, history),
			});
		}
		if (questionIds.length > page) {
			run.progress({ label: 'Reading', done: items.length, total: questionIds.length });
		}
	}
	return items;
}

/** A question is compared again only if its text changed. */
function flagsAnew(
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

function writeEdits(
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
	return inWrites(
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
						...(await graded(parts, after)),
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

/** Yields every item of a queue, in chunks. */
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
 * and questions compared again. Writes and can be cancelled like {@link curate}; before the first write, cancelling
 * changes nothing.
 */
export async function repairAll(parts: Grading, options: RepairOptions, run: Deciding): Promise<Repaired> {
	const { dataset, find, author } = options;
	if (find === '') {
		throw new StatError('curation.emptyFind', {});
	}
	const only = options.questionIds && new Set(options.questionIds);
	const matching = (await parts.store.read('itemsHolding', { dataset, text: find })).filter(
		(id) => !only || only.has(id),
	);
	const changes = (await itemsNow(parts, dataset, matching, run))
		.map((item) => ({ ...item, after: repaired(item.before, options) }))
		.filter(({ before, after }) => !isSameContent(before, after) && after.question.trim() !== '');
	if (!options.apply) {
		return { matched: changes.length, decided: 0, left: 0, refused: [], items: changes };
	}
	const flags = await flagsAnew(parts, dataset, changes, run);
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

/** Sets which items must be reviewed before a dataset is exported. */
export async function demandCuration(parts: Curating, dataset: string, demand: CurationDemand): Promise<void> {
	await parts.store.write('setSetting', { key: demandKey(dataset), value: demand });
}

/** Returns what a dataset demands, and how many of those items are not reviewed. */
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

/** Returns the state of a queue: which demanded items still wait, and what an export would leave out. */
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

/**
 * Yields a dataset's rows after curation: without rejected problems, with edits applied, and without demanded problems
 * that are not reviewed. Rows that are not synthesized are unchanged.
 */
async function* curatedRows(
	rows: AsyncIterable<DatasetRow>,
	outcomes: Awaited<ReturnType<typeof curationOf>>['outcomes'],
): AsyncGenerator<DatasetRow> {
	const edited = new Set<QuestionId>();
	for await (const row of rows) {
		const outcome = row.kind === 'synthesized' ? outcomes.get(row.questionId) : undefined;
		if (!outcome) {
			yield row;
		} else if (outcome.isExported && outcome.edit === null) {
			yield row;
		} else if (outcome.isExported && outcome.edit && !edited.has(row.questionId)) {
			// An edit lists all its solutions; they replace the first row of the question.
			edited.add(row.questionId);
			const { question, solutions, answers, agree, flags } = outcome.edit;
			// If the solutions of an edit have different answers, the question has no gold.
			const disagree = agree !== undefined && agree < solutions.length;
			for (const [sample, solution] of solutions.entries()) {
				yield {
					...row,
					questionId: questionId(question),
					question,
					solution,
					sample,
					gold: answers ? (disagree ? null : (answers[0] ?? null)) : row.gold,
					flags: [
						...new Set(flags?.map(({ kind }) => kind) ?? row.flags),
						'edited',
						...(disagree ? ['solutions-disagree'] : []),
					],
				};
			}
		}
	}
}

/** Yields a dataset's rows after curation for all outside uses, exports and training alike. Logs what is left out. */
export async function rowsAsCurated(
	parts: Pick<Parts, 'store' | 'datasets'>,
	name: string,
	run: Pick<Run, 'signal' | 'log'>,
): Promise<{ rows: AsyncGenerator<DatasetRow>; left: number }> {
	const { left, waiting, demand, outcomes } = await curationOf(parts, name);
	if (waiting > 0) {
		run.log(
			'warn',
			`${waiting} synthesized problems wait for curation, which this dataset demands (${demand}): ` +
				'they are left out',
		);
	}
	return { rows: curatedRows(parts.datasets.rows(name, run.signal), outcomes), left };
}

/** Returns one chunk of a queue, for the command line's `items`. */
export async function listItems(
	parts: Curating,
	options: { readonly dataset: string; readonly filter: ItemFilter; readonly offset: number; readonly limit: number },
): Promise<{ total: number; items: readonly ItemRow[] }> {
	const { total, rows } = await parts.store.read('items', options);
	return { total, items: rows };
}

/** Returns the items with these ids or beginnings of ids. */
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
