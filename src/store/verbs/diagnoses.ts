import * as z from 'zod';
import { effectiveMissing } from '../../core/diagnosis/annotation.ts';
import type { Correction, Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Writes } from '../../core/ports/store.ts';
import { questionRow, scopeRow } from '../tables/identities.ts';
import { stored, textOf } from '../tables/joining.ts';
import type { TextRef } from '../engine/packed.ts';
import { pack, unpack } from '../engine/packed.ts';
import { at, qid, sample, scope, shortText, skills, textRef } from '../tables/shapes.ts';
import { presentRow, skillNames } from '../tables/resolveNames.ts';
import { StatError } from '../../core/run.ts';
import type { Context } from '../tables/verb.ts';
import { defineVerb } from '../tables/verb.ts';
import { readAnnotations } from './annotations.ts';

export const diagnosisShape: z.ZodType<Diagnosis> = z.object({
	...scope,
	questionId: qid,
	sample,
	judge: z.enum(['correct', 'incorrect']),
	reason: z.string().max(1_000_000),
	skills,
	offList: z.array(shortText).max(1000),
	firstWrongStep: z.int().min(0).nullable(),
	replyKey: shortText,
	model: shortText,
	promptVersion: shortText,
	at,
});

const correctionShape: z.ZodType<Correction> = z.object({
	...scope,
	questionId: qid,
	verdict: z.enum(['agreed', 'changed', 'disputed', 'withdrawn']),
	skills: skills.nullable(),
	note: shortText.nullable(),
	author: shortText,
	at,
	original: diagnosisShape.nullable(),
});

/**
 * What the journal says of a diagnosis or correction: its place and its body, which is JSON, in the segments when long.
 */
const bodyRecord = z.object({ ...scope, questionId: qid, body: textRef });
type BodyRecord = z.infer<typeof bodyRecord>;

export const addDiagnoses = defineVerb<
	Writes['addDiagnoses']['params'],
	{ rows: BodyRecord[] },
	Writes['addDiagnoses']['result']
>('addDiagnoses', ['diagnoses'], {
	params: z.object({ rows: z.array(diagnosisShape) }),
	record: z.object({ rows: z.array(bodyRecord) }),
	write(context, { rows }) {
		const records: BodyRecord[] = [];
		let replaced = 0;
		for (const diagnosis of rows) {
			const record = bodyOf(context, diagnosis);
			const outcome = applyDiagnosis(context, record);
			if (outcome !== undefined) {
				records.push(record);
				replaced += outcome === 'replaced' ? 1 : 0;
			}
		}
		return {
			result: { added: records.length - replaced, replaced },
			record: records.length > 0 ? { rows: records } : null,
		};
	},
	replay(context, { rows }) {
		for (const record of rows) {
			applyDiagnosis(context, record);
		}
	},
});

export const addCorrection = defineVerb<Correction, BodyRecord, Writes['addCorrection']['result']>(
	'addCorrection',
	['diagnoses'],
	{
		params: correctionShape,
		record: bodyRecord,
		write(context, correction) {
			const record = bodyOf(context, correction);
			const id = applyCorrection(context, record);
			if (id === undefined) {
				throw new StatError(`addCorrection: question ${correction.questionId} is not in the project`);
			}
			return { result: { id }, record };
		},
		replay(context, record) {
			applyCorrection(context, record);
		},
	},
);

function bodyOf(context: Context, value: Diagnosis | Correction): BodyRecord {
	return {
		student: value.student,
		round: value.round,
		questionId: value.questionId,
		body: stored(context, JSON.stringify(value)),
	};
}

function applyDiagnosis(context: Context, record: BodyRecord): 'added' | 'replaced' | undefined {
	const { db } = context;
	const question = questionRow(db, record.questionId);
	if (question === undefined) {
		return undefined;
	}
	const scopeId = scopeRow(db, record);
	const known = db.get('SELECT 1 FROM diagnosis WHERE scope = ? AND question = ?', scopeId, question);
	db.run(
		'INSERT OR REPLACE INTO diagnosis (scope, question, body) VALUES (?, ?, ?)',
		scopeId,
		question,
		pack(record.body),
	);
	settle(context, scopeId, question);
	return known ? 'replaced' : 'added';
}

