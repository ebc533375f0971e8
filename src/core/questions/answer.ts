import type { QuestionId } from './question.ts';

/** true: equal to the gold answer; false: different; null: unsure, or no gold to compare with. */
export type Verdict = boolean | null;

/** One of a student's answers. Identity is (student, round, question, sample); equal texts stay separate. */
export interface Answer {
	readonly student: string;
	/** Rounds are numbered from 1. */
	readonly round: number;
	readonly questionId: QuestionId;
	/** 0-based. Sample 0 is the one eq. (1) and pass@1 read. */
	readonly sample: number;
	/** The whole response. */
	readonly text: string;
	/** Final answer as extracted by our grader; `null`: none found. */
	readonly extracted: string | null;
	readonly verdict: Verdict;
	/** The verdict of the log the answer came from, stored beside ours. */
	readonly logVerdict: Verdict;
	/** Process rewards r_1..r_t in [0, 1], one per step; `null`: not scored. */
	readonly stepScores: readonly number[] | null;
	/**
	 * Where the steps lie in `text`, [start, end) in UTF-16 units. The split is part of the stored result, since sec.
	 * 2.1 does not define one.
	 */
	readonly steps: readonly (readonly [number, number])[];
	/** The token limit cut it off: only an answer that it had named by then counts. Set if it is known. */
	readonly truncated?: boolean | undefined;
}

/**
 * All samples of one question as numbers: the input of difficulty rules. Small enough to hold 100,000 questions in
 * memory.
 */
export interface AnswerDigest {
	readonly questionId: QuestionId;
	/** By sample. Gaps in sample numbers are closed; `samples` has the numbers. */
	readonly samples: readonly number[];
	readonly verdicts: readonly Verdict[];
	readonly extracted: readonly (string | null)[];
	/** Words in each response. */
	readonly words: readonly number[];
	/**
	 * Of sample 0's step scores: r_t, mean(r_1..r_t), min over i < t (`null` if t = 1); `null`: sample 0 has no scores.
	 */
	readonly reward: { readonly last: number; readonly mean: number; readonly minBeforeLast: number | null } | null;
}
