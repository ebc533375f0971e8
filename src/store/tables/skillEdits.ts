import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { editBody, editShape, readEdits, skillNames } from './resolveNames.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import * as z from 'zod';
import type { SkillEdit, SkillNames } from '../../core/skills/skillEdits.ts';
import { checkEdit, checkUndo, skillsIn } from '../../core/skills/skillEdits.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';
import { knownSkill, skillRow } from './identities.ts';
import { stored, requiredText, textOf } from './joining.ts';
import { pack, searchable, unpack } from '../engine/packed.ts';
import { at, shortText, textRef } from './shapes.ts';
import { itemShape } from './itemBodies.ts';
import { settle } from './diagnoses.ts';
import { relabel } from './skills.ts';

export function skillEdits(context: Context): Reads['skillEdits']['result'] {
	const moved = new Map(
		context.db
			.all('SELECT id, labels, findings FROM skill_edit')
			.map(([id, labels, findings]) => [Number(id), { labels: Number(labels), findings: Number(findings) }]),
	);
	return readEdits(context).map((entry) => ({ ...entry, ...(moved.get(entry.id) ?? { labels: 0, findings: 0 }) }));
}

export function presentSkills(
	context: Context,
	{ rows }: Reads['presentSkills']['params'],
): Reads['presentSkills']['result'] {
	const names = skillNames(context);
	return rows.map(({ skill, questionId }) => names.present(skill, questionId));
}

type EditSkills = Writes['editSkills'];
const topics = ['skills', 'questions', 'diagnoses', 'curation'] as const;

/**
 * The journal record stores the edit, the names it created and its number, so that the number is never reused, even if
 * the edit is lost.
 */
const editRecord = z.object({ id: z.int().min(1), body: textRef });

export const editSkills = defineVerb<EditSkills['params'], z.infer<typeof editRecord>, EditSkills['result']>(
	'editSkills',
	topics,
	{
		params: z.object({
			edit: editShape,
			author: shortText.min(1, 'expected who makes it'),
			at,
			note: shortText.nullable(),
		}),
		record: editRecord,
		write(context, params) {
			const { db } = context;
			checkEdit(params.edit, skillNames(context), (skill) => knownSkill(db, skill) !== undefined);
			const created = skillsIn(params.edit).filter((skill) => knownSkill(db, skill) === undefined);
			const text = JSON.stringify({ ...params, created });
			const id = db.number('SELECT coalesce(max(id), 0) + 1 FROM skill_edit');
			return { result: put(context, id, text, params.edit), record: { id, body: stored(context, text) } };
		},
		replay(context, { id, body }) {
			const text = requiredText(context, body);
			put(context, id, text, editBody.parse(JSON.parse(text)).edit);
		},
	},
);

type Undo = Writes['undoSkillEdit'];
const undoParams = z.object({ id: z.int().min(1), author: shortText.min(1, 'expected who takes it back'), at });

export const undoSkillEdit = defineVerb<Undo['params'], Undo['params'], Undo['result']>('undoSkillEdit', topics, {
	params: undoParams,
	record: undoParams,
	write(context, params) {
		const { edit } = checkUndo(readEdits(context), params.id);
		return { result: undoEdit(context, params, edit), record: params };
	},
	replay(context, params) {
		const entry = readEdits(context).find(({ id, undone }) => id === params.id && !undone);
		if (entry) {
			undoEdit(context, params, entry.edit);
		}
	},
});

/**
 * The database holds the text itself rather than its location: every skill name is read through it, so a lost segment
 * must not affect it.
 */
function put(context: Context, id: number, text: string, edit: SkillEdit): EditSkills['result'] {
	const { db } = context;
	// From the first edit on, labels are also stored separately as they were imported.
	if (!db.get('SELECT 1 FROM skill_edit LIMIT 1')) {
		db.run('INSERT INTO label_given (question, skill, source) SELECT question, skill, source FROM label');
	}
	const before = skillNames(context);
	skillsIn(edit).forEach((skill) => skillRow(db, skill));
	db.run('INSERT INTO skill_edit (id, body, labels, findings) VALUES (?, ?, 0, 0)', id, pack(text));
	const moved = follow(context, before, edit);
	db.run('UPDATE skill_edit SET labels = ?, findings = ? WHERE id = ?', moved.labels, moved.findings, id);
	return { id, ...moved };
}

function undoEdit(context: Context, { id, author, at: time }: Undo['params'], edit: SkillEdit): Undo['result'] {
	const before = skillNames(context);
	context.db.run('UPDATE skill_edit SET undone = ? WHERE id = ?', pack(JSON.stringify({ author, at: time })), id);
	return follow(context, before, edit);
}

/**
 * Recomputes everything derived from names whose meaning the edit changed. Returns the number of questions whose labels
 * changed, and of those whose findings changed.
 */
function follow(context: Context, before: SkillNames, edit: SkillEdit): { labels: number; findings: number } {
	const { db } = context;
	const names = skillNames(context);
	const edited = new Set(skillsIn(edit).map(skillKey));
	const affected = names.names.filter((skill) =>
		[before, names].some((either) => [...either.reach(skill)].some((key) => edited.has(key))),
	);
	const rows = affected.map((skill) => skillRow(db, skill).id);
	// Other edits do not change what a skill means.
	const moves = edit.kind === 'merge' || edit.kind === 'rename' || edit.kind === 'split';
	const labelled = new Map<number, string>();
	const found = new Map<string, readonly [number, number]>();
	for (const row of moves ? rows : []) {
		db.each(
			'SELECT q.id, q.qid FROM label_given g JOIN question q ON q.id = g.question WHERE g.skill = ?',
			[row],
			([id, qid]) => void labelled.set(Number(id), String(qid)),
		);
		db.each(
			'SELECT scope, question FROM missing WHERE skill = ?',
			[row],
			([scope, question]) =>
				void found.set(`${String(scope)} ${String(question)}`, [Number(scope), Number(question)]),
		);
	}
	labelled.forEach((qid, question) => relabel(context, question, qid));
	found.forEach(([scope, question]) => settle(context, scope, question));
	if (moves) {
		renameItems(context, affected, names);
	}
	db.run('DELETE FROM skill_gone');
	names.gone.forEach((skill) => db.run('INSERT INTO skill_gone (skill) VALUES (?)', skillRow(db, skill).id));
	db.run('DELETE FROM skill_about');
	names.descriptions.forEach(({ skill, text }) =>
		db.run('INSERT INTO skill_about (skill, text) VALUES (?, ?)', skillRow(db, skill).id, pack(text)),
	);
	return { labels: labelled.size, findings: found.size };
}

/** Queues are listed and filtered by the current name; the item itself has the name of the time when it was made. */
function renameItems(context: Context, affected: readonly SkillRef[], names: SkillNames): void {
	const { db } = context;
	for (const { subject, name } of affected) {
		for (const [id, body] of db.all(
			'SELECT id, body FROM item WHERE subject = ? AND skill = ?',
			searchable(subject),
			searchable(name),
		)) {
			const text = textOf(context, unpack(body));
			const item = text === null ? null : itemShape.parse(JSON.parse(text));
			if (item?.skill) {
				const now = names.present(item.skill, item.forQuestion);
				db.run(
					'UPDATE item SET subject = ?, skill = ? WHERE id = ?',
					searchable(now.subject),
					searchable(now.name),
					id ?? null,
				);
			}
		}
	}
}
