import type { SqlValue } from 'sql.js';
import type {
	CurationDecision,
	CurationItem,
	CurationStatus,
	ItemFilter,
	ItemFlag,
	ItemRow,
} from '../../core/curation/curation.ts';
import {
	contentInForce,
	curationStatuses,
	decisionsInForce,
	flagsInForce,
	itemFlagKinds,
	itemInForce,
	rejectReasons,
	statusOf,
} from '../../core/curation/curation.ts';
import { StatError } from '../../core/errors/statError.ts';
import { normaliseSkillName, normaliseSubject } from '../../core/skills/skill.ts';
import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { stored, textOf } from './joining.ts';
import { pack, searchable, unpack } from '../engine/packed.ts';
import { skillNames } from './resolveNames.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { at, qid, shortText, skill, textRef } from './shapes.ts';

const statusName = (code: unknown): CurationStatus => curationStatuses[Number(code)] ?? 'waiting';
const listColumns = 'dataset, qid, question, subject, skill, status, agree, solutions, flags';
const mostAtOnce = 500;

function where(dataset: string | null, filter: ItemFilter): { readonly clause: string; readonly params: SqlValue[] } {
	const conditions: string[] = [];
	const params: SqlValue[] = [];
	const add = (condition: string, ...values: SqlValue[]): void => {
		conditions.push(condition);
		params.push(...values);
	};
	if (dataset !== null) {
		add('dataset = ?', dataset);
	}
	if (filter.status !== undefined) {
		add('status = ?', statusCode(filter.status));
	}
	if (filter.flagged !== undefined) {
		add(filter.flagged ? "flags <> ''" : "flags = ''");
	}
	if (filter.flag !== undefined) {
		add("instr(' ' || flags || ' ', ?) > 0", ` ${filter.flag} `);
	}
	if (filter.skill) {
		add(
			'subject = ? AND skill = ?',
			searchable(normaliseSubject(filter.skill.subject)),
			searchable(normaliseSkillName(filter.skill.name)),
		);
	}
	if (filter.text !== undefined && filter.text !== '') {
		add('instr(lower(question), ?) > 0', searchable(filter.text.toLowerCase()));
	}
	return { clause: conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '', params };
}

function toRow([of, id, question, subject, skill, status, agree, solutions, flags]: SqlValue[]): ItemRow {
	return {
		dataset: String(of),
		questionId: String(id),
		title: String(question).replace(/\s+/g, ' ').slice(0, 160),
		skill: skill === null ? null : { subject: String(subject), name: String(skill) },
		status: statusName(status),
		agreement: { agree: Number(agree), of: Number(solutions) },
		flags: flagsOf(flags),
	};
}

export function items(
	{ db }: Context,
	{ dataset, filter, offset, limit }: Reads['items']['params'],
): Reads['items']['result'] {
	const { clause, params } = where(dataset, filter);
	return {
		total: db.number(`SELECT count(*) FROM item ${clause}`, ...params),
		rows: db
			.all(`SELECT ${listColumns} FROM item ${clause} ORDER BY id LIMIT ? OFFSET ?`, ...params, limit, offset)
			.map(toRow),
	};
}

export function itemIds({ db }: Context, { dataset, filter }: Reads['itemIds']['params']): Reads['itemIds']['result'] {
	const { clause, params } = where(dataset, filter);
	return db.all(`SELECT qid FROM item ${clause} ORDER BY id`, ...params).map(([id]) => String(id));
}

export function itemRows({ db }: Context, { dataset, ids }: Reads['itemRows']['params']): Reads['itemRows']['result'] {
	few('itemRows', ids);
	return ids.flatMap((id) => {
		const row = db.get(`SELECT ${listColumns} FROM item WHERE dataset = ? AND qid = ?`, dataset, id);
		return row ? [toRow(row)] : [];
	});
}

