/**
 * The student and round (from 1) whose answers a step refers to. Every step of the loop is `(parts: Parts, options:
 * …Options, run: Run) => Promise<…Result>` in src/workflow/CHAPTER/NAME.ts, and the fields of its result are the
 * contract of the command line's `--json`: counts refer to this run, and undefined metrics are null.
 */
export interface Scope {
	readonly student: string;
	readonly round: number;
}
