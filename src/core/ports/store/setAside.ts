export interface SetAsideRow {
	/** The operation: `import answers`, `diagnose`, `build sel-r1`… */
	readonly operation: string;
	/** Makes it one row however often it happens: a new one replaces the old. */
	readonly key: string;
	readonly file: string | null;
	readonly line: number | null;
	readonly field: string | null;
	readonly message: string;
	/** The reply's or line's text, at most 20,000 characters. */
	readonly text: string | null;
	readonly at: string;
}

/** Verbs on rows that were set aside. */
export interface SetAsideWrites {
	setAside: { params: { rows: readonly SetAsideRow[] }; result: { added: number } };
	/**
	 * Forgets what an operation set aside, before it is run again or because it came right. `keys: null`: all of it.
	 */
	clearSetAside: { params: { operation: string; keys: readonly string[] | null }; result: { cleared: number } };
}

/** Queries on rows that were set aside. */
export interface SetAsideReads {
	setAside: {
		params: { operation: string | null; offset: number; limit: number };
		result: { total: number; rows: readonly SetAsideRow[] };
	};
	/** How many rows each operation set aside, by name. */
	setAsideOperations: {
		params: Record<never, never>;
		result: readonly { readonly operation: string; readonly count: number }[];
	};
}