export function item(context: Context, { dataset, questionId }: Reads['item']['params']): Reads['item']['result'] {
	const [found] = itemsById(context, { dataset, ids: [questionId] });
	return found ? { ...found, decision: decisionsInForce(found.history).at(-1) ?? null } : null;
}

/** Returns the item with its skill's current name; the stored item has the name of the time when it was made. */
function withPresentName(context: Context, item: CurationItem): CurationItem {
	return item.skill ? { ...item, skill: skillNames(context).present(item.skill, item.forQuestion) } : item;
}

export function itemsById(
	context: Context,
	{ dataset, ids }: Reads['itemsById']['params'],
): Reads['itemsById']['result'] {
	few('itemsById', ids);
	return ids.flatMap((id) => {
		const row = context.db.get('SELECT body, status FROM item WHERE dataset = ? AND qid = ?', dataset, id);
		const text = row && textOf(context, unpack(row[0]));
		return row && text !== null && text !== undefined
			? [
					{
						item: withPresentName(context, itemShape.parse(JSON.parse(text))),
						status: statusName(row[1]),
						history: decisionsOf(context, dataset, id),
					},
				]
			: [];
	});
}

export function itemFacets({ db }: Context, { dataset }: Reads['itemFacets']['params']): Reads['itemFacets']['result'] {
	const flags = new Map<ItemFlag['kind'], number>();
	for (const [joined, count] of db.all(
		"SELECT flags, count(*) FROM item WHERE dataset = ? AND flags <> '' GROUP BY flags",
		dataset,
	)) {
		for (const flag of flagsOf(joined)) {
			flags.set(flag, (flags.get(flag) ?? 0) + Number(count));
		}
	}
	return {
		skills: db
			.all(
				'SELECT subject, skill, count(*) AS items FROM item WHERE dataset = ? AND skill IS NOT ' +
					'NULL GROUP BY subject, skill ORDER BY items DESC, subject, skill',
				dataset,
			)
			.map(([subject, name, count]) => ({ subject: String(subject), name: String(name), items: Number(count) })),
		flags: [...flags]
			.map(([flag, count]) => ({ flag, items: count }))
			.sort((left, right) => right.items - left.items || (left.flag < right.flag ? -1 : 1)),
	};
}

export function itemsHolding(
	context: Context,
	{ dataset, text }: Reads['itemsHolding']['params'],
): Reads['itemsHolding']['result'] {
	// Most items do not contain the text, which a search of the stored JSON shows without parsing it.
	const escaped = JSON.stringify(text).slice(1, -1);
	const isInDecisions = (id: string): boolean =>
		context.db
			.all('SELECT body FROM item_decision WHERE dataset = ? AND qid = ?', dataset, id)
			.some(([body]) => textOf(context, unpack(body))?.includes(escaped));
	const holds = (content: { readonly question: string; readonly solutions: readonly string[] }): boolean =>
		content.question.includes(text) || content.solutions.some((solution) => solution.includes(text));
	return context.db
		.all(
			'SELECT qid, body, EXISTS (SELECT 1 FROM item_decision d WHERE d.dataset = item.dataset AND ' +
				'd.qid = item.qid) FROM item WHERE dataset = ? AND status <> ? ORDER BY id',
			dataset,
			statusCode('rejected'),
		)
		.flatMap(([id, body, isDecided]) => {
			const json = textOf(context, unpack(body));
			if (json === null || (!json.includes(escaped) && (isDecided === 0 || !isInDecisions(String(id))))) {
				return [];
			}
			const made: CurationItem = itemShape.parse(JSON.parse(json));
			return holds(contentInForce(made, isDecided === 0 ? [] : decisionsOf(context, dataset, String(id))))
				? [String(id)]
				: [];
		});
}

export function itemCounts({ db }: Context): Reads['itemCounts']['result'] {
	return db
		.all(
			'SELECT dataset, sum(status = 0), sum(status = 1), sum(status = 2), sum(status = 3), sum(flags ' +
				"<> '') FROM item GROUP BY dataset ORDER BY dataset",
		)
		.map(([dataset, waiting, accepted, edited, rejected, flagged]) => ({
			dataset: String(dataset),
			waiting: Number(waiting),
			accepted: Number(accepted),
			edited: Number(edited),
			rejected: Number(rejected),
			flagged: Number(flagged),
		}));
}

