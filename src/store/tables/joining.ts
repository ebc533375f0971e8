import * as z from 'zod';
import type { QuestionId, Split } from '../../core/questions/question.ts';
import { normaliseSubject } from '../../core/skills/skill.ts';
import type { Conflict, QuestionFields } from '../../core/ports/store/questions.ts';
import { addSource, quickQuestionId } from './identities.ts';
import type { Pointer, TextRef } from '../engine/packed.ts';
import { inlineLimit, isPlain, pack, searchable, unpack } from '../engine/packed.ts';
import { level, splitCode, splitName, textRef } from './shapes.ts';
import type { Context } from './verb.ts';

/** A question as a caller passes it. */
export const questionFields = z.object({
	text: z.string().refine((text) => text.trim() !== '', 'expected the question, found nothing'),
	subject: z.string().max(300).optional(),
	level: level.optional(),
	gold: z.string().max(20_000).optional(),
	solution: z.string().optional(),
});

/** A question in the journal; the record contains only what is new about it. */
export const questionRecord = z.object({
	text: z.string(),
	subject: z.string().max(300).optional(),
	level: level.optional(),
	gold: z.string().max(20_000).optional(),
	solution: textRef.optional(),
	/** Whether the solution replaces one whose text is damaged. */
	mended: z.literal(true).optional(),
});
export type QuestionRecord = z.infer<typeof questionRecord>;

export interface Joined {
	readonly id: QuestionId;
	/** The question's row number; `undefined` if the question was refused. */
	readonly row: number | undefined;
	readonly outcome: 'added' | 'updated' | 'duplicate' | 'refused';
	/** The journal record; `undefined` if nothing is new. */
	readonly record: QuestionRecord | undefined;
}

/**
 * Adds a question, or completes a known one. A new question is added to `split`; `keepSplit` accepts a known question
 * that is in another evaluation split, because answers belong to validation and test questions alike.
 */
export function joinQuestion(
	context: Context,
	fields: QuestionFields,
	split: Split,
	keepSplit: boolean,
	benchmark: string | null,
	source: number,
	index: number,
	conflicts: Conflict[],
	id: QuestionId = quickQuestionId(fields.text),
): Joined {
	const { db } = context;
	const known = db.get('SELECT id, split, subject, level, gold, solution, benchmark FROM question WHERE qid = ?', id);
	const subject = fields.subject === undefined ? '' : normaliseSubject(fields.subject);
	if (!known) {
		const record: QuestionRecord = {
			text: fields.text,
			...(subject === '' ? {} : { subject }),
			...(fields.level === undefined ? {} : { level: fields.level }),
			...(fields.gold === undefined ? {} : { gold: fields.gold }),
			...(fields.solution === undefined ? {} : { solution: stored(context, fields.solution) }),
		};
		return { id, row: insertQuestion(context, id, record, split, benchmark, source), outcome: 'added', record };
	}
	const row = Number(known[0]);
	const at = splitName(known[1]);
	const allowed = at === split || (keepSplit && at !== 'train');
	if (!allowed) {
		conflicts.push({ index, field: 'split', kept: at, offered: split });
		return { id, row: undefined, outcome: 'refused', record: undefined };
	}
	const gained: { -readonly [K in keyof QuestionRecord]: QuestionRecord[K] } = { text: fields.text };
	const offer = (
		field: 'subject' | 'level' | 'gold' | 'solution',
		existing: string | null,
		offered: string | undefined,
		gain: () => void,
	): void => {
		if (offered === undefined || offered.trim() === '') {
			return;
		}
		if (existing === null) {
			gain();
		} else if (existing.trim() !== offered.trim()) {
			conflicts.push({ index, field, kept: excerpt(existing), offered: excerpt(offered) });
		}
	};
	offer('subject', known[2] === null ? null : String(unpack(known[2])), subject, () => (gained.subject = subject));
	offer(
		'level',
		known[3] === null ? null : String(known[3]),
		fields.level === undefined ? undefined : String(fields.level),
		() => (gained.level = fields.level),
	);
	offer('gold', known[4] === null ? null : String(unpack(known[4])), fields.gold, () => (gained.gold = fields.gold));
	if (fields.solution !== undefined) {
		const offered = fields.solution;
		const existing = textOf(context, unpack(known[5]));
		offer('solution', existing, offered, () => {
			gained.solution = stored(context, offered);
			if (known[5] !== null) {
				gained.mended = true;
			}
		});
	}
	const isGain = Object.keys(gained).length > 1;
	const isFound =
		isGain ||
		(known[6] === null && benchmark !== null) ||
		!db.get('SELECT 1 FROM question_source WHERE question = ? AND source = ?', row, source);
	if (isFound) {
		gainFields(context, row, gained, benchmark, source);
	}
	return { id, row, outcome: isGain ? 'updated' : 'duplicate', record: isFound ? gained : undefined };
}

