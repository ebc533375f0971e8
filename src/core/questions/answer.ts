import type { QuestionId } from './question.ts';

/** true: equal to the gold answer; false: different; null: unsure, or no gold answer to compare with. */
export type Verdict = boolean | null;

/**
 * One of a student's answers, identified by (student, round, question, sample). Answers with equal text remain
 * separate.
 */
export interface Answer {
	readonly student: string;
	/** Rounds are numbered from 1. */
	readonly round: number;
	readonly questionId: QuestionId;
	/** 0-based. Eq. (1) and pass@1 read sample 0. */
	readonly sample: number;
	/** The whole response. */
	readonly text: string;
	/** Final answer found by our grader; `null` if none was found. */
	readonly extracted: string | null;
	readonly verdict: Verdict;
	/** The verdict in the log that the answer came from, stored in addition to ours. */
	readonly logVerdict: Verdict;
	/** Process rewards r_1..r_t in [0, 1], one per step; `null` if not scored. */
	readonly stepScores: readonly number[] | null;
	/**
	 * Positions of the steps in `text`, [start, end) in UTF-16 units. The split is stored with the result because sec.
	 * 2.1 does not define one.
	 */
	readonly steps: readonly (readonly [number, number])[];
	/** Set if the token limit is known to have cut the answer off. Only a final answer stated before the cut counts. */
	readonly truncated?: boolean | undefined;
}

/**
 * All samples of one question as numbers: the input of the difficulty rules. Small enough to hold 100,000 questions in
 * memory.
 */
export interface AnswerDigest {
	readonly questionId: QuestionId;
	/** Sample numbers, in the order of the other lists; numbers may be missing. */
	readonly samples: readonly number[];
	readonly verdicts: readonly Verdict[];
	readonly extracted: readonly (string | null)[];
	/** Number of words in each response. */
	readonly words: readonly number[];
	/**
	 * Summary of sample 0's step scores: r_t, mean(r_1..r_t), and min over i < t (`null` if t = 1); `null` if sample 0
	 * has no scores.
	 */
	readonly reward: { readonly last: number; readonly mean: number; readonly minBeforeLast: number | null } | null;
}