export function itemVerdicts(
	context: Context,
	{ dataset, after, limit }: Reads['itemVerdicts']['params'],
): Reads['itemVerdicts']['result'] {
	// Only an edit, a repair or a regeneration changes the text to train on; after a repair or a regeneration, the item
	// may still be waiting.
	const changed =
		'status = 2 OR EXISTS (SELECT 1 FROM item_decision d WHERE d.dataset = item.dataset AND d.qid = ' +
		'item.qid AND d.status = 0)';
	return context.db
		.all(
			`SELECT qid, status, flags, ${changed} FROM item WHERE dataset = ? AND qid > ? ORDER BY qid LIMIT ?`,
			dataset,
			after ?? '',
			limit,
		)
		.map(([id, code, flags, mayDiffer]) => {
			const standing = mayDiffer === 1 ? decisionsInForce(decisionsOf(context, dataset, String(id))) : [];
			return {
				questionId: String(id),
				status: statusName(code),
				flagged: flags !== '',
				edit: standing.findLast(({ after: changedTo }) => changedTo !== null)?.after ?? null,
			};
		});
}

function flagsOf(flags: SqlValue | undefined): ItemFlag['kind'][] {
	return flags ? (String(flags).split(' ') as ItemFlag['kind'][]) : [];
}

function few(query: string, ids: readonly string[]): void {
	if (ids.length > mostAtOnce) {
		throw new StatError('store.tooMany', { operation: query, limit: mostAtOnce, count: ids.length });
	}
}

const dataset = z.string().regex(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/, 'expected a dataset name');
const longText = z.string().max(1_000_000, 'expected at most 1,000,000 characters');
const count = z.int().min(0).max(1_000_000);

const flags = z
	.array(
		z.object({
			kind: z.enum(itemFlagKinds),
			with: qid.nullable(),
			score: z.number().nullable(),
		}),
	)
	.max(1000);

/** What the teacher wrote, either originally or in a regeneration. */
const made = {
	question: longText,
	references: z.array(qid).max(1000),
	solutions: z
		.array(
			z.object({
				sample: count,
				text: longText,
				answer: longText.nullable(),
				agrees: z.boolean(),
				replyKey: shortText.nullable(),
			}),
		)
		.max(1000),
	agreement: z.object({ agree: count, of: count }),
	flags,
	replyKey: shortText.nullable(),
	model: shortText,
	promptVersion: shortText,
	at,
};

export const itemShape: z.ZodType<CurationItem> = z.object({
	dataset,
	questionId: qid,
	subject: shortText.nullable(),
	skill: skill.nullable(),
	forQuestion: qid.nullable(),
	...made,
});

const content = z.object({
	question: longText.min(1, 'expected a question'),
	solutions: z.array(longText).min(1, 'expected a solution').max(1000),
	answers: z.array(longText.nullable()).max(1000).optional(),
	agree: count.optional(),
	flags: flags.optional(),
});
const decisionShape: z.ZodType<CurationDecision> = z
	.object({
		dataset,
		questionId: qid,
		verdict: z.enum(['accepted', 'edited', 'repaired', 'rejected', 'regenerated', 'withdrawn']),
		reason: z.enum(rejectReasons).nullable(),
		note: shortText.nullable(),
		before: content,
		after: content.nullable(),
		made: z.object({ ...made, hint: shortText }).optional(),
		author: shortText,
		at,
	})
	.refine(
		({ verdict, after }) => ['edited', 'repaired', 'regenerated'].includes(verdict) === (after !== null),
		'expected what it became, with an edit, a repair or a regeneration alone',
	)
	.refine(
		({ verdict, made: remade }) => (verdict === 'regenerated') === (remade !== undefined),
		'expected what the teacher made, with a regeneration alone',
	)
	.refine(
		({ verdict, reason }) => (verdict === 'rejected') === (reason !== null),
		'expected a reason, with a rejection alone',
	);

