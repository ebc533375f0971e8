import type { SkillRef } from '../../core/skills/skill.ts';
import { normaliseSubject } from '../../core/skills/skill.ts';
import type { Reads, Writes } from '../../core/ports/store/store.ts';
import type { SkillRow } from '../../core/ports/store/skills.ts';
import { knownScope, questionRow, skillRow } from './identities.ts';
import { pack, searchable, unpackString } from '../engine/packed.ts';
import { at, labelSource, qid, shortText, skills as skillsShape, sourceCode } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import * as z from 'zod';
import { presentRow } from './resolveNames.ts';
import type { Sql } from '../engine/sql.ts';

export function skills({ db }: Context, { scope }: Reads['skills']['params']): readonly SkillRow[] {
	const scopeId = scope ? (knownScope(db, scope) ?? -1) : -1;
	return db
		.all(
			`SELECT s.subject, s.name, coalesce(l.train, 0), coalesce(l.evaluation, 0), coalesce(m.missed, 0), a.text FROM skill s
			LEFT JOIN (SELECT l.skill AS skill, sum(q.split = 0) AS train, sum(q.split <> 0) AS evaluation
				FROM label l JOIN question q ON q.id = l.question WHERE l.effective = 1 GROUP BY l.skill) l ON l.skill = s.id
			LEFT JOIN (SELECT m.skill AS skill, count(*) AS missed FROM missing m
				JOIN difficulty d ON d.scope = m.scope AND d.question = m.question AND d.difficult = 1
				JOIN question q ON q.id = m.question AND q.split = 1
				WHERE m.scope = ? GROUP BY m.skill) m ON m.skill = s.id
			LEFT JOIN skill_about a ON a.skill = s.id
			WHERE s.id NOT IN (SELECT skill FROM skill_gone) OR l.train IS NOT NULL OR m.missed IS NOT NULL
			ORDER BY s.subject, s.name`,
			scopeId,
		)
		.map(([subject, name, train, evaluation, missed, about]) => ({
			subject: String(subject),
			name: String(name),
			train: Number(train),
			evaluation: Number(evaluation),
			missed: Number(missed),
			description: unpackString(about),
		}));
}

export function skillMap({ db }: Context): Reads['skillMap']['result'] {
	const map: (SkillRef & { questions: string[] })[] = [];
	let current = -1;
	db.each(
		'SELECT s.id, s.subject, s.name, q.qid FROM label l JOIN skill s ON s.id = l.skill JOIN question q ' +
			'ON q.id = l.question WHERE l.effective = 1 AND q.split = 0 ORDER BY s.subject, s.name, q.qid',
		[],
		([id, subject, name, qid]) => {
			if (id !== current) {
				current = Number(id);
				map.push({ subject: String(subject), name: String(name), questions: [] });
			}
			map.at(-1)?.questions.push(String(qid));
		},
	);
	return map;
}

export function skillList({ db }: Context, { subject }: Reads['skillList']['params']): readonly SkillRef[] {
	const key = subject === null ? '' : searchable(normaliseSubject(subject));
	const rows =
		key === ''
			? db.all(
					'SELECT subject, name FROM skill WHERE id NOT IN (SELECT skill FROM skill_gone) ORDER ' +
						'BY subject, name',
				)
			: db.all(
					'SELECT subject, name FROM skill WHERE subject = ? AND id NOT IN (SELECT skill FROM ' +
						'skill_gone) ORDER BY subject, name',
					key,
				);
	return rows.map(([of, name]) => ({ subject: String(of), name: String(name) }));
}

export function labels({ db }: Context, { ids, source }: Reads['labels']['params']): Reads['labels']['result'] {
	// One statement for all ids: a statement for each takes ten times as long.
	const found = new Map<string, SkillRef[]>();
	db.each(
		'SELECT q.qid, s.subject, s.name FROM json_each(?) i JOIN question q ON q.qid = i.value JOIN label l ON ' +
			'l.question = q.id JOIN skill s ON s.id = l.skill WHERE ' +
			`${source ? 'l.source = ?' : 'l.effective = 1'} ORDER BY q.id, s.subject, s.name`,
		[JSON.stringify([...new Set(ids)]), ...(source ? [sourceCode(source)] : [])],
		([id, subject, name]) => {
			const skills = found.get(String(id)) ?? [];
			found.set(String(id), skills);
			skills.push({ subject: String(subject), name: String(name) });
		},
	);
	return ids.flatMap((questionId) => {
		const skills = found.get(questionId);
		return skills ? [{ questionId, skills }] : [];
	});
}

export function subjects({ db }: Context): Reads['subjects']['result'] {
	return db
		.all("SELECT coalesce(subject, ''), sum(split = 0), sum(split <> 0) FROM question GROUP BY 1 ORDER BY 1")
		.map(([subject, train, evaluation]) => ({
			subject: String(subject),
			train: Number(train),
			evaluation: Number(evaluation),
		}));
}

const addSkillsParams = z.object({ skills: z.array(skillsShape.element) });

export const addSkills = defineVerb<
	Writes['addSkills']['params'],
	Writes['addSkills']['params'],
	Writes['addSkills']['result']
>('addSkills', ['skills'], {
	params: addSkillsParams,
	record: addSkillsParams,
	write({ db }, params) {
		const added = params.skills.filter((skill) => skillRow(db, skill).isNew);
		return { result: { added: added.length }, record: added.length > 0 ? { skills: added } : null };
	},
	replay({ db }, record) {
		for (const skill of record.skills) {
			skillRow(db, skill);
		}
	},
});

