import type { SqlValue } from 'sql.js';
import type { Verdict } from '../../core/questions/answer.ts';
import type { QuestionFilter, QuestionRow } from '../../core/ports/store/questions.ts';
import type { Reads } from '../../core/ports/store/store.ts';
import { knownScope, knownSkill, questionRow } from './identities.ts';
import { pack, searchable, unpackString } from '../engine/packed.ts';
import { bool, flag, splitCode, splitName } from './shapes.ts';
import { normaliseSubject } from '../../core/skills/skill.ts';
import { skillNames } from './resolveNames.ts';
import type { Context } from './verb.ts';

/** A condition with its values. */
type Condition = readonly [sql: string, ...values: SqlValue[]];

interface Query {
	/** The FROM and WHERE clauses; `q.id` is the question. */
	readonly from: string;
	readonly params: SqlValue[];
	readonly scope: number;
}

/**
 * Sorts by subject, level, the first 80 characters of the text, and then order of import, which is the order of an
 * index.
 */
const order = 'ORDER BY q.subject, q.level, substr(q.text, 1, 80), q.id';

/** Returns the code of a verdict in tally.first (see firstVerdicts in migrations.ts). */
const firstCode = (verdict: Verdict): number => flag(verdict) ?? 2;

/**
 * Translates a filter to SQL. Values are bound, never concatenated. If `need` is `ids`, a filter that concerns only a
 * student's results does not visit the question table, whose rows are long: counting 100,000 questions then takes a
 * tenth of the time.
 */
function compile(
	context: Context,
	scope: { student: string; round: number } | null,
	filter: QuestionFilter,
	need: 'rows' | 'ids',
): Query {
	const { db } = context;
	const scopeId = scope ? (knownScope(db, scope) ?? -1) : -1;
	const conditions = aboutQuestions(context, filter);
	let base: Condition = ['question q'];
	if (need === 'ids' && conditions.length === 0) {
		if (filter.difficult !== undefined) {
			base = [
				'(SELECT question AS id FROM difficulty WHERE scope = ? AND difficult = ?) q',
				scopeId,
				flag(filter.difficult),
			];
		} else if (filter.verdict !== undefined || filter.hasAnswers === true) {
			base = ['(SELECT question AS id FROM tally WHERE scope = ?) q', scopeId];
		}
	}
	const joined = new Map<string, Condition>();
	const join = (table: string, as: string): string => {
		joined.set(table, [`LEFT JOIN ${table} ${as} ON ${as}.scope = ? AND ${as}.question = q.id`, scopeId]);
		return as;
	};
	if (filter.missingSkill) {
		conditions.push([
			'q.id IN (SELECT question FROM missing WHERE scope = ? AND skill = ?)',
			scopeId,
			knownSkill(db, skillNames(context).present(filter.missingSkill)) ?? -1,
		]);
	}
	if (filter.difficult !== undefined && !base[0].includes(' difficulty ')) {
		conditions.push([`${join('difficulty', 'd')}.difficult IS ?`, flag(filter.difficult)]);
	}
	for (const name of ['diagnosed', 'corrected', 'disputed'] as const) {
		const required = filter[name];
		if (required !== undefined) {
			conditions.push([`coalesce(${join('finding', 'f')}.${name}, 0) = ?`, flag(required)]);
		}
	}
	if (filter.verdict !== undefined) {
		conditions.push([`${join('tally', 't')}.first = ?`, firstCode(filter.verdict)]);
	}
	if (filter.hasAnswers !== undefined) {
		conditions.push([`${join('tally', 't')}.samples IS ${filter.hasAnswers ? 'NOT NULL' : 'NULL'}`]);
	}
	const parts = [base, ...joined.values(), ...conditions];
	const where = conditions.map(([sql]) => sql).join(' AND ');
	return {
		from: `FROM ${[base, ...joined.values()].map(([sql]) => sql).join(' ')}${where === '' ? '' : ` WHERE ${where}`}`,
		params: parts.flatMap(([, ...values]) => values),
		scope: scopeId,
	};
}

/** Returns the conditions of a filter that concern a question's own row or its labels. */
function aboutQuestions(context: Context, filter: QuestionFilter): Condition[] {
	const { db } = context;
	const conditions: Condition[] = [];
	if (filter.splits) {
		conditions.push([`q.split IN (${filter.splits.map((split) => splitCode(split)).join(', ') || '-1'})`]);
	}
	if (filter.subject !== undefined) {
		const subject = filter.subject === null ? '' : normaliseSubject(filter.subject);
		conditions.push(['q.subject IS ?', subject === '' ? null : searchable(subject)]);
	}
	if (filter.benchmark !== undefined) {
		conditions.push(['q.benchmark IS ?', filter.benchmark === '' ? null : pack(filter.benchmark)]);
	}
	if (filter.level !== undefined) {
		conditions.push(['q.level IS ?', filter.level]);
	}
	if (filter.labelledSkill) {
		conditions.push([
			'q.id IN (SELECT question FROM label WHERE skill = ? AND effective = 1)',
			knownSkill(db, skillNames(context).present(filter.labelledSkill)) ?? -1,
		]);
	}
	if (filter.text !== undefined && filter.text !== '') {
		// SQLite folds only ASCII, so a search for accented letters tries both cases.
		const needle = searchable(filter.text);
		const forms = [...new Set([needle.toLowerCase(), needle.toUpperCase()])];
		conditions.push([`(${forms.map(() => 'instr(lower(q.text), lower(?)) > 0').join(' OR ')})`, ...forms]);
	}
	return conditions;
}

