/** The context of a long-running step, apart from its inputs. */
export interface Run {
	/** Once aborted, the step stops within a second with everything finished stored. */
	readonly signal: AbortSignal;
	readonly progress: (progress: Progress) => void;
	readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
	/** Returns the current time, ISO 8601. Core and the store's verbs take times as data. */
	readonly now: () => string;
	/** Is told of everything that makes paid calls in this run, if somebody may want to wait for those in flight. */
	readonly calls?: { add(calls: CallsInFlight): void } | undefined;
}

/** The paid calls of one endpoint. */
export interface CallsInFlight {
	/** Number of calls that were sent and whose replies are not stored yet. */
	readonly inFlight: number;
	/** Sends nothing more; resolves once nothing is in flight. */
	finish(): Promise<void>;
}

export interface Progress {
	/** The current activity in a few words, e.g. "Diagnosing". */
	readonly label: string;
	readonly done: number;
	/** `undefined` until it is known. */
	readonly total?: number | undefined;
	/** Amount spent so far in USD; `null` if the price is unknown. */
	readonly cost?: number | null | undefined;
	readonly calls?: number | undefined;
	readonly detail?: string | undefined;
}
