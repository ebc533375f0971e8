import type { SqlValue } from 'sql.js';
import type { CurationItem, CurationStatus, ItemFilter, ItemFlag, ItemRow } from '../../core/curation/curation.ts';
import { contentInForce, curationStatuses, decisionsInForce } from '../../core/curation/curation.ts';
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
import { count, dataset, decisionsOf, itemShape, listedOf, statusCode } from './itemBodies.ts';
import { qid, textRef } from './shapes.ts';

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
	// Only an edit, a repair or a regeneration changes the text to train on; the latter two may leave the item waiting.
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
const remainingItems = z.object({ dataset, questionIds: z.array(qid) });

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
