import type { Verdict } from '../questions/answer.ts';

export interface Extracted {
	/** The response's final answer; `null` if none was found. */
	readonly answer: string | null;
	readonly how: 'boxed' | 'tagged' | 'phrase' | 'hashes' | 'display' | 'choice' | 'number' | 'whole' | 'none';
	/**
	 * The response ended before it reached an answer, inside a reasoning block or an unclosed `\boxed{`. It is graded
	 * as unsure rather than wrong.
	 */
	readonly cutOff?: true;
}

export interface Grade {
	readonly equal: Verdict;
	/** Why the grade is unsure, in a few words; absent if it is not. */
	readonly reason?: string;
}

/**
 * Compares final answers. Implemented in src/grading. Never throws and never hangs: expensive pairs go to a worker that
 * is killed at a deadline.
 */
export interface Grader {
	/**
	 * Extracts a response's final answer. Pure, and linear in the response (microseconds for most). For a student's
	 * responses, use {@link extractInTime}.
	 */
	extract(response: string): Extracted;
	/**
	 * Like {@link extract}, but sends long responses to the worker and treats them as cut off if they take too long.
	 */
	extractInTime(response: string): Promise<Extracted>;
	/** Grades simple pairs immediately; returns `undefined` if the pair needs {@link equivalent}. */
	equivalentNow(gold: string, answer: string): Grade | undefined;
	equivalent(gold: string, answer: string): Promise<Grade>;
	/**
	 * Groups equal answers: result[i] is the smallest index whose answer equals answers[i]; each `null` is its own
	 * group. Transitive and independent of order.
	 */
	groups(answers: readonly (string | null)[]): Promise<number[]>;
	dispose(): Promise<void>;
}