export function questions(
	context: Context,
	{ scope, filter, offset, limit }: Reads['questions']['params'],
): Reads['questions']['result'] {
	const { db } = context;
	const counted = compile(context, scope, filter, 'ids');
	const total = db.number(`SELECT count(*) ${counted.from}`, ...counted.params);
	const rows: QuestionRow[] = [];
	if (limit === 0 || offset >= total) {
		return { total, rows };
	}
	const query = compile(context, scope, filter, 'rows');
	db.each(
		`SELECT q.qid, substr(q.text, 1, 600), q.split, q.subject, q.level, q.benchmark, t.right, t.samples, d.difficult, f.diagnosed, f.corrected, f.disputed, f.missing,
			(SELECT count(*) FROM answer a WHERE a.scope = ? AND a.question = q.id AND a.verdict IS NULL)
		FROM (SELECT q.id AS id ${query.from} ${order} LIMIT ? OFFSET ?) p CROSS JOIN question q ON q.id = p.id
		LEFT JOIN tally t ON t.scope = ? AND t.question = q.id LEFT JOIN difficulty d ON d.scope = ? AND d.question = q.id LEFT JOIN finding f ON f.scope = ? AND f.question = q.id ${order}`,
		[query.scope, ...query.params, limit, offset, query.scope, query.scope, query.scope],
		(row) => {
			rows.push({
				id: String(row[0]),
				title: String(row[1]).replace(/\s+/gu, ' ').trim().slice(0, 160),
				split: splitName(row[2]),
				subject: unpackString(row[3]),
				level: row[4] === null ? null : Number(row[4]),
				benchmark: unpackString(row[5]),
				right: Number(row[6] ?? 0),
				unsure: Number(row[13] ?? 0),
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
	const target = questionRow(context.db, id);
	if (target === undefined) {
		return -1;
	}
	const query = compile(context, scope, filter, 'rows');
	let position = -1;
	let found = -1;
	context.db.each(`SELECT q.id ${query.from} ${order}`, query.params, (row) => {
		position++;
		if (row[0] === target) {
			found = position;
			return true;
		}
		return false;
	});
	return found;
}

/** The columns a caller may group by, so that no name from outside becomes SQL. */
const groupColumns = { subject: 'subject', level: 'level', benchmark: 'benchmark' } as const;

export function questionGroups(
	context: Context,
	{ scope, filter, by }: Reads['questionGroups']['params'],
): Reads['questionGroups']['result'] {
	const { db } = context;
	if (by === 'missingSkill') {
		const ids = compile(context, scope, filter, 'ids');
		return db
			.all(
				'SELECT s.subject, s.name, g.count FROM (SELECT m.skill AS skill, count(*) AS count FROM ' +
					`missing m WHERE m.scope = ? AND m.question IN (SELECT q.id ${ids.from}) GROUP BY m.skill) ` +
					'g JOIN skill s ON s.id = g.skill ORDER BY g.count DESC, s.subject, s.name',
				ids.scope,
				...ids.params,
			)
			.map(([subject, name, count]) => ({
				key: `${String(subject)}/${String(name)}`,
				subject: String(subject),
				count: Number(count),
			}));
	}
	if (by === 'verdict') {
		const ids = compile(context, scope, filter, 'ids');
		const counts = new Map(
			db
				.all(
					'SELECT g.first, count(*) FROM tally g WHERE g.scope = ? AND g.question IN (SELECT ' +
						`q.id ${ids.from}) GROUP BY 1`,
					ids.scope,
					...ids.params,
				)
				.map(([first, count]) => [first, Number(count)]),
		);
		return (
			[
				['wrong', false],
				['unsure', null],
				['right', true],
			] as const
		).flatMap(([key, verdict]) => {
			const count = counts.get(firstCode(verdict)) ?? 0;
			return count > 0 ? [{ key, subject: null, count }] : [];
		});
	}
	const query = compile(context, scope, filter, 'rows');
	return db
		.all(`SELECT q.${groupColumns[by]}, count(*) ` + `${query.from} GROUP BY 1 ORDER BY 1`, ...query.params)
		.map(([value, count]) => {
			const key = typeof value === 'number' ? String(value) : (unpackString(value) ?? '');
			return { key, subject: by === 'subject' && key !== '' ? key : null, count: Number(count) };
		});
}
