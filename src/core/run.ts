/** The context of a long-running step besides its inputs. */
export interface Run {
	/** Once aborted, the step stops within a second and everything finished is stored. */
	readonly signal: AbortSignal;
	readonly progress: (progress: Progress) => void;
	readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
	/** The clock, ISO 8601. Core and stored verbs take times as data. */
	readonly now: () => string;
}

export interface Progress {
	/** The current activity in a few words: "Diagnosing". */
	readonly label: string;
	readonly done: number;
	/** `undefined` while unknown. */
	readonly total?: number | undefined;
	/** Spent so far in USD; `null`: the price is unknown. */
	readonly cost?: number | null | undefined;
	readonly calls?: number | undefined;
	readonly detail?: string | undefined;
}
