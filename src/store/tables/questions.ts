import type { SqlValue } from 'sql.js';
import type { Question } from '../../core/questions/question.ts';
import type { Conflict } from '../../core/ports/store/questions.ts';
import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { QuestionRecord } from './joining.ts';
import { joinQuestion, questionFields, questionRecord, replayQuestion, textOf } from './joining.ts';
import { unpack, unpackString } from '../engine/packed.ts';
import { shortText, sourceName, split, splitCode, splitName } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import * as z from 'zod';
import { sourceRow } from './identities.ts';

const columns = 'qid, text, split, subject, level, gold, solution, benchmark, exact, id';

function toQuestion(context: Context, row: SqlValue[]): Question {
	return {
		id: String(row[0]),
		text: unpackString(row[8]) ?? String(row[1]),
		split: splitName(row[2]),
		subject: unpackString(row[3]),
		level: row[4] === null ? null : Number(row[4]),
		gold: unpackString(row[5]),
		solution: textOf(context, unpack(row[6])),
		benchmark: unpackString(row[7]),
	};
}

export function question(context: Context, { id }: Reads['question']['params']): Reads['question']['result'] {
	const { db } = context;
	const row = db.get(`SELECT ${columns} FROM question WHERE qid = ?`, id);
	if (!row) {
		return null;
	}
	return {
		...toQuestion(context, row),
		labels: db
			.all(
				'SELECT s.subject, s.name, l.source FROM label l JOIN skill s ON s.id = l.skill WHERE ' +
					'l.question = ? ORDER BY l.source DESC, s.subject, s.name',
				row[9] ?? null,
			)
			.map(([subject, name, source]) => ({
				subject: String(subject),
				name: String(name),
				source: sourceName(source),
			})),
		sources: db
			.all(
				'SELECT s.name FROM question_source qs JOIN source s ON s.id = qs.source WHERE qs.question ' +
					'= ? ORDER BY s.id',
				row[9] ?? null,
			)
			.map(([name]) => unpackString(name) ?? ''),
	};
}

export function questionsById(context: Context, { ids }: Reads['questionsById']['params']): readonly Question[] {
	if (ids.length > 2000) {
		throw new StatError('store.tooMany', { operation: 'questionsById', limit: 2000, count: ids.length });
	}
	const found: Question[] = [];
	for (const id of ids) {
		const row = context.db.get(`SELECT ${columns} FROM question WHERE qid = ?`, id);
		if (row) {
			found.push(toQuestion(context, row));
		}
	}
	return found;
}

export function questionsOfSplit(
	context: Context,
	{ split, after, limit }: Reads['questionsOfSplit']['params'],
): readonly Question[] {
	return context.db
		.all(
			`SELECT ${columns} FROM question WHERE split = ? AND qid > ? ORDER BY qid LIMIT ?`,
			splitCode(split),
			after ?? '',
			limit,
		)
		.map((row) => toQuestion(context, row));
}

type AddQuestions = Writes['addQuestions'];
const shared = { split, benchmark: shortText.nullable(), source: shortText };

export const addQuestions = defineVerb<
	AddQuestions['params'],
	{ split: 'train' | 'validation' | 'test'; benchmark: string | null; source: string; rows: QuestionRecord[] },
	AddQuestions['result']
>('addQuestions', ['questions'], {
	params: z.object({ ...shared, rows: z.array(questionFields) }),
	record: z.object({ ...shared, rows: z.array(questionRecord) }),
	write(context, params) {
		const source = sourceRow(context.db, params.source);
		const conflicts: Conflict[] = [];
		const rows: QuestionRecord[] = [];
		const ids: string[] = [];
		const counts = { added: 0, updated: 0, duplicate: 0, refused: 0 };
		for (const [index, fields] of params.rows.entries()) {
			const joined = joinQuestion(
				context,
				fields,
				params.split,
				false,
				params.benchmark,
				source,
				index,
				conflicts,
			);
			counts[joined.outcome]++;
			ids.push(joined.id);
			if (joined.record) {
				rows.push(joined.record);
			}
		}
		return {
			result: {
				ids,
				added: counts.added,
				updated: counts.updated,
				duplicates: counts.duplicate,
				refused: counts.refused,
				conflicts,
			},
			record: rows.length > 0 ? { ...params, rows } : null,
		};
	},
	replay(context, record) {
		const source = sourceRow(context.db, record.source);
		for (const row of record.rows) {
			replayQuestion(context, row, record.split, false, record.benchmark, source);
		}
	},
});
