import * as z from 'zod';
import type { Writes } from '../../core/store.ts';
import { questionRow, skillRow } from '../identities.ts';
import { pack } from '../packed.ts';
import { at, labelSource, qid, shortText, skills, sourceCode } from '../shapes.ts';
import type { Sql } from '../sql.ts';
import { defineVerb, type Context } from '../verb.ts';

const addSkillsParams = z.object({ skills: z.array(skills.element) });

export const addSkills = defineVerb<Writes['addSkills']['params'], Writes['addSkills']['params'], Writes['addSkills']['result']>('addSkills', ['skills'], {
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
const addLabelsParams = z.object({ source: labelSource, author: shortText.nullable(), at, replace: z.boolean(), rows: z.array(z.object({ questionId: qid, skills, replyKey: shortText.optional() })) });

export const addLabels = defineVerb<AddLabels['params'], AddLabels['params'], AddLabels['result']>('addLabels', ['skills', 'questions'], {
	params: addLabelsParams,
	record: addLabelsParams,
	write(context, params) {
		const { links, duplicates, rows } = apply(context, params);
		return { result: { links, duplicates }, record: rows.length > 0 ? { ...params, rows } : null };
	},
	replay(context, record) {
		apply(context, record);
	},
});

/** Links each question; `rows` are those that changed something. Unknown questions are passed over. */
function apply({ db }: Context, params: AddLabels['params']): { links: number; duplicates: number; rows: AddLabels['params']['rows'][number][] } {
	const source = sourceCode(params.source);
	let links = 0;
	let duplicates = 0;
	const rows: AddLabels['params']['rows'][number][] = [];
	for (const row of params.rows) {
		const question = questionRow(db, row.questionId);
		if (question === undefined) {
			continue;
		}
		let changed = false;
		const before = db.all('SELECT skill, source FROM label WHERE question = ?', question);
		const anyone = new Set(before.map(([skill]) => Number(skill)));
		const own = new Set(before.filter(([, by]) => Number(by) === source).map(([skill]) => Number(skill)));
		const given = new Set<number>();
		for (const skill of row.skills) {
			const { id } = skillRow(db, skill);
			if (anyone.has(id) || given.has(id)) {
				duplicates++;
			} else {
				links++;
			}
			given.add(id);
			if (!own.has(id)) {
				db.run('INSERT OR IGNORE INTO label (question, skill, source, effective) VALUES (?, ?, ?, 0)', question, id, source);
				changed = true;
			}
		}
		for (const id of params.replace ? own : []) {
			if (!given.has(id)) {
				db.run('DELETE FROM label WHERE question = ? AND skill = ? AND source = ?', question, id, source);
				changed = true;
			}
		}
		if (changed) {
			rows.push(row);
			db.run('INSERT OR REPLACE INTO labelling (question, source, author, at, reply) VALUES (?, ?, ?, ?, ?)', question, source, pack(params.author), pack(params.at), pack(row.replyKey));
			settle(db, question);
		}
	}
	return { links, duplicates, rows };
}

/** A person's labels replace a teacher's, a teacher's a bank's: only the best source's count. */
function settle(db: Sql, question: number): void {
	db.run('UPDATE label SET effective = (source = (SELECT max(source) FROM label WHERE question = ?1)) WHERE question = ?1', question);
}
