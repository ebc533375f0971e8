import type { Verdict } from '../questions/answer.ts';

export interface Extracted {
	/** The final answer the response meant; `null`: nothing found. */
	readonly answer: string | null;
	readonly how: 'boxed' | 'tagged' | 'phrase' | 'hashes' | 'display' | 'choice' | 'number' | 'whole' | 'none';
	/** The response ended before an answer, in a thought or an open box: unsure rather than wrong. */
	readonly cutOff?: true;
}

export interface Grade {
	readonly equal: Verdict;
	/** Why unsure, in a few words; absent when sure. */
	readonly reason?: string;
}

/**
 * Are two final answers the same? Implemented in src/grading. Never throws, never hangs: costly pairs go to a killable
 * worker with a deadline.
 */
export interface Grader {
	/** Pure and linear in the response (microseconds for most). For texts of a student's, use {@link extractInTime}. */
	extract(response: string): Extracted;
	/** As {@link extract}, but a long response goes to the worker and is cut off where that takes too long. */
	extractInTime(response: string): Promise<Extracted>;
	/** Settles plain pairs at once; `undefined` when the pair needs {@link equivalent}. */
	equivalentNow(gold: string, answer: string): Grade | undefined;
	equivalent(gold: string, answer: string): Promise<Grade>;
	/**
	 * Groups equal answers: result[i] is the smallest index whose answer equals answers[i]; `null` answers stand alone.
	 * Transitive and independent of order.
	 */
	groups(answers: readonly (string | null)[]): Promise<number[]>;
	dispose(): Promise<void>;
}
