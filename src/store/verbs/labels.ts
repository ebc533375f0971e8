import * as z from 'zod';
import type { Writes } from '../../core/ports/store.ts';
import { questionRow, skillRow } from '../tables/identities.ts';
import { pack } from '../engine/packed.ts';
import { presentRow } from '../tables/resolveNames.ts';
import { at, labelSource, qid, shortText, skills, sourceCode } from '../tables/shapes.ts';
import type { Sql } from '../engine/sql.ts';
import type { Context } from '../tables/verb.ts';
import { defineVerb } from '../tables/verb.ts';

const addSkillsParams = z.object({ skills: z.array(skills.element) });

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
	rows: z.array(z.object({ questionId: qid, skills, replyKey: shortText.optional() })),
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

/** Links each question; `rows` are those that changed something. Unknown questions are passed over. */
function apply(
	context: Context,
	params: AddLabels['params'],
): { links: number; duplicates: number; rows: AddLabels['params']['rows'][number][] } {
	const { db } = context;
	const source = sourceCode(params.source);
	// With edits to the skills, what was given is kept apart from what it means now.
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
	const given = new Set(row.skills.map((skill) => skillRow(db, skill).id));
	const added = [...given].filter((id) => !own.has(id));
	const dropped = replace ? [...own].filter((id) => !given.has(id)) : [];
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
	return { links: [...given].filter((id) => !anyone.has(id)).length, changed: added.length + dropped.length > 0 };
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
	const given = new Set(row.skills.map((skill) => skillRow(db, skill).id));
	const added = [...given].filter((id) => !own.has(id));
	const dropped = replace ? [...own].filter((id) => !given.has(id)) : [];
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

/** Works out a question's labels from what was given, by what the names mean now. */
export function relabel(context: Context, question: number, questionId: string): void {
	const { db } = context;
	const given = db.all(
		'SELECT s.subject, s.name, g.source FROM label_given g JOIN skill s ON s.id = g.skill WHERE g.question = ?',
		question,
	);
	db.run('DELETE FROM label WHERE question = ?', question);
	for (const [subject, name, source] of given) {
		db.run(
			'INSERT OR IGNORE INTO label (question, skill, source, effective) VALUES (?, ?, ?, 0)',
			question,
			presentRow(context, { subject: String(subject), name: String(name) }, questionId).id,
			Number(source),
		);
	}
	settleLabels(db, question);
}

/** A person's labels replace a teacher's, a teacher's a bank's: only the best source's count. */
function settleLabels(db: Sql, question: number): void {
	db.run(
		'UPDATE label SET effective = (source = (SELECT max(source) FROM label WHERE question = ?1)) WHERE ' +
			'question = ?1',
		question,
	);
}
