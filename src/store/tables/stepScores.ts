import * as z from 'zod';
import { rewardDigest } from '../../core/difficulty/difficulty.ts';
import type { Writes } from '../../core/ports/store/store.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Pointer } from '../engine/packed.ts';
import { pointerOf } from '../engine/packed.ts';
import { questionRow, scopeRow } from './identities.ts';
import { pointer, qid, sample, scope, steps, stepScores } from './shapes.ts';
import type { Context } from './verb.ts';
import { defineVerb } from './verb.ts';

/** The data stored beside an answer's text. It is checked, because a segment may come from a stranger. */
export const beside = z.object({ stepScores: stepScores.nullable(), steps, truncated: z.boolean().optional() });

/** Returns the columns of {@link rewardDigest}; they are null if there are no scores. */
export function reward(
	scores: readonly number[] | null,
): [last: number | null, mean: number | null, least: number | null] {
	const digest = rewardDigest(scores);
	return digest ? [digest.last, digest.mean, digest.minBeforeLast] : [null, null, null];
}

/** Returns the data to store beside an answer's text. */
export function stepsBeside(
	scores: readonly number[] | null,
	spans: readonly (readonly [number, number])[],
	truncated: boolean | undefined,
): unknown {
	return scores === null && spans.length === 0 && truncated !== true
		? undefined
		: { stepScores: scores, steps: spans, ...(truncated === true ? { truncated } : {}) };
}

type SetStepScores = Writes['setStepScores'];
const scoreRecord = z.object({
	...scope,
	rows: z.array(z.tuple([qid, sample, pointer, z.number().nullable(), z.number().nullable(), z.number().nullable()])),
});
type ScoreRow = [QuestionId, number, Pointer, number | null, number | null, number | null];

export const setStepScores = defineVerb<
	SetStepScores['params'],
	{ student: string; round: number; rows: ScoreRow[] },
	SetStepScores['result']
>('setStepScores', ['answers'], {
	params: z.object({ ...scope, rows: z.array(z.object({ questionId: qid, sample, stepScores, steps })) }),
	record: scoreRecord,
	write(context, params) {
		const { db, texts } = context;
		const scopeId = scopeRow(db, params);
		const rows: ScoreRow[] = [];
		for (const row of params.rows) {
			const question = questionRow(db, row.questionId);
			const at =
				question === undefined
					? undefined
					: db.get(
							'SELECT segment, offset, length, sum FROM answer WHERE scope = ? AND question = ? AND sample = ?',
							scopeId,
							question,
							row.sample,
						);
			if (!at) {
				continue;
			}
			const old = texts.readIfSound(pointerOf(at));
			if (!old) {
				continue;
			}
			const extra = stepsBeside(row.stepScores, row.steps, beside.safeParse(old.extra).data?.truncated);
			if (JSON.stringify(old.extra) === JSON.stringify(extra)) {
				continue;
			}
			const entry: ScoreRow = [
				row.questionId,
				row.sample,
				texts.put('answer', old.text, extra),
				...reward(row.stepScores),
			];
			applyScores(context, scopeId, entry);
			rows.push(entry);
		}
		return {
			result: { changed: rows.length },
			record: rows.length > 0 ? { student: params.student, round: params.round, rows } : null,
		};
	},
	replay(context, record) {
		const scopeId = scopeRow(context.db, record);
		for (const row of record.rows) {
			applyScores(context, scopeId, row);
		}
	},
});

function applyScores(
	{ db }: Context,
	scopeId: number,
	[id, sampleNumber, [segment, offset, length, sum], last, mean, least]: ScoreRow,
): void {
	const question = questionRow(db, id);
	if (question !== undefined) {
		db.run(
			'UPDATE answer SET segment = ?, offset = ?, length = ?, sum = ?, last = ?, mean = ?, least = ? WHERE ' +
				'scope = ? AND question = ? AND sample = ?',
			segment,
			offset,
			length,
			sum ?? null,
			last,
			mean,
			least,
			scopeId,
			question,
			sampleNumber,
		);
	}
}