type AddLabels = Writes['addLabels'];
const addLabelsParams = z.object({
	source: labelSource,
	author: shortText.nullable(),
	at,
	replace: z.boolean(),
	rows: z.array(z.object({ questionId: qid, skills: skillsShape, replyKey: shortText.optional() })),
});

export const addLabels = defineVerb<AddLabels['params'], AddLabels['params'], AddLabels['result']>(
	'addLabels',
	['skills', 'questions'],
	{
		params: addLabelsParams,
		record: addLabelsParams,
		write(context, params) {
			const { links, duplicates, rows } = apply(context, params);
			return { result: { links, duplicates }, record: rows.length > 0 ? { ...params, rows } : null };
		},
		replay(context, record) {
			apply(context, record);
		},
	},
);

/**
 * Links each question to its skills; returns in `rows` those rows that changed something. Unknown questions are
 * skipped.
 */
function apply(
	context: Context,
	params: AddLabels['params'],
): { links: number; duplicates: number; rows: AddLabels['params']['rows'][number][] } {
	const { db } = context;
	const source = sourceCode(params.source);
	// Once skills have been edited, labels as imported are stored separately from what they mean now.
	const link = db.get('SELECT 1 FROM skill_edit LIMIT 1') ? linkEdited : linkPlain;
	let links = 0;
	let duplicates = 0;
	const rows: AddLabels['params']['rows'][number][] = [];
	for (const row of params.rows) {
		const question = questionRow(db, row.questionId);
		if (question === undefined) {
			continue;
		}
		const linked = link(context, question, row, source, params.replace);
		links += linked.links;
		duplicates += row.skills.length - linked.links;
		if (linked.changed) {
			rows.push(row);
			db.run(
				'INSERT OR REPLACE INTO labelling (question, source, author, at, reply) VALUES (?, ?, ?, ?, ?)',
				question,
				source,
				pack(params.author),
				pack(params.at),
				pack(row.replyKey),
			);
			settleLabels(db, question);
		}
	}
	return { links, duplicates, rows };
}

type Row = AddLabels['params']['rows'][number];

function linkPlain(
	{ db }: Context,
	question: number,
	row: Row,
	source: number,
	replace: boolean,
): { links: number; changed: boolean } {
	const before = db.all('SELECT skill, source FROM label WHERE question = ?', question);
	const anyone = new Set(before.map(([skill]) => Number(skill)));
	const own = new Set(before.filter(([, by]) => Number(by) === source).map(([skill]) => Number(skill)));
	const named = new Set(row.skills.map((skill) => skillRow(db, skill).id));
	const added = [...named].filter((id) => !own.has(id));
	const dropped = replace ? [...own].filter((id) => !named.has(id)) : [];
	added.forEach((id) =>
		db.run(
			'INSERT OR IGNORE INTO label (question, skill, source, effective) VALUES (?, ?, ?, 0)',
			question,
			id,
			source,
		),
	);
	dropped.forEach((id) =>
		db.run('DELETE FROM label WHERE question = ? AND skill = ? AND source = ?', question, id, source),
	);
	return { links: [...named].filter((id) => !anyone.has(id)).length, changed: added.length + dropped.length > 0 };
}

function linkEdited(
	context: Context,
	question: number,
	row: Row,
	source: number,
	replace: boolean,
): { links: number; changed: boolean } {
	const { db } = context;
	const present = (): Set<number> =>
		new Set(db.all('SELECT skill FROM label WHERE question = ?', question).map(([skill]) => Number(skill)));
	const anyone = present();
	const own = new Set(
		db
			.all('SELECT skill FROM label_given WHERE question = ? AND source = ?', question, source)
			.map(([skill]) => Number(skill)),
	);
	const named = new Set(row.skills.map((skill) => skillRow(db, skill).id));
	const added = [...named].filter((id) => !own.has(id));
	const dropped = replace ? [...own].filter((id) => !named.has(id)) : [];
	if (added.length + dropped.length === 0) {
		return { links: 0, changed: false };
	}
	added.forEach((id) =>
		db.run('INSERT OR IGNORE INTO label_given (question, skill, source) VALUES (?, ?, ?)', question, id, source),
	);
	dropped.forEach((id) =>
		db.run('DELETE FROM label_given WHERE question = ? AND skill = ? AND source = ?', question, id, source),
	);
	relabel(context, question, row.questionId);
	return { links: [...present()].filter((id) => !anyone.has(id)).length, changed: true };
}

/** Computes a question's labels from the imported labels and the current meaning of their names. */
export function relabel(context: Context, question: number, questionId: string): void {
	const { db } = context;
	const labels = db.all(
		'SELECT s.subject, s.name, g.source FROM label_given g JOIN skill s ON s.id = g.skill WHERE g.question = ?',
		question,
	);
	db.run('DELETE FROM label WHERE question = ?', question);
	for (const [subject, name, source] of labels) {
		db.run(
			'INSERT OR IGNORE INTO label (question, skill, source, effective) VALUES (?, ?, ?, 0)',
			question,
			presentRow(context, { subject: String(subject), name: String(name) }, questionId).id,
			Number(source),
		);
	}
	settleLabels(db, question);
}

/** A user's labels replace a teacher's, and a teacher's replace a bank's: only the best source counts. */
function settleLabels(db: Sql, question: number): void {
	db.run(
		'UPDATE label SET effective = (source = (SELECT max(source) FROM label WHERE question = ?1)) WHERE ' +
			'question = ?1',
		question,
	);
}