/**
 * A record in the journal: the JSON of the item or decision (in the segments if it is long), and the fields that lists
 * need.
 */
const itemRecord = z.object({
	dataset,
	questionId: qid,
	flags: z.array(z.string().max(40)).max(1000),
	agree: count,
	solutions: count,
	subject: z.string().nullable(),
	skill: z.string().nullable(),
	question: z.string().max(2000),
	digest: z.string().max(64),
	body: textRef,
});
/** `listed` holds the fields that lists show from now on, if the decision changed them. */
const listedRecord = z.object({
	flags: z.array(z.string().max(40)).max(1000),
	agree: count,
	solutions: count,
	question: z.string().max(2000),
});
const decisionRecord = z.object({
	dataset,
	questionId: qid,
	status: z.enum(curationStatuses),
	body: textRef,
	listed: listedRecord.optional(),
});
const remainingItems = z.object({ dataset, questionIds: z.array(qid) });

export const statusCode = (status: CurationStatus): number => curationStatuses.indexOf(status);

export const addItems = defineVerb<
	Writes['addItems']['params'],
	{ rows: z.infer<typeof itemRecord>[] },
	Writes['addItems']['result']
>('addItems', ['curation'], {
	params: z.object({ rows: z.array(itemShape) }),
	record: z.object({ rows: z.array(itemRecord) }),
	write(context, params) {
		const rows: z.infer<typeof itemRecord>[] = [];
		let replaced = 0;
		for (const item of params.rows) {
			const text = JSON.stringify(item);
			const digest = createHash('sha256').update(text).digest('hex');
			const known = context.db.get(
				'SELECT digest FROM item WHERE dataset = ? AND qid = ?',
				item.dataset,
				item.questionId,
			);
			if (known?.[0] === digest) {
				continue;
			}
			const listed = item.skill && skillNames(context).present(item.skill, item.forQuestion);
			const row = {
				dataset: item.dataset,
				questionId: item.questionId,
				...listedOf(item, decisionsOf(context, item.dataset, item.questionId)),
				subject: listed && searchable(normaliseSubject(listed.subject)),
				skill: listed && searchable(normaliseSkillName(listed.name)),
				digest,
				body: stored(context, text),
			};
			putItem(context, row);
			rows.push(row);
			replaced += known ? 1 : 0;
		}
		return { result: { added: rows.length - replaced, replaced }, record: rows.length > 0 ? { rows } : null };
	},
	replay(context, { rows }) {
		for (const row of rows) {
			putItem(context, row);
		}
	},
});

export const keepItems = defineVerb<
	Writes['keepItems']['params'],
	z.infer<typeof remainingItems>,
	Writes['keepItems']['result']
>('keepItems', ['curation'], {
	params: remainingItems as unknown as z.ZodType<Writes['keepItems']['params']>,
	record: remainingItems,
	write(context, { dataset: name, questionIds }) {
		const removed = keepOnly(context, name, questionIds);
		return {
			result: { removed },
			record: removed > 0 ? { dataset: name, questionIds: [...questionIds] } : null,
		};
	},
	replay(context, { dataset: name, questionIds }) {
		keepOnly(context, name, questionIds);
	},
});

export const decideItems = defineVerb<
	Writes['decideItems']['params'],
	{ rows: z.infer<typeof decisionRecord>[] },
	Writes['decideItems']['result']
