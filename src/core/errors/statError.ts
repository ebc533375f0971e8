import type { Run } from '../run.ts';
import type { ErrorKind } from './errorKind.ts';
import type { ErrorCode, ErrorData } from './sentences.ts';
import { fill, kinds, sentences } from './sentences.ts';

/**
 * An error that a user can act on, with a code and data. The outermost caller (cli.ts, ui/commands) turns it into one
 * message. `message` is the neutral sentence from core/errors/sentences.ts. Any other thrown error is a bug.
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

	/** The kind of its code. An error that only reports how far a failed step got has the kind of its cause. */
	get kind(): ErrorKind {
		return kinds[this.code] ?? (this.cause instanceof StatError ? this.cause.kind : 'failed');
	}
}

/** Returns the message of any thrown value. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Throws `run.cancelled` once the run has been aborted. */
export function throwIfCancelled(run: Pick<Run, 'signal'>): void {
	if (run.signal.aborted) {
		throw new StatError('run.cancelled', {});
	}
}
