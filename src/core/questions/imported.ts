/** A row as another tool wrote it, before it is added to the project. Optional fields may be absent in the file. */
export interface ImportedQuestion {
	readonly text: string;
	readonly subject?: string | undefined;
	readonly level?: number | undefined;
	readonly gold?: string | undefined;
	readonly solution?: string | undefined;
	/** Names of skills; they belong to this row's subject. */
	readonly skills?: readonly string[] | undefined;
	/** 1-based line number (JSONL) or index (arrays) in the file. */
	readonly line: number;
}

export interface ImportedSample {
	readonly sample: number;
	readonly text: string;
	readonly logVerdict?: boolean | undefined;
	/** The final answer that the log extracted, for comparison. */
	readonly logExtracted?: string | undefined;
	readonly stepScores?: readonly number[] | undefined;
	/** The log says that a token limit cut it off. */
	readonly truncated?: boolean | undefined;
}

export interface ImportedAnswers {
	readonly question: ImportedQuestion;
	readonly samples: readonly ImportedSample[];
	readonly line: number;
}

export interface RowProblem {
	readonly file: string;
	/** 1-based; 0 stands for the whole file. */
	readonly line: number;
	readonly field: string;
	/** One line saying what was expected and what to do. */
	readonly message: string;
	/** The start of the invalid text, at most 2,000 characters. */
	readonly excerpt?: string | undefined;
	/** true: the row was imported without this field. Otherwise the row was set aside. */
	readonly kept?: boolean | undefined;
}
