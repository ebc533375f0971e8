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
