import * as z from 'zod';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Writes } from '../../core/ports/store.ts';
import { questionRow, scopeRow } from '../tables/identities.ts';
import { stored } from '../tables/joining.ts';
import { pack } from '../engine/packed.ts';
import { personName, qid, scope, textRef } from '../tables/shapes.ts';
import type { Context } from '../tables/verb.ts';
import { defineVerb } from '../tables/verb.ts';
import { diagnosisShape } from './diagnoses.ts';

const verdictRecord = z.object({ ...scope, questionId: qid, juror: personName, body: textRef });
type VerdictRecord = z.infer<typeof verdictRecord>;

export const addVerdicts = defineVerb<
	Writes['addVerdicts']['params'],
	{ rows: VerdictRecord[] },
	Writes['addVerdicts']['result']
>('addVerdicts', ['diagnoses'], {
	params: z.object({ rows: z.array(diagnosisShape) }),
	record: z.object({ rows: z.array(verdictRecord) }),
	write(context, { rows }) {
		const records = rows
			.map((verdict: Diagnosis): VerdictRecord => ({
				student: verdict.student,
				round: verdict.round,
				questionId: verdict.questionId,
				juror: verdict.model,
				body: stored(context, JSON.stringify(verdict)),
			}))
			.filter((record) => apply(context, record));
		return { result: { added: records.length }, record: records.length > 0 ? { rows: records } : null };
	},
	replay(context, { rows }) {
		rows.forEach((record) => apply(context, record));
	},
});

function apply({ db }: Context, record: VerdictRecord): boolean {
	const question = questionRow(db, record.questionId);
	if (question === undefined) {
		return false;
	}
	db.run(
		'INSERT OR REPLACE INTO verdict (scope, question, juror, body) VALUES (?, ?, ?, ?)',
		scopeRow(db, record),
		question,
		record.juror,
		pack(record.body),
	);
	return true;
}