>('decideItems', ['curation'], {
	params: z.object({ rows: z.array(decisionShape) }),
	record: z.object({ rows: z.array(decisionRecord) }),
	write(context, params) {
		for (const { dataset: name, questionId } of params.rows) {
			if (!context.db.get('SELECT 1 FROM item WHERE dataset = ? AND qid = ?', name, questionId)) {
				throw new StatError('store.noItem', { dataset: name, question: questionId });
			}
		}
		const rows = params.rows.map(
			(decision) =>
				edited(context, decision) ??
				addDecision(context, decision, decisionsOf(context, decision.dataset, decision.questionId)),
		);
		return { result: { decided: rows.length }, record: rows.length > 0 ? { rows } : null };
	},
	replay(context, { rows }) {
		rows.forEach((row) => putDecision(context, row));
	},
});

const alike = z
	.object({
		dataset,
		questionIds: z.array(qid).max(500, 'expected at most 500 items'),
		verdict: z.enum(['accepted', 'rejected', 'withdrawn']),
		reason: z.enum(rejectReasons).nullable(),
		note: shortText.nullable(),
		author: shortText,
		at,
	})
	.refine(
		({ verdict, reason }) => (verdict === 'rejected') === (reason !== null),
		'expected a reason, with a rejection alone',
	);

/**
 * Records the same decision on thousands of items. Their content is read here, so that no item crosses between threads.
 */
export const decideAlike = defineVerb<
	Writes['decideAlike']['params'],
	{ rows: z.infer<typeof decisionRecord>[] },
	Writes['decideAlike']['result']
>('decideAlike', ['curation'], {
	params: alike,
	record: z.object({ rows: z.array(decisionRecord) }),
	write(context, { dataset: name, questionIds, verdict, reason, note, author, at: when }) {
		const rows: z.infer<typeof decisionRecord>[] = [];
		for (const questionId of new Set(questionIds)) {
			const item = itemOf(context, name, questionId);
			if (!item) {
				throw new StatError('store.noItem', { dataset: name, question: questionId });
			}
			const history = decisionsOf(context, name, questionId);
			if (verdict !== 'withdrawn' || decisionsInForce(history).length > 0) {
				rows.push(
					addDecision(
						context,
						{
							dataset: name,
							questionId,
							verdict,
							reason,
							note,
							before: contentInForce(item, history),
							after: null,
							author,
							at: when,
						},
						history,
						item,
					),
				);
			}
		}
		return {
			result: { decided: rows.map(({ questionId }) => questionId) },
			record: rows.length > 0 ? { rows } : null,
		};
	},
	replay(context, { rows }) {
		rows.forEach((row) => putDecision(context, row));
	},
});

/**
 * Returns the record of an edit or a repair. The record contains everything that lists show, so the history need not be
 * read. Returns `null` for other decisions.
 */
function edited(context: Context, decision: CurationDecision): z.infer<typeof decisionRecord> | null {
	const { verdict, after, dataset: name, questionId } = decision;
	if ((verdict !== 'edited' && verdict !== 'repaired') || after?.agree === undefined || after.flags === undefined) {
		return null;
	}
	const status =
		verdict === 'edited'
			? 'edited'
			: afterRepair[context.db.number('SELECT status FROM item WHERE dataset = ? AND qid = ?', name, questionId)];
	const row = {
		dataset: name,
		questionId,
		status: status ?? 'waiting',
		body: stored(context, JSON.stringify(decision)),
		listed: {
			flags: [...new Set(after.flags.map(({ kind }) => kind))],
			agree: after.agree,
			solutions: after.solutions.length,
			question: searchable(after.question).slice(0, 2000),
		},
	};
	putDecision(context, row);
	return row;
}

/**
 * The status after a repair, by the status before it: a bulk repair is not a review of the item (core's `statusOf`).
 */
const afterRepair: readonly CurationStatus[] = curationStatuses.map((status) =>
	status === 'accepted' ? 'edited' : status,
);

