import * as z from 'zod';
import type { SkillEdit, SkillEditEntry } from '../../core/skills/skillEdits.ts';
import { SkillNames } from '../../core/skills/skillEdits.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillRow } from './identities.ts';
import { textOf } from './joining.ts';
import { unpack, unpackString } from '../engine/packed.ts';
import { at, qid, shortText, skill, skills } from './shapes.ts';
import type { Sql } from '../engine/sql.ts';
import type { Context } from './verb.ts';

export const editShape: z.ZodType<SkillEdit> = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('merge'), sources: skills.min(1, 'expected the skills to merge'), into: skill }),
	z.object({ kind: z.literal('rename'), from: skill, to: skill }),
	z.object({
		kind: z.literal('split'),
		skill,
		parts: z
			.array(z.object({ skill, questions: z.array(qid).max(1_000_000) }))
			.min(1, 'expected a part')
			.max(100),
		keep: z.boolean(),
	}),
	z.object({ kind: z.literal('describe'), skill, text: shortText.nullable() }),
	z.object({ kind: z.literal('retire'), skills: z.array(skill).min(1, 'expected a skill').max(10_000) }),
	z.object({ kind: z.literal('restore'), skills: z.array(skill).min(1, 'expected a skill').max(10_000) }),
]);

/** An edit as the database holds it; its number, and whether it was undone, are in other columns. */
export const editBody = z.object({
	edit: editShape,
	author: shortText,
	at,
	note: shortText.nullable(),
	created: z.array(skill).max(10_000),
});
const undoneBody = z.object({ author: shortText, at });

const cache = new WeakMap<Sql, { readonly stamp: string; readonly names: SkillNames }>();

/** Returns what names mean now. Cached until an edit is made or undone. */
export function skillNames(context: Context): SkillNames {
	const { db } = context;
	const stamp = String(db.get('SELECT count(*), count(undone) FROM skill_edit'));
	const known = cache.get(db);
	if (known?.stamp === stamp) {
		return known.names;
	}
	const names = new SkillNames(readEdits(context));
	cache.set(db, { stamp, names });
	return names;
}

/**
 * Returns the edits in the order in which they were made. A foreign database may contain invalid edits, which are
 * ignored.
 */
export function readEdits(context: Context): SkillEditEntry[] {
	return context.db.all('SELECT id, body, undone FROM skill_edit ORDER BY id').flatMap(([id, body, undone]) => {
		const read = editBody.safeParse(jsonOf(textOf(context, unpack(body))));
		const taken = undoneBody.nullable().safeParse(jsonOf(unpackString(undone)));
		return read.success && taken.success ? [{ ...read.data, id: Number(id), undone: taken.data }] : [];
	});
}

function jsonOf(text: string | null): unknown {
	try {
		return text === null ? null : JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Returns the row of the skill that a name means now for a question; adds a skill if none has the name. */
export function presentRow(context: Context, ref: SkillRef, question: string): { id: number; isNew: boolean } {
	return skillRow(context.db, skillNames(context).present(ref, question));
}
