/** A row as another tool wrote it, before it joins the project. Optional fields were absent in the file. */
export interface ImportedQuestion {
	readonly text: string;
	readonly subject?: string | undefined;
	readonly level?: number | undefined;
	readonly gold?: string | undefined;
	readonly solution?: string | undefined;
	/** Skill names with this row's subject. */
	readonly skills?: readonly string[] | undefined;
	/** 1-based line (JSONL) or index (arrays) in the file. */
	readonly line: number;
}

export interface ImportedSample {
	readonly sample: number;
	readonly text: string;
	readonly logVerdict?: boolean | undefined;
	/** The log's own extraction, for comparison. */
	readonly logExtracted?: string | undefined;
	readonly stepScores?: readonly number[] | undefined;
}

export interface ImportedAnswers {
	readonly question: ImportedQuestion;
	readonly samples: readonly ImportedSample[];
	readonly line: number;
}

export interface RowProblem {
	readonly file: string;
	/** 1-based; 0: the whole file. */
	readonly line: number;
	readonly field: string;
	/** What was expected and what to do, in one line. */
	readonly message: string;
	/** The start of the offending text, at most 2,000 characters. */
	readonly excerpt?: string | undefined;
	/** true: the row was imported without this field. Otherwise the row was set aside. */
	readonly kept?: boolean | undefined;
}