/** Appends a decision and returns its journal record. */
function addDecision(
	context: Context,
	decision: CurationDecision,
	earlier: readonly CurationDecision[],
	known?: CurationItem,
): z.infer<typeof decisionRecord> {
	const history = [...earlier, decision];
	const changes =
		decision.after !== null || (decision.verdict === 'withdrawn' && history.some(({ after }) => after !== null));
	const item = changes ? (known ?? itemOf(context, decision.dataset, decision.questionId)) : null;
	const row = {
		dataset: decision.dataset,
		questionId: decision.questionId,
		status: statusOf(history),
		body: stored(context, JSON.stringify(decision)),
		...(item ? { listed: listedOf(item, history) } : {}),
	};
	putDecision(context, row);
	return row;
}

function putItem({ db }: Context, row: z.infer<typeof itemRecord>): void {
	const status = db.number(
		'SELECT status FROM item_decision WHERE dataset = ? AND qid = ? ORDER BY id DESC LIMIT 1',
		row.dataset,
		row.questionId,
	);
	db.run(
		`INSERT INTO item (dataset, qid, status, flags, agree, solutions, subject, skill, question, digest, body)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (dataset, qid) DO UPDATE SET status = excluded.status, flags = excluded.flags,
			agree = excluded.agree, solutions = excluded.solutions, subject = excluded.subject,
			skill = excluded.skill, question = excluded.question, digest = excluded.digest, body = excluded.body`,
		row.dataset,
		row.questionId,
		status,
		row.flags.join(' '),
		row.agree,
		row.solutions,
		row.subject,
		row.skill,
		row.question,
		row.digest,
		pack(row.body),
	);
}

function putDecision({ db }: Context, row: z.infer<typeof decisionRecord>): void {
	const status = statusCode(row.status);
	db.run(
		'INSERT INTO item_decision (dataset, qid, status, body) VALUES (?, ?, ?, ?)',
		row.dataset,
		row.questionId,
		status,
		pack(row.body),
	);
	db.run('UPDATE item SET status = ? WHERE dataset = ? AND qid = ?', status, row.dataset, row.questionId);
	if (row.listed) {
		const { flags, agree, solutions, question } = row.listed;
		db.run(
			'UPDATE item SET flags = ?, agree = ?, solutions = ?, question = ? WHERE dataset = ? AND qid = ?',
			flags.join(' '),
			agree,
			solutions,
			question,
			row.dataset,
			row.questionId,
		);
	}
}

/** Returns what lists show of an item: the text and agreement of an edit, or the flags of a regeneration. */
function listedOf(item: CurationItem, history: readonly CurationDecision[]): z.infer<typeof listedRecord> {
	const { agreement } = itemInForce(item, history);
	const { question, solutions, agree } = contentInForce(item, history);
	return {
		flags: [...new Set(flagsInForce(item, history).map(({ kind }) => kind))],
		...(agree === undefined
			? { agree: agreement.agree, solutions: agreement.of }
			: { agree, solutions: solutions.length }),
		question: searchable(question).slice(0, 2000),
	};
}

/** Returns an item in full, or `null` if it does not exist or its text is lost. */
function itemOf(context: Context, name: string, questionId: string): CurationItem | null {
	const row = context.db.get('SELECT body FROM item WHERE dataset = ? AND qid = ?', name, questionId);
	const text = row && textOf(context, unpack(row[0]));
	return text === null || text === undefined ? null : itemShape.parse(JSON.parse(text));
}

function keepOnly({ db }: Context, name: string, questionIds: readonly string[]): number {
	const remaining = new Set(questionIds);
	const gone = db
		.all('SELECT id, qid FROM item WHERE dataset = ?', name)
		.filter(([, id]) => !remaining.has(String(id)));
	for (const [id] of gone) {
		db.run('DELETE FROM item WHERE id = ?', id ?? null);
	}
	return gone.length;
}

/** Returns all decisions on an item, oldest first. */
export function decisionsOf(context: Context, name: string, questionId: string): CurationDecision[] {
	return context.db
		.all('SELECT body FROM item_decision WHERE dataset = ? AND qid = ? ORDER BY id', name, questionId)
		.map(([body]) => textOf(context, unpack(body)))
		.filter((text) => text !== null)
		.map((text) => decisionShape.parse(JSON.parse(text)));
}
