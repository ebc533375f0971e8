import type { DatasetRow } from '../datasets/dataset.ts';
import type { ImportedAnswers, ImportedQuestion, RowProblem } from '../questions/imported.ts';
import type { StudentTemplate } from '../questions/studentTemplate.ts';
import type { ExportFormat } from '../training/exportFormat.ts';

export interface ImportBatch<Row> {
	readonly rows: readonly Row[];
	readonly problems: readonly RowProblem[];
	/** Bytes read so far, and the total number of bytes. */
	readonly bytes: number;
	readonly bytesTotal: number;
	/**
	 * The student and benchmark named in the file itself. These are suggestions that never override what the user
	 * entered.
	 */
	readonly offered?: Pick<FileDescription, 'student' | 'benchmark'> | undefined;
	/** Skills that a bank declares, including those without questions. */
	readonly skills?: readonly { readonly subject: string; readonly name: string }[] | undefined;
}

export interface ReadOptions {
	readonly signal: AbortSignal;
	/** Name of a format; by default, the format is detected. */
	readonly format?: string | undefined;
	/** Maps our fields to the file's fields (dotted paths), for plain JSON and JSONL. */
	readonly mapping?: Readonly<Record<string, string>> | undefined;
	/** Overrides the subject found in the file or its folder. */
	readonly subject?: string | undefined;
}

/** What a file says about itself. */
export interface FileDescription {
	readonly format: string;
	/** The answering model, as named in the log. */
	readonly student?: string;
	readonly benchmark?: string;
	/** Metrics reported by the tool that wrote it, e.g. `exact_match,strict-match`. */
	readonly reported: readonly { readonly metric: string; readonly value: number }[];
}

/**
 * Reads and writes files of other tools. Implemented in src/formats. Streams, so memory use does not grow with the
 * file.
 */
export interface Files {
	readSkills(file: string, options: ReadOptions): AsyncIterable<ImportBatch<ImportedQuestion>>;
	readQuestions(file: string, options: ReadOptions): AsyncIterable<ImportBatch<ImportedQuestion>>;
	readAnswers(file: string, options: ReadOptions): AsyncIterable<ImportBatch<ImportedAnswers>>;
	/** Describes a file of answers (or the first one in a folder) from its first rows and neighbouring files. */
	describeAnswers(file: string, options: ReadOptions): Promise<FileDescription>;
	/**
	 * Writes rows for another tool's trainer to temporary files, then renames them. Returns the rows and files written.
	 * `replace: false` refuses existing files and missing folders.
	 */
	export(
		format: ExportFormat,
		name: string,
		rows: AsyncIterable<DatasetRow>,
		out: string,
		template: StudentTemplate,
		signal: AbortSignal,
		replace?: boolean,
	): Promise<{ rows: number; path: string; files: string[] }>;
}
