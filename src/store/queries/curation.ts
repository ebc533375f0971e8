import type { SqlValue } from 'sql.js';
import type { CurationStatus, ItemFlag } from '../../core/curation.ts';
import { curationStatuses, decisionsInForce } from '../../core/curation.ts';
import { normaliseSkillName, normaliseSubject } from '../../core/skill.ts';
import type { Reads } from '../../core/store.ts';
import { textOf } from '../joining.ts';
import { searchable, unpack } from '../packed.ts';
import { decisionsOf, itemShape, statusCode } from '../verbs/curation.ts';
import type { Context } from '../verb.ts';

const statusName = (code: unknown): CurationStatus => curationStatuses[Number(code)] ?? 'waiting';

export function items({ db }: Context, { dataset, filter, offset, limit }: Reads['items']['params']): Reads['items']['result'] {
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
	if (filter.skill) {
		add('subject = ? AND skill = ?', searchable(normaliseSubject(filter.skill.subject)), searchable(normaliseSkillName(filter.skill.name)));
	}
	if (filter.text !== undefined && filter.text !== '') {
		add('instr(lower(question), ?) > 0', searchable(filter.text.toLowerCase()));
	}
	const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
	return {
		total: db.number(`SELECT count(*) FROM item ${where}`, ...params),
		rows: db.all(`SELECT dataset, qid, question, subject, skill, status, agree, solutions, flags FROM item ${where} ORDER BY id LIMIT ? OFFSET ?`, ...params, limit, offset).map(([of, id, question, subject, skill, status, agree, solutions, flags]) => ({
			dataset: String(of),
			questionId: String(id),
			title: String(question).replace(/\s+/g, ' ').slice(0, 160),
			skill: skill === null ? null : { subject: String(subject), name: String(skill) },
			status: statusName(status),
			agreement: { agree: Number(agree), of: Number(solutions) },
			flags: flagsOf(flags),
		})),
	};
}

export function item(context: Context, { dataset, questionId }: Reads['item']['params']): Reads['item']['result'] {
	const row = context.db.get('SELECT body, status FROM item WHERE dataset = ? AND qid = ?', dataset, questionId);
	const text = row && textOf(context, unpack(row[0]));
	if (!row || text === null || text === undefined) {
		return null;
	}
	const history = decisionsOf(context, dataset, questionId);
	return { item: itemShape.parse(JSON.parse(text)), status: statusName(row[1]), decision: decisionsInForce(history).at(-1) ?? null, history };
}

export function itemCounts({ db }: Context): Reads['itemCounts']['result'] {
	return db
		.all("SELECT dataset, sum(status = 0), sum(status = 1), sum(status = 2), sum(status = 3), sum(flags <> '') FROM item GROUP BY dataset ORDER BY dataset")
		.map(([dataset, waiting, accepted, edited, rejected, flagged]) => ({ dataset: String(dataset), waiting: Number(waiting), accepted: Number(accepted), edited: Number(edited), rejected: Number(rejected), flagged: Number(flagged) }));
}

export function itemVerdicts(context: Context, { dataset, after, limit }: Reads['itemVerdicts']['params']): Reads['itemVerdicts']['result'] {
	return context.db.all('SELECT qid, status, flags FROM item WHERE dataset = ? AND qid > ? ORDER BY qid LIMIT ?', dataset, after ?? '', limit).map(([id, code, flags]) => {
		const status = statusName(code);
		return { questionId: String(id), status, flagged: flags !== '', edit: status === 'edited' ? (decisionsInForce(decisionsOf(context, dataset, String(id))).findLast(({ after: edited }) => edited !== null)?.after ?? null) : null };
	});
}

function flagsOf(flags: SqlValue | undefined): ItemFlag['kind'][] {
	return flags === '' || flags === null || flags === undefined ? [] : (String(flags).split(' ') as ItemFlag['kind'][]);
}
