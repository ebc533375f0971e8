import type { Verdict } from '../questions/answer.ts';

/** What a person's own checker reads: one JSON line, with a `nonce` that its verdict must repeat. */
export interface CheckInput {
	readonly question: string;
	/** The reference answer; for code, for example, its unit tests. */
	readonly gold: string | null;
	/** The final answer that our grader extracted, or `null`. */
	readonly answer: string | null;
	/** The whole response of the student. */
	readonly response: string;
	readonly metadata: Readonly<Record<string, string | number | null>>;
}

export interface CheckResult {
	readonly verdict: Verdict;
	/** The checker's reason, or why there is no verdict; at most 500 characters. */
	readonly reason: string | null;
}

/** A command as it would run on this machine. */
export interface CheckerCommand {
	readonly command: string;
	/** The files that it names; they run as copies, and the hash covers them. */
	readonly files: readonly string[];
	/** SHA-256 of the command and those files. */
	readonly hash: string;
	/** Whether this person allowed exactly this command and these files on this machine. */
	readonly isAllowed: boolean;
	/** Whether this person allowed this command on this machine with other contents of its files. */
	readonly hasChanged: boolean;
	/** What the platform does not keep from it, one phrase each, e.g. `the network`. */
	readonly unlimited: readonly string[];
}

/** Runs people's own checkers. Implemented in src/grading/exec. */
export interface Checker {
	/** Throws StatError if the command cannot be read, or what it names is missing. Runs nothing. */
	describe(command: string): Promise<CheckerCommand>;
	/** Remembers, outside of projects, that this person allows the command as it is now. */
	allow(command: string): Promise<void>;
	/**
	 * Checks one answer. Throws a `consent` StatError if the command was never allowed or has changed since; whatever
	 * the checker does wrong makes the answer unsure.
	 */
	check(command: string, input: CheckInput, signal: AbortSignal): Promise<CheckResult>;
}
