import type { Run } from '../run.ts';
import type { ErrorKind } from './errorKind.ts';
import type { ErrorCode, ErrorData } from './sentences.ts';
import { fill, kinds, sentences } from './sentences.ts';

/**
 * An error a person can act on, by code and data: the command's edge (cli.ts, ui/commands) turns it into one message
 * in the words of its place. `message` is the neutral sentence of core/errors/sentences.ts. Anything else thrown is a
 * bug.
 */
export class StatError<Code extends ErrorCode = ErrorCode> extends Error {
	override readonly name = 'StatError';
	readonly data: Readonly<Record<string, string | number>>;

	constructor(
		readonly code: Code,
		data: ErrorData<Code>,
		options?: ErrorOptions,
	) {
		super(fill(sentences[code], data), options);
		this.data = data;
	}

	/** Its code's; an error that only says how far a failed step came has its cause's. */
	get kind(): ErrorKind {
		return kinds[this.code] ?? (this.cause instanceof StatError ? this.cause.kind : 'failed');
	}
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Throws `run.cancelled` once the run is aborted. */
export function throwIfCancelled(run: Pick<Run, 'signal'>): void {
	if (run.signal.aborted) {
		throw new StatError('run.cancelled', {});
	}
}
