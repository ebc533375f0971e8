import type { Readable, Writable } from 'node:stream';
import type { Run } from '../core/run.ts';

/** A stream that may be a terminal. */
export type MaybeTerminal<S> = S & { readonly isTTY?: boolean; readonly columns?: number };

/**
 * What a run of the command line reads from and writes to. Everything else (working directory, environment, file
 * system) is the process's.
 */
export interface CliIo {
	readonly stdin: MaybeTerminal<Readable>;
	/** For results: text or, with --json, exactly one JSON object. */
	readonly stdout: MaybeTerminal<Writable>;
	/** For progress, logs, questions and errors. */
	readonly stderr: MaybeTerminal<Writable>;
	/**
	 * Aborted to cancel: the command ends in an orderly way if it can, after a grace period at the latest, with exit
	 * status 130.
	 */
	readonly signal: AbortSignal;
	/** See {@link Run.calls}. */
	readonly calls?: Run['calls'];
	/** Absolute path of the built product: workers, WebAssembly, prompts and data. */
	readonly dist: string;
}
