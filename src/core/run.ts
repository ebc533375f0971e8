/** What a long job is given besides its inputs. */
export interface Run {
	/** Aborted: stop within a second, keep everything finished. */
	readonly signal: AbortSignal;
	readonly progress: (progress: Progress) => void;
	readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
	/** The clock, ISO 8601. Core and stored verbs take times as data. */
	readonly now: () => string;
}

export interface Progress {
	/** What is going on, in a few words: "Diagnosing". */
	readonly label: string;
	readonly done: number;
	/** `undefined` while unknown. */
	readonly total?: number | undefined;
	/** Spent so far in USD; `null`: the price is unknown. */
	readonly cost?: number | null | undefined;
	readonly calls?: number | undefined;
	readonly detail?: string | undefined;
}

/**
 * An error a person can act on: one line that names file, line and field, or host and step, and what to do.
 * The command's edge (cli.ts, ui/commands) turns it into one message; anything else thrown is a bug.
 */
export class StatError extends Error {
	override readonly name = 'StatError';
	constructor(
		message: string,
		/** `usage` exits 2, `cancelled` 130, the rest 1. */
		readonly kind:
			'failed' | 'usage' | 'cancelled' | 'locked' | 'newer-schema' | 'read-only' | 'consent' = 'failed',
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/** What was thrown, in words. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Throws a `cancelled` StatError once the run is aborted. */
export function throwIfCancelled(run: Pick<Run, 'signal'>): void {
	if (run.signal.aborted) {
		throw new StatError('cancelled; everything finished so far is kept', 'cancelled');
	}
}
