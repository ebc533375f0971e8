import type { Readable, Writable } from 'node:stream';

/** A stream that may be a terminal. */
export type MaybeTerminal<S> = S & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * What a command line run reads from and writes to. Everything else (working directory, environment, file system) is
 * the process's.
 */
export interface CliIo {
	readonly stdin: MaybeTerminal<Readable>;
	/** Results: text, or with --json exactly one JSON object. */
	readonly stdout: MaybeTerminal<Writable>;
	/** Progress, logs, questions and errors. */
	readonly stderr: MaybeTerminal<Writable>;
	/** Aborted: the command ends in order if it can, at the latest after a grace period, with exit status 130. */
	readonly signal: AbortSignal;
	/** Absolute path of the built product: workers, wasm, prompts, data. */
	readonly dist: string;
}
