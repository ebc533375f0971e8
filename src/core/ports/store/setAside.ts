export interface SetAsideRow {
	/** The operation, e.g. `import answers`, `diagnose` or `build sel-r1`. */
	readonly operation: string;
	/** Identifies the row: a new row with the same key replaces it. */
	readonly key: string;
	readonly file: string | null;
	readonly line: number | null;
	readonly field: string | null;
	readonly message: string;
	/** The text of the reply or line, at most 20,000 characters. */
	readonly text: string | null;
	readonly at: string;
}

/** Verbs for rows that were set aside. */
export interface SetAsideWrites {
	setAside: { params: { rows: readonly SetAsideRow[] }; result: { added: number } };
	/**
	 * Removes the rows that an operation set aside, before it runs again or because it succeeded. `keys: null` removes
	 * all of them.
	 */
	clearSetAside: { params: { operation: string; keys: readonly string[] | null }; result: { cleared: number } };
}

/** Queries on rows that were set aside. */
export interface SetAsideReads {
	setAside: {
		params: { operation: string | null; offset: number; limit: number };
		result: { total: number; rows: readonly SetAsideRow[] };
	};
	/** Returns how many rows each operation set aside, by name. */
	setAsideOperations: {
		params: Record<never, never>;
		result: readonly { readonly operation: string; readonly count: number }[];
	};
}
