import type { SqlValue } from 'sql.js';
import type { QuestionFilter, QuestionRow, Reads } from '../../core/store.ts';
import { knownScope, knownSkill, questionRow } from '../identities.ts';
import { pack, searchable, unpackString } from '../packed.ts';
import { bool, flag, splitCode, splitName } from '../shapes.ts';
import { normaliseSubject } from '../../core/skill.ts';
import type { Context } from '../verb.ts';

interface Query {
	/** FROM and WHERE. */
	readonly from: string;
	readonly params: SqlValue[];
	readonly scope: number;
}

/** By subject, level, the text's first 80 characters, then order of import: an index has it ready. */
const order = 'ORDER BY q.subject, q.level, substr(q.text, 1, 80), q.id';

/** A filter as SQL. Values are bound, never joined into it. */
function compile({ db }: Context, scope: { student: string; round: number } | null, filter: QuestionFilter): Query {
	const scopeId = scope ? (knownScope(db, scope) ?? -1) : -1;
	const joins: string[] = [];
	const where: string[] = [];
	const params: SqlValue[] = [];
	const also: SqlValue[] = [];
	const join = (table: string, as: string): void => {
		if (!joins.some((text) => text.includes(` ${table} `))) {
			joins.push(`LEFT JOIN ${table} ${as} ON ${as}.scope = ? AND ${as}.question = q.id`);
			params.push(scopeId);
		}
	};
	const need = (condition: string, ...values: SqlValue[]): void => {
		where.push(condition);
		also.push(...values);
	};
	if (filter.splits) {
		need(`q.split IN (${filter.splits.map((split) => splitCode(split)).join(', ') || '-1'})`);
	}
	if (filter.subject !== undefined) {
		const subject = filter.subject === null ? '' : normaliseSubject(filter.subject);
		need('q.subject IS ?', subject === '' ? null : searchable(subject));
	}
	if (filter.benchmark !== undefined) {
		need('q.benchmark IS ?', filter.benchmark === '' ? null : pack(filter.benchmark));
	}
	if (filter.level !== undefined) {
		need('q.level IS ?', filter.level);
	}
	if (filter.missingSkill) {
		need('q.id IN (SELECT question FROM missing WHERE scope = ? AND skill = ?)', scopeId, knownSkill(db, filter.missingSkill) ?? -1);
	}
	if (filter.labelledSkill) {
		need('q.id IN (SELECT question FROM label WHERE skill = ? AND effective = 1)', knownSkill(db, filter.labelledSkill) ?? -1);
	}
	if (filter.difficult !== undefined) {
		join('difficulty', 'd');
		need('d.difficult IS ?', flag(filter.difficult));
	}
	for (const name of ['diagnosed', 'corrected', 'disputed'] as const) {
		const wanted = filter[name];
		if (wanted !== undefined) {
			join('finding', 'f');
			need(`coalesce(f.${name}, 0) = ?`, flag(wanted));
		}
	}
	if (filter.verdict !== undefined) {
		need('EXISTS (SELECT 1 FROM answer a WHERE a.scope = ? AND a.question = q.id AND a.sample = 0 AND a.verdict IS ?)', scopeId, flag(filter.verdict));
	}
	if (filter.hasAnswers !== undefined) {
		join('tally', 't');
		need(filter.hasAnswers ? 't.samples IS NOT NULL' : 't.samples IS NULL');
	}
	if (filter.text !== undefined && filter.text !== '') {
		// SQLite folds ASCII only: an accented search tries both of its cases.
		const needle = searchable(filter.text);
		const forms = [...new Set([needle.toLowerCase(), needle.toUpperCase()])];
		need(`(${forms.map(() => 'instr(lower(q.text), lower(?)) > 0').join(' OR ')})`, ...forms);
	}
	return { from: `FROM question q ${joins.join(' ')} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}`, params: [...params, ...also], scope: scopeId };
}

export function questions(context: Context, { scope, filter, offset, limit }: Reads['questions']['params']): Reads['questions']['result'] {
	const { db } = context;
	const query = compile(context, scope, filter);
	const total = db.number(`SELECT count(*) ${query.from}`, ...query.params);
	const rows: QuestionRow[] = [];
	db.each(
		`SELECT q.qid, substr(q.text, 1, 600), q.split, q.subject, q.level, q.benchmark, t.right, t.samples, d.difficult, f.diagnosed, f.corrected, f.disputed, f.missing
		FROM (SELECT q.id AS id ${query.from} ${order} LIMIT ? OFFSET ?) p CROSS JOIN question q ON q.id = p.id
		LEFT JOIN tally t ON t.scope = ? AND t.question = q.id LEFT JOIN difficulty d ON d.scope = ? AND d.question = q.id LEFT JOIN finding f ON f.scope = ? AND f.question = q.id ${order}`,
		[...query.params, limit, offset, query.scope, query.scope, query.scope],
		(row) => {
			rows.push({
				id: String(row[0]),
				title: String(row[1]).replace(/\s+/gu, ' ').trim().slice(0, 160),
				split: splitName(row[2]),
				subject: unpackString(row[3]),
				level: row[4] === null ? null : Number(row[4]),
				benchmark: unpackString(row[5]),
				right: Number(row[6] ?? 0),
				samples: Number(row[7] ?? 0),
				difficult: bool(row[8]),
				diagnosed: bool(row[9]) === true,
				corrected: bool(row[10]) === true,
				disputed: bool(row[11]) === true,
				missing: Number(row[12] ?? 0),
			});
		},
	);
	return { total, rows };
}

export function questionPosition(context: Context, { scope, filter, id }: Reads['questionPosition']['params']): number {
	const wanted = questionRow(context.db, id);
	if (wanted === undefined) {
		return -1;
	}
	const query = compile(context, scope, filter);
	let position = -1;
	let found = -1;
	context.db.each(`SELECT q.id ${query.from} ${order}`, query.params, (row) => {
		position++;
		if (row[0] === wanted) {
			found = position;
			return true;
		}
		return false;
	});
	return found;
}

export function questionGroups(context: Context, { scope, filter, by }: Reads['questionGroups']['params']): Reads['questionGroups']['result'] {
	const { db } = context;
	const query = compile(context, scope, filter);
	if (by === 'missingSkill') {
		return db
			.all(
				`SELECT s.subject, s.name, count(*) FROM missing m JOIN skill s ON s.id = m.skill WHERE m.scope = ? AND m.question IN (SELECT q.id ${query.from}) GROUP BY s.id ORDER BY count(*) DESC, s.subject, s.name`,
				query.scope,
				...query.params,
			)
			.map(([subject, name, count]) => ({ key: `${String(subject)}/${String(name)}`, subject: String(subject), count: Number(count) }));
	}
	return db
		.all(`SELECT q.${by === 'subject' ? 'subject' : by === 'level' ? 'level' : 'benchmark'}, count(*) ${query.from} GROUP BY 1 ORDER BY 1`, ...query.params)
		.map(([value, count]) => {
			const key = value === null ? '' : typeof value === 'number' ? String(value) : (unpackString(value) ?? '');
			return { key, subject: by === 'subject' && key !== '' ? key : null, count: Number(count) };
		});
}
