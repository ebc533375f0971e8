import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';

/** A teacher's reading of one answer (sec. 2.2). One per (student, round, question). */
export interface Diagnosis {
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	/** The sample read: the first one graded wrong, else 0. */
	readonly sample: number;
	/** `correct` adds no missing skill and is listed as disputed. */
	readonly judge: 'correct' | 'incorrect';
	readonly reason: string;
	/** Missing skills, from the list offered. */
	readonly skills: readonly SkillRef[];
	/** Names the teacher gave that are not on the list: kept, shown, never counted. */
	readonly offList: readonly string[];
	/** 0-based index into the answer's steps, where the teacher gave one. */
	readonly firstWrongStep: number | null;
	readonly replyKey: string;
	readonly model: string;
	readonly promptVersion: string;
	/** ISO 8601. */
	readonly at: string;
}

/** A person's word on a diagnosis. It wins, survives a re-run, and keeps what it replaced. The latest one counts. */
export interface Correction {
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	/**
	 * `agreed`: the teacher's skills stand; `changed`: `skills` replace them; `disputed`: the answer misses nothing;
	 * `withdrawn`: back to the teacher's.
	 */
	readonly verdict: 'agreed' | 'changed' | 'disputed' | 'withdrawn';
	/** Only with `changed`. */
	readonly skills: readonly SkillRef[] | null;
	readonly note: string | null;
	readonly author: string;
	readonly at: string;
	/** The teacher's diagnosis when the correction was made; `null` if there was none. */
	readonly original: Diagnosis | null;
}

/**
 * What counts in the Missing-Skill-Profile for one question: the correction if there is one, else the diagnosis; and,
 * joined to it, the skills of annotations that count (annotation.ts).
 */
export interface MissingSkills {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly skills: readonly SkillRef[];
	/** `person`: a correction or an annotation has its part in it. */
	readonly from: 'teacher' | 'person';
	readonly disputed: boolean;
}
