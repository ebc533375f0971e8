import * as z from 'zod';
import type { Conflict, Writes } from '../../core/ports/store.ts';
import { sourceRow } from '../tables/identities.ts';
import type { QuestionRecord } from '../tables/joining.ts';
import { joinQuestion, questionFields, questionRecord, replayQuestion } from '../tables/joining.ts';
import { shortText, split } from '../tables/shapes.ts';
import { defineVerb } from '../tables/verb.ts';

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
		for (const [index, given] of params.rows.entries()) {
			const joined = joinQuestion(
				context,
				given,
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
