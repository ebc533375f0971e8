import type { Verdict } from '../../core/questions/answer.ts';
import type { FieldsUsed, FileLook, ImportBatch, ImportKind } from '../../core/ports/files.ts';
import type { ImportedAnswers, ImportedQuestion, RowProblem } from '../../core/questions/imported.ts';
import type { GradingRule } from '../../core/questions/gradingRule.ts';
import { commandOf } from '../../core/questions/gradingRule.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId, Split } from '../../core/questions/question.ts';
import { questionId } from '../../core/questions/question.ts';
import { readTemplate } from '../../core/questions/studentTemplate.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import { gradeAnswer } from './gradeAnswer.ts';
import { gradingRules } from './gradingRules.ts';
import { noReferences } from './importRun.ts';
import { questionsWithIds } from '../reading/chunks.ts';

/** What the user said about the files; the rest is found out. */
export interface PreviewOptions {
	readonly files: readonly string[];
	readonly kind?: ImportKind | undefined;
	readonly format?: string | undefined;
	/** Our field → the file's field; overrides what is found, field by field. */
	readonly mapping?: Readonly<Record<string, string>> | undefined;
	readonly subject?: string | undefined;
	readonly student?: string | undefined;
	/** How to grade answers; by default by the project's rules. */
	readonly grading?: GradingRule | undefined;
	readonly split?: Split | undefined;
}

/** A row as it would come in. Texts are at most 2,000 characters long. */
export interface PreviewRow {
	/** 1-based line number or index in the file. */
	readonly line: number;
	readonly question: string;
	/** The reference answer: the project's where it knows the question, else the file's. */
	readonly gold: string | null;
	readonly solution: string | null;
	readonly subject: string | null;
	readonly level: number | null;
	readonly skills: readonly string[];
	readonly answers: readonly PreviewAnswer[];
}

export interface PreviewAnswer {
	/** From 0. */
	readonly sample: number;
	readonly text: string;
	/** The final answer that our grader found in it; `null` if there is none, or it was not looked for. */
	readonly extracted: string | null;
	/** Our verdict; `null` if unsure or without a reference answer. */
	readonly verdict: Verdict;
	readonly logVerdict: boolean | null;
}

export interface FilePreview extends FileLook, FieldsUsed {
	/** The split that new questions would join. */
	readonly split: Split;
	/** Number of rows that would come in, of their answers, and of rows whose question has a reference answer. */
	readonly rows: number;
	readonly answers: number;
	readonly references: number;
	/** Number of rows that would be set aside, and the first problems. */
	readonly aside: number;
	readonly problems: readonly RowProblem[];
	/** Whether the whole file was read; otherwise the numbers are those of its first {@link previewRows} rows. */
	readonly isWhole: boolean;
	readonly preview: readonly PreviewRow[];
	/** The first {@link judged} answers with a reference answer: right, wrong, unsure. */
	readonly verdicts: { readonly right: number; readonly wrong: number; readonly unsure: number };
	/** What somebody should know before importing, a sentence each. */
	readonly warnings: readonly string[];
}

export interface ImportPreview {
	readonly files: readonly FilePreview[];
	/** Files in folders that are none of ours. */
	readonly problems: readonly RowProblem[];
}

/** Number of rows that a preview reads of a file. */
export const previewRows = 5_000;
/** Number of answers that a preview grades. */
export const judged = 30;
const shownRows = 10;
const shownAnswers = 4;
const shownProblems = 20;
const shownCharacters = 2_000;

/** Finds out what the files are and shows what an import would bring in. Writes nothing. */
export async function previewImport(parts: Parts, options: PreviewOptions, run: Run): Promise<ImportPreview> {
	const files: FilePreview[] = [];
	const problems: RowProblem[] = [];
	for (const [index, file] of options.files.entries()) {
		const found = await parts.files.look(file, { ...options, beside: options.files, signal: run.signal });
		problems.push(...found.problems);
		for (const look of found.looks) {
			throwIfCancelled(run);
			run.progress({ label: 'Reading', done: index, total: options.files.length, detail: look.file });
			files.push(await previewFile(parts, look, options, run));
		}
	}
	return { files, problems };
}

async function previewFile(parts: Parts, look: FileLook, options: PreviewOptions, run: Run): Promise<FilePreview> {
	const rules = await gradingRules(parts.store);
	const seen = new Seen(parts, (benchmark) => options.grading ?? rules.of(benchmark ?? look.benchmark ?? null));
	for await (const batch of rowsOf(parts, look, options, run)) {
		throwIfCancelled(run);
		await seen.take(batch);
		if (seen.rows >= previewRows) {
			seen.isWhole = batch.bytes >= batch.bytesTotal;
			break;
		}
	}
	const split = options.split ?? splitOf(look, seen.solutions > 0);
	const { rows, answers, references, aside, isWhole, preview, verdicts, fields } = seen;
	return {
		...look,
		...fields,
		split,
		rows,
		answers,
		references,
		aside,
		problems: seen.problems,
		isWhole,
		preview,
		verdicts,
		warnings: warningsOf(look, options, seen),
	};
}

/** Reads a file as the kind that it is; a row of answers holds its question. */
async function* rowsOf(
	parts: Parts,
	{ file, kind }: FileLook,
	{ files, format, mapping, subject }: PreviewOptions,
	run: Run,
): AsyncGenerator<ImportBatch<ImportedAnswers>> {
	const template = readTemplate(await parts.store.read('setting', { key: 'studentTemplate' })) ?? undefined;
	const options = { signal: run.signal, format, mapping, subject, beside: files, template };
	if (kind === 'answers') {
		yield* parts.files.readAnswers(file, options);
		return;
	}
	const batches =
		kind === 'skills' ? parts.files.readSkills(file, options) : parts.files.readQuestions(file, options);
	for await (const batch of batches) {
		yield { ...batch, rows: batch.rows.map((question) => ({ question, samples: [], line: question.line })) };
	}
}

