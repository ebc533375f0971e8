import type { Reads, Writes } from '../../core/ports/store/store.ts';
import { knownScope, questionRow, scopeRow } from './identities.ts';
import { pack, unpack, unpackString } from '../engine/packed.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';
import {
	correctionWithPresentNames,
	diagnosisShape,
	latestCorrection,
	parseBody,
	readDiagnosis,
	withPresentNames,
} from './diagnoses.ts';
import * as z from 'zod';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import { stored } from './joining.ts';
import { personName, qid, scope, textRef } from './shapes.ts';

/** Returns every question in a scope that has an annotation, a correction or another teacher's verdict, by id. */
export function opinions(context: Context, params: Reads['opinions']['params']): Reads['opinions']['result'] {
	const { db } = context;
	const scope = knownScope(db, params);
	if (scope === undefined) {
		return [];
	}
	const only = params.questionId === undefined ? '' : 'q.qid = ?2 AND ';
	return db
		.all(
			`SELECT q.id, q.qid, q.subject FROM question q WHERE ${only}q.id IN (SELECT question FROM ` +
				'verdict WHERE scope = ?1 UNION SELECT question FROM correction WHERE scope = ?1) ORDER BY ' +
				'q.qid',
			scope,
			...(params.questionId === undefined ? [] : [params.questionId]),
		)
		.flatMap(([id, qid, subject]) => {
			const question = Number(id);
			const { correction, damaged } = latestCorrection(context, scope, question);
			if (damaged !== null) {
				return [];
			}
			const diagnosis = readDiagnosis(context, scope, question);
			const verdicts = db
				.all('SELECT body FROM verdict WHERE scope = ? AND question = ? ORDER BY juror', scope, question)
				.map(([body]) => parseBody(context, diagnosisShape, unpack(body)))
				.filter((verdict) => verdict !== null)
				// A verdict on another sample does not apply to this diagnosis.
				.filter(({ sample }) => diagnosis === null || sample === diagnosis.sample)
				.map((verdict) => withPresentNames(context, verdict));
			return [
				{
					questionId: String(qid),
					subject: unpackString(subject),
					diagnosis: diagnosis && withPresentNames(context, diagnosis),
					correction: correction && correctionWithPresentNames(context, correction),
					verdicts,
				},
			];
		});
}

export function diagnoses(context: Context, params: Reads['diagnoses']['params']): Reads['diagnoses']['result'] {
	const scope = knownScope(context.db, params);
	return scope === undefined
		? []
		: context.db
				.all(
					'SELECT q.id FROM diagnosis d JOIN question q ON q.id = d.question WHERE d.scope = ? ' +
						'AND q.qid > ? ORDER BY q.qid LIMIT ?',
					scope,
					params.after ?? '',
					params.limit,
				)
				.map(([question]) => readDiagnosis(context, scope, Number(question)))
				.filter((diagnosis) => diagnosis !== null)
				.map((diagnosis) => withPresentNames(context, diagnosis));
}

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
