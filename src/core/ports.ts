import type { ChainRow, DatasetCard, DatasetRow } from './dataset.ts';
import type { Grader } from './grader.ts';
import type { SkillRef } from './skill.ts';
import type { Store } from './store.ts';
import type { Message, Sampling, Teacher, TeacherTask } from './teacher.ts';

/** The rooms a workflow works with, wired by cli.ts and extension.ts. */
export interface Parts {
	readonly store: Store;
	readonly grader: Grader;
	readonly files: Files;
	readonly datasets: Datasets;
	/** Only where a teacher is configured; workflows that need one say how to set it. */
	readonly teacher: Teacher | null;
	/** Solves new questions (STAT-Syn), where that is another than the teacher who proposes them. */
	readonly solver?: Teacher | undefined;
	/** Embeds questions (Embed-Sel, Embed-Syn), asked with `embed` calls; without one, nearness is lexical. */
	readonly embedder?: Teacher | undefined;
	readonly prompts: Prompts;
	readonly replies: ReplyParsers;
}

/** A row as another tool wrote it, before it is joined to the project. Everything optional was absent. */
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
	/** true: the row came in, only without this field. Otherwise the row was set aside. */
	readonly kept?: boolean | undefined;
}

export interface ImportBatch<Row> {
	readonly rows: readonly Row[];
	readonly problems: readonly RowProblem[];
	/** Bytes read so far and in all. */
	readonly bytes: number;
	readonly bytesTotal: number;
	/**
	 * Whose answers to what benchmark these are, as the file itself says; offered, never taken over a person's word.
	 */
	readonly offered?: Pick<FileDescription, 'student' | 'benchmark'> | undefined;
	/** Declared skills of a bank, even those without questions. */
	readonly skills?: readonly { readonly subject: string; readonly name: string }[] | undefined;
}

export interface ReadOptions {
	readonly signal: AbortSignal;
	/** A format's name; default: found by looking. */
	readonly format?: string | undefined;
	/** Our field → the file's field (dotted path), for plain JSON and JSONL. */
	readonly mapping?: Readonly<Record<string, string>> | undefined;
	/** Overrides the subject found in the file or its folder. */
	readonly subject?: string | undefined;
}

/** What a file says of itself. */
export interface FileDescription {
	readonly format: string;
	/** The model that answered, by the name its log gives it. */
	readonly student?: string;
	readonly benchmark?: string;
	/** What the tool that wrote it reports, e.g. `exact_match,strict-match`. */
	readonly reported: readonly { readonly metric: string; readonly value: number }[];
}

/** Other tools' files. Implemented in src/formats. Streaming: memory does not grow with the file. */
export interface Files {
	readSkills(file: string, options: ReadOptions): AsyncIterable<ImportBatch<ImportedQuestion>>;
	readQuestions(file: string, options: ReadOptions): AsyncIterable<ImportBatch<ImportedQuestion>>;
	readAnswers(file: string, options: ReadOptions): AsyncIterable<ImportBatch<ImportedAnswers>>;
	/** A file of answers (or the first one of a folder) by its first rows and what lies beside it. */
	describeAnswers(file: string, options: ReadOptions): Promise<FileDescription>;
	/**
	 * Writes rows for another tool's trainer; temp and rename; returns the rows and files written. `replace: false`
	 * refuses files that are there and folders that are not.
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

export type ExportFormat = 'trl' | 'openai' | 'alpaca' | 'sharegpt' | 'llama-factory' | 'axolotl' | 'parquet';
export const exportFormats: readonly ExportFormat[] = [
	'trl',
	'openai',
	'alpaca',
	'sharegpt',
	'llama-factory',
	'axolotl',
	'parquet',
];

/**
 * How the student is asked: the same for generate, export, mask X-ray, training and evaluation, or training teaches
 * format instead of skill.
 */
export interface StudentTemplate {
	readonly kind: 'chat' | 'plain';
	readonly system: string | null;
	/** Appended to the question, e.g. "Please reason step by step, and put your final answer within \\boxed{}." */
	readonly instruction: string | null;
}

/** Datasets on disk, `.stat/datasets/NAME/`. Implemented by the store. */
export interface Datasets {
	/**
	 * Writes data.jsonl and chain.jsonl to a temporary folder, asks `card` for the card, and renames the folder into
	 * place.
	 * Refuses a name that exists unless `replace`. Names: letters, digits, `.`, `_`, `-`, at most 80, no leading dot.
	 */
	write(
		name: string,
		rows: AsyncIterable<readonly [DatasetRow, ChainRow]> | Iterable<readonly [DatasetRow, ChainRow]>,
		card: (written: { sha256: string; rows: number }) => DatasetCard,
		replace: boolean,
	): Promise<{ card: DatasetCard; path: string }>;
	card(name: string): Promise<DatasetCard>;
	list(): Promise<DatasetCard[]>;
	rows(name: string, signal: AbortSignal): AsyncIterable<DatasetRow>;
	/** 0-based, file order. */
	row(name: string, index: number): Promise<{ row: DatasetRow; chain: ChainRow }>;
	path(name: string): string;
}

/** Versioned prompt files; a user's copy in `.stat/prompts/` replaces the built-in one and is named in provenance. */
export interface Prompts {
	/** Fills `{{name}}` placeholders. Untrusted values are inserted verbatim, never expanded again. */
	render(
		task: TeacherTask,
		values: Readonly<Record<string, string>>,
	): { messages: Message[]; version: string; sampling: Sampling; expectedOutputTokens: number };
}

/**
 * Reads the teacher's replies. Implemented in src/teacher/parseReply.ts. Every function throws `MalformedReply` with
 * what was missing, and the call is asked again. Names are matched to the skills offered by normalised name; the rest
 * are `offList`.
 */
export interface ReplyParsers {
	/** `<judge> <reason> <skill>` (sec. 2.2); `firstWrongStep`: 0-based, where the teacher gave one. */
	parseDiagnosis(
		text: string,
		offered: readonly SkillRef[],
	): {
		judge: 'correct' | 'incorrect';
		reason: string;
		skills: SkillRef[];
		offList: string[];
		firstWrongStep: number | null;
	};
	/** `<skill> <reason>` (C.3.1): at most `max` skills of the list, default 5. */
	parseLabel(
		text: string,
		offered: readonly SkillRef[],
		max?: number,
	): { skills: SkillRef[]; offList: string[]; reason: string };
	/** `<judge>`, with a reason if there is one. */
	parseJudge(text: string): { correct: boolean; reason: string };
	/** A worked solution: the text itself, less wrappers. */
	parseSolution(text: string): string;
	/** `<reason> <draft> <question>` (sec. 2.3). */
	parseProposal(text: string): { question: string; reason: string; draft: string };
	/** `<skill>`: skill names the teacher made up for one question (stage 0), normalised; at most `max`, default 3. */
	parseCatalogNames(text: string, max?: number): { names: string[]; reason: string };
	/**
	 * `<cluster>`s of the names listed: each listed name is in at most one; `missing`: in none; `unknown`: in a
	 * cluster, but never listed.
	 */
	parseClusters(
		text: string,
		listed: readonly string[],
	): { clusters: { name: string; members: string[] }[]; missing: string[]; unknown: string[] };
	/** An embedding as {@link Parts.embedder}'s replies hold it; finite numbers, not all zero. */
	parseEmbedding(text: string): Float32Array;
	/** The teacher's check of a new question: `<solvable> <figure> <uses>`. */
	parseCheck(text: string): { solvable: boolean; needsFigure: boolean; usesSkill: boolean; reason: string };
}
