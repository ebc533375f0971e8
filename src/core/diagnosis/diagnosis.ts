import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';

/** A teacher's reading of one answer (sec. 2.2). One per (student, round, question). */
export interface Diagnosis {
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	/** The sample read: the first one graded wrong, else 0. */
	readonly sample: number;
	/** `correct`: no missing skill; the answer is listed as disputed. */
	readonly judge: 'correct' | 'incorrect';
	readonly reason: string;
	/** Missing skills, from the list that was offered. */
	readonly skills: readonly SkillRef[];
	/** Names outside the list: stored and shown, never counted. */
	readonly offList: readonly string[];
	/** 0-based index of a step of the answer, if the teacher named one. */
	readonly firstWrongStep: number | null;
	readonly replyKey: string;
	readonly model: string;
	readonly promptVersion: string;
	/** ISO 8601. */
	readonly at: string;
}

/**
 * A person's correction of a diagnosis. It overrides the diagnosis, survives a new diagnosis and stores what it
 * replaced. The latest one applies.
 */
export interface Correction {
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	/**
	 * `agreed`: the teacher's skills apply; `changed`: `skills` replace them; `disputed`: the answer misses nothing;
	 * `withdrawn`: back to the teacher's.
	 */
	readonly verdict: 'agreed' | 'changed' | 'disputed' | 'withdrawn';
	/** Only for `changed`. */
	readonly skills: readonly SkillRef[] | null;
	readonly note: string | null;
	readonly author: string;
	readonly at: string;
	/** The teacher's diagnosis at the time of the correction; `null` if there was none. */
	readonly original: Diagnosis | null;
}

/**
 * What counts in the Missing-Skill-Profile for one question: the correction, else the diagnosis, joined by the skills
 * of annotations that count (annotation.ts).
 */
export interface MissingSkills {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly skills: readonly SkillRef[];
	/** `person`: a correction or an annotation contributed. */
	readonly from: 'teacher' | 'person';
	readonly disputed: boolean;
}