/**
 * Applies a journal record, with the same effect as {@link joinQuestion}. Returns the row, or `undefined` if the split
 * forbids it.
 */
export function replayQuestion(
	context: Context,
	record: QuestionRecord,
	split: Split,
	keepSplit: boolean,
	benchmark: string | null,
	source: number,
): number | undefined {
	const id = quickQuestionId(record.text);
	const known = context.db.get('SELECT id, split FROM question WHERE qid = ?', id);
	if (!known) {
		return insertQuestion(context, id, record, split, benchmark, source);
	}
	const at = splitName(known[1]);
	if (at !== split && !(keepSplit && at !== 'train')) {
		return undefined;
	}
	gainFields(context, Number(known[0]), record, benchmark, source);
	return Number(known[0]);
}

function insertQuestion(
	{ db }: Context,
	id: QuestionId,
	record: QuestionRecord,
	split: Split,
	benchmark: string | null,
	source: number,
): number {
	db.run(
		'INSERT INTO question (qid, split, subject, level, benchmark, gold, solution, exact, text) VALUES ' +
			'(?, ?, ?, ?, ?, ?, ?, ?, ?)',
		id,
		splitCode(split),
		record.subject === undefined || record.subject === '' ? null : searchable(record.subject),
		record.level ?? null,
		pack(benchmark),
		pack(record.gold),
		pack(record.solution),
		isPlain(record.text) ? null : pack(record.text),
		searchable(record.text),
	);
	const row = db.number('SELECT last_insert_rowid()');
	addSource(db, row, source);
	return row;
}

function gainFields(
	{ db }: Context,
	row: number,
	record: QuestionRecord,
	benchmark: string | null,
	source: number,
): void {
	if (record.mended) {
		db.run('UPDATE question SET solution = NULL WHERE id = ?', row);
	}
	db.run(
		'UPDATE question SET subject = coalesce(subject, ?), level = coalesce(level, ?), gold = ' +
			'coalesce(gold, ?), solution = coalesce(solution, ?), benchmark = coalesce(benchmark, ?) WHERE id ' +
			'= ?',
		record.subject === undefined ? null : searchable(record.subject),
		record.level ?? null,
		pack(record.gold),
		pack(record.solution),
		pack(benchmark),
		row,
	);
	addSource(db, row, source);
}

/**
 * Returns a text as the journal and the database hold it: the text itself if it is short, else its location in the
 * segments.
 */
export function stored(context: Context, text: string): TextRef {
	return text.length <= inlineLimit ? text : context.texts.put('text', text);
}

/**
 * Reverses {@link stored}. Returns `null` for a damaged text, so that the rest of a list or a question can still be
 * read.
 */
export function textOf(context: Context, ref: TextRef | null): string | null {
	return ref === null || typeof ref === 'string' ? ref : (context.texts.readIfSound(ref as Pointer)?.text ?? null);
}

/** Does the same as {@link textOf} for a text without which nothing can be done: throws if it is damaged. */
export function requiredText(context: Context, ref: TextRef): string {
	return textOf(context, ref) ?? context.texts.read(ref as Pointer).text;
}

/** Returns the beginning of a text, to show in conflicts. */
export function excerpt(text: string): string {
	return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
