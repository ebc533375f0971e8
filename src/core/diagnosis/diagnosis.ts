import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';

/** A teacher's diagnosis of one answer (sec. 2.2). There is one per (student, round, question). */
export interface Diagnosis {
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	/** The sample that was read: the first one graded wrong, or 0 if there is none. */
	readonly sample: number;
	/** `correct`: no missing skill; the answer is listed as disputed. */
	readonly judge: 'correct' | 'incorrect';
	readonly reason: string;
	/** Missing skills, from the list offered to the teacher. */
	readonly skills: readonly SkillRef[];
	/** Names that are not on the list. They are stored and shown but never counted. */
	readonly offList: readonly string[];
	/** 0-based index of the first wrong step of the answer, if the teacher named one. */
	readonly firstWrongStep: number | null;
	readonly replyKey: string;
	readonly model: string;
	readonly promptVersion: string;
	/** ISO 8601. */
	readonly at: string;
}

/**
 * A user's correction of a diagnosis. It overrides the diagnosis, remains in effect after a new diagnosis, and stores
 * what it replaced. The latest correction applies.
 */
export interface Correction {
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	/**
	 * `agreed`: the teacher's skills apply; `changed`: `skills` replace them; `disputed`: the answer misses nothing;
	 * `withdrawn`: the teacher's diagnosis applies again.
	 */
	readonly verdict: 'agreed' | 'changed' | 'disputed' | 'withdrawn';
	/** Set only for `changed`. */
	readonly skills: readonly SkillRef[] | null;
	readonly note: string | null;
	readonly author: string;
	readonly at: string;
	/** The teacher's diagnosis at the time of the correction; `null` if there was none. */
	readonly original: Diagnosis | null;
}

/**
 * What counts in the Missing-Skill-Profile for one question: the correction, or the diagnosis if there is none, plus
 * the skills of annotations that count (annotation.ts).
 */
export interface MissingSkills {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly skills: readonly SkillRef[];
	/** `person`: a correction or an annotation contributed to it. */
	readonly from: 'teacher' | 'person';
	readonly disputed: boolean;
}
