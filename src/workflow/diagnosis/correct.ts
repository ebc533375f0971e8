import type { Correction, Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { Scope } from '../../core/scope.ts';
import type { SkillRef } from '../../core/skills/skill.ts';

export interface CorrectOptions extends Scope {
	readonly questionId: QuestionId;
	readonly verdict: Correction['verdict'];
	/** The skills that the answer misses; used only if the verdict is `changed`. */
	readonly skills: readonly SkillRef[] | null;
	/** Surrounding white space is removed; an empty note is `null`. */
	readonly note: string | null;
	/** Changes only the note: the correction still refers to the diagnosis that the current correction was made on. */
	readonly noteOnly?: boolean | undefined;
	readonly author: string;
}

export interface CorrectResult {
	readonly correction: Correction;
	/** The correction that was in force before, or `null` if the teacher's diagnosis counted. */
	readonly previous: Correction | null;
}

/**
 * Records a user's verdict on a diagnosis. Nothing is stored if it rejects. Rejects with StatError `diagnosis.none` if
 * there is no diagnosis to agree with.
 */
export async function correct(
	{ store }: Pick<Parts, 'store'>,
	options: CorrectOptions,
	run: Pick<Run, 'now'>,
): Promise<CorrectResult> {
	const { student, round, questionId, verdict, skills, noteOnly = false } = options;
	const { diagnosis, correction: previous } = await store.read('diagnosis', { student, round, questionId });
	if (verdict === 'agreed' && !diagnosis && !previous?.original) {
		throw new StatError('diagnosis.none', {});
	}
	const original = noteOnly && previous ? previous.original : diagnosis;
	const correction = correctionOf(
		{ ...options, skills: verdict === 'changed' ? (skills ?? []) : null },
		original,
		run,
	);
	await store.write('addCorrection', correction);
	return { correction, previous };
}

export interface RestoreOptions extends Scope {
	readonly questionId: QuestionId;
	/** The correction that counts again, or `null` if the teacher's diagnosis does. */
	readonly previous: Correction | null;
	readonly author: string;
}

/**
 * Undoes the corrections made after `previous`: appends `previous` again, with the diagnosis it was made on, or appends
 * a withdrawal. The history keeps every entry.
 */
export async function restoreCorrection(
	{ store }: Pick<Parts, 'store'>,
	options: RestoreOptions,
	run: Pick<Run, 'now'>,
): Promise<Correction> {
	const { student, round, questionId, previous } = options;
	const original = previous
		? previous.original
		: (await store.read('diagnosis', { student, round, questionId })).diagnosis;
	const { verdict, skills, note } = previous ?? { verdict: 'withdrawn', skills: null, note: null };
	const correction = correctionOf({ ...options, verdict, skills, note }, original, run);
	await store.write('addCorrection', correction);
	return correction;
}

/** Builds a correction; nothing else does. */
function correctionOf(
	{ student, round, questionId, verdict, skills, note, author }: CorrectOptions,
	original: Diagnosis | null,
	run: Pick<Run, 'now'>,
): Correction {
	const trimmed = note?.trim() ?? '';
	return {
		student,
		round,
		questionId,
		verdict,
		skills,
		note: trimmed === '' ? null : trimmed,
		author,
		at: run.now(),
		original,
	};
}
