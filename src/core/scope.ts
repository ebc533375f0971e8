/**
 * A student and its round, from 1, whose answers a step refers to. Every step of the loop is `(parts: Parts, options:
 * …Options, run: Run) => Promise<…Result>` in src/workflow/CHAPTER/NAME.ts, and its result's fields are the command
 * line's `--json` contract: counts are of this run, undefined metrics are null.
 */
export interface Scope {
	readonly student: string;
	readonly round: number;
}