function applyCorrection(context: Context, record: BodyRecord): number | undefined {
	const { db } = context;
	const question = questionRow(db, record.questionId);
	if (question === undefined) {
		return undefined;
	}
	const scopeId = scopeRow(db, record);
	db.run('INSERT INTO correction (scope, question, body) VALUES (?, ?, ?)', scopeId, question, pack(record.body));
	const id = db.number('SELECT last_insert_rowid()');
	settle(context, scopeId, question);
	return id;
}

export function readDiagnosis(context: Context, scopeId: number, question: number): Diagnosis | null {
	return parseBody(
		context,
		diagnosisShape,
		unpack(context.db.get('SELECT body FROM diagnosis WHERE scope = ? AND question = ?', scopeId, question)?.[0]),
	);
}

/** Oldest first. */
export function readCorrections(context: Context, scopeId: number, question: number): Correction[] {
	return context.db
		.all('SELECT body FROM correction WHERE scope = ? AND question = ? ORDER BY id', scopeId, question)
		.map(([body]) => parseBody(context, correctionShape, unpack(body)))
		.filter((correction) => correction !== null);
}

/** A diagnosis with its skills by the names they have now. */
export function withPresentNames(context: Context, diagnosis: Diagnosis): Diagnosis {
	return { ...diagnosis, skills: skillNames(context).presentAll(diagnosis.skills, diagnosis.questionId) };
}

export function correctionWithPresentNames(context: Context, correction: Correction): Correction {
	const { skills: named, original, questionId } = correction;
	return {
		...correction,
		skills: named && skillNames(context).presentAll(named, questionId),
		original: original && withPresentNames(context, original),
	};
}

export function parseBody<T>(context: Context, shape: z.ZodType<T>, ref: TextRef | null): T | null {
	const text = textOf(context, ref);
	return text === null ? null : shape.parse(JSON.parse(text));
}

/** The correction that counts: the latest, unless it withdrew. */
export function correctionInForce(corrections: readonly Correction[]): Correction | null {
	const latest = corrections.at(-1);
	return latest && latest.verdict !== 'withdrawn' ? latest : null;
}

/** How many corrections there were when the dispute in force was made, itself included; 0: none is in force. */
export function disputedAt(corrections: readonly Correction[]): number {
	return corrections.at(-1)?.verdict === 'disputed' ? corrections.length : 0;
}

/** Works out what counts for a question and keeps it for lists. */
export function settle(context: Context, scopeId: number, question: number): void {
	const { db } = context;
	const diagnosis = readDiagnosis(context, scopeId, question);
	const corrections = readCorrections(context, scopeId, question);
	const correction = correctionInForce(corrections);
	const annotations = readAnnotations(context, scopeId, question, disputedAt(corrections));
	const { skills: missing, disputed } = effectiveMissing(diagnosis, correction, annotations);
	db.run('DELETE FROM missing WHERE scope = ? AND question = ?', scopeId, question);
	const questionId = String(db.get('SELECT qid FROM question WHERE id = ?', question)?.[0]);
	const ids = [...new Set(missing.map((skill) => presentRow(context, skill, questionId).id))];
	for (const [place, id] of ids.entries()) {
		db.run('INSERT INTO missing (scope, skill, question, place) VALUES (?, ?, ?, ?)', scopeId, id, question, place);
	}
	db.run(
		'INSERT OR REPLACE INTO finding (scope, question, diagnosed, corrected, disputed, missing) VALUES ' +
			'(?, ?, ?, ?, ?, ?)',
		scopeId,
		question,
		diagnosis ? 1 : 0,
		correction || annotations.some(({ counts }) => counts) ? 1 : 0,
		disputed ? 1 : 0,
		ids.length,
	);
}
