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
	/** The fields of the file so far. */
	readonly fields?: FieldsUsed | undefined;
	/** Skills that a bank declares, including those without questions. */
	readonly skills?: readonly { readonly subject: string; readonly name: string }[] | undefined;
}

/** The fields of a file's rows, as the file names them; `question + options` were joined. */
export interface FieldsUsed {
	readonly used: readonly string[];
	/** Fields that hold text or numbers and were not used; those that number or time a row are left out. */
	readonly unused: readonly string[];
}

/** What a file brings in. */
export const importKinds = ['skills', 'questions', 'answers'] as const;
export type ImportKind = (typeof importKinds)[number];

/** What a file (or a folder of the same) is, found out from its first rows. */
export interface FileLook {
	readonly file: string;
	readonly kind: ImportKind;
	/** Name of the format, see docs/formats.md. */
	readonly format: string;
	readonly container: 'json' | 'csv' | 'parquet' | 'zip' | 'arrow';
	/** Our field → the file's field, as a mapping would name it. */
	readonly mapping: Readonly<Record<string, string>>;
	/** Whether the rows were written to train on, so that their answers are solutions. */
	readonly isTraining: boolean;
	/** The student that the rows name. */
	readonly student?: string;
	readonly benchmark?: string;
}

/** What is in a folder: one look if its files are the same in kind, format, student and benchmark, otherwise one each. */
export interface FolderLook {
	readonly looks: readonly FileLook[];
	/** Files that are none of ours. */
	readonly problems: readonly RowProblem[];
}

export interface ReadOptions {
	readonly signal: AbortSignal;
	/** Name of a format; by default, the format is detected. */
	readonly format?: string | undefined;
	/** Maps our fields to the file's fields (dotted paths), for plain JSON and JSONL. */
	readonly mapping?: Readonly<Record<string, string>> | undefined;
	/** Overrides the subject found in the file or its folder. */
	readonly subject?: string | undefined;
	/** All files of the import: the logs of several seeds, or requests and results of a batch, belong together. */
	readonly beside?: readonly string[] | undefined;
	/** The student's prompt, whose system text and instruction are no part of a question. */
	readonly template?: StudentTemplate | undefined;
}

export interface LookOptions extends ReadOptions {
	/** The kind that the user named; by default, it is found out. */
	readonly kind?: ImportKind | undefined;
	/** Whose answers they are, according to the user: then training data is answers too. */
	readonly student?: string | undefined;
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
	/** Finds out what a file, or a folder, is. Throws StatError if it is none of ours. */
	look(input: string, options: LookOptions): Promise<FolderLook>;
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