/** What has been read of one file so far. */
class Seen {
	rows = 0;
	answers = 0;
	references = 0;
	solutions = 0;
	aside = 0;
	isWhole = true;
	fields: FieldsUsed = { used: [], unused: [] };
	readonly problems: RowProblem[] = [];
	readonly preview: PreviewRow[] = [];
	readonly verdicts = { right: 0, wrong: 0, unsure: 0 };
	/** Number of answers whose rule asks the teacher or a checker, which a preview does not. */
	later = 0;
	private graded = 0;
	private readonly gold = new Map<QuestionId, string>();

	constructor(
		private readonly parts: Parts,
		private readonly ruleOf: (benchmark: string | null) => GradingRule,
	) {}

	async take({ rows, problems, fields }: ImportBatch<ImportedAnswers>): Promise<void> {
		this.fields = fields ?? this.fields;
		this.aside += problems.filter(({ kept }) => kept !== true).length;
		this.problems.push(...problems.slice(0, Math.max(0, shownProblems - this.problems.length)));
		const ids = rows.map(({ question }) => questionId(question.text));
		const known = await questionsWithIds(this.parts.store, [...new Set(ids)]);
		for (const [place, row] of rows.entries()) {
			const id = ids[place] as QuestionId;
			const rule = this.ruleOf(known.get(id)?.benchmark ?? null);
			await this.row(row, this.goldOf(id, row.question, known.get(id)), rule);
		}
	}

	private goldOf(id: QuestionId, { gold }: ImportedQuestion, known: Question | undefined): string | null {
		const found = known?.gold ?? this.gold.get(id) ?? gold;
		if (found !== undefined) {
			this.gold.set(id, found);
		}
		return found ?? null;
	}

	private async row(
		{ question, samples, line }: ImportedAnswers,
		gold: string | null,
		rule: GradingRule,
	): Promise<void> {
		const canJudge = gold !== null || rule === 'log';
		this.later += rule === 'judge' || commandOf(rule) !== null ? samples.length : 0;
		this.rows++;
		this.answers += samples.length;
		this.references += gold === null ? 0 : 1;
		this.solutions += question.solution === undefined ? 0 : 1;
		const isShown = this.preview.length < shownRows;
		const answers: PreviewAnswer[] = [];
		for (const { sample, text, logVerdict = null, truncated } of samples) {
			const isJudged = canJudge && this.graded < judged;
			if (!isJudged && (!isShown || answers.length >= shownAnswers)) {
				break;
			}
			const grade = isJudged
				? await gradeAnswer(this.parts.grader, gold, text, truncated, { rule, logVerdict })
				: { extracted: null, verdict: null };
			if (isJudged) {
				this.graded++;
				this.verdicts[nameOf(grade.verdict)]++;
			}
			if (answers.length < shownAnswers) {
				answers.push({ sample, text: shown(text), ...grade, logVerdict });
			}
		}
		if (isShown) {
			this.preview.push({
				line,
				question: shown(question.text),
				gold,
				solution: question.solution === undefined ? null : shown(question.solution),
				subject: question.subject ?? null,
				level: question.level ?? null,
				skills: question.skills ?? [],
				answers,
			});
		}
	}
}

function nameOf(verdict: Verdict): 'right' | 'wrong' | 'unsure' {
	if (verdict === null) {
		return 'unsure';
	}
	return verdict ? 'right' : 'wrong';
}

function shown(text: string): string {
	return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

/**
 * Returns the split that a file's questions join unless the user names one. Its name or folders decide: `test` is a
 * validation set as in sec. 2 of the paper, where Q_val is drawn from the test bank. Otherwise, questions with solutions
 * are to train on, and the others to evaluate on. New questions of answers join validation.
 */
export function splitOf({ file, kind, isTraining }: FileLook, hasSolutions: boolean): Split {
	if (kind === 'answers') {
		return 'validation';
	}
	const parts = file.toLowerCase().split(/[\\/]/).reverse();
	for (const part of parts.slice(0, 5)) {
		const named = /(?:^|[^a-z])(train|test|validation|val|dev)(?:[^a-z]|$)/.exec(part)?.[1];
		if (named !== undefined) {
			return named === 'train' ? 'train' : 'validation';
		}
	}
	return kind === 'skills' || isTraining || hasSolutions ? 'train' : 'validation';
}

function warningsOf(look: FileLook, options: PreviewOptions, seen: Seen): string[] {
	const { rows, references, aside, fields, answers } = seen;
	const warnings: string[] = [];
	const missing = noReferences({ rows: references, of: rows }, fields);
	if (missing !== undefined) {
		warnings.push(missing);
	} else if (references < rows && look.kind !== 'skills') {
		warnings.push(`${rows - references} of ${rows} rows have no reference answer`);
	}
	if (look.kind === 'answers' && options.student === undefined && look.student === undefined) {
		warnings.push('the file does not name one student: name the one whose answers these are');
	}
	if (look.kind === 'questions' && 'solution' in look.mapping && look.isTraining) {
		warnings.push('these are read as questions with solutions to train on: name a student if they are its answers');
	}
	if (seen.later > 0) {
		warnings.push(
			'verdicts of a checker or of the teacher are not part of a preview: these answers are unsure here',
		);
	}
	if (aside > 0) {
		warnings.push(`${aside} rows or answers would be set aside`);
	}
	if (look.kind === 'answers' && answers === 0 && rows > 0) {
		warnings.push('no row holds an answer');
	}
	return warnings;
}
