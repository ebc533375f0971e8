import type { FieldsUsed } from '../../core/ports/files.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { QuestionRows } from './importQuestionRows.ts';
import { ImportRun } from './importRun.ts';
import { readTemplate } from '../../core/questions/studentTemplate.ts';
import type { Split } from '../../core/questions/question.ts';
import type { RowProblem } from '../../core/questions/imported.ts';
import type { Conflict } from '../../core/ports/store/questions.ts';

export interface ImportQuestionsOptions {
	readonly files: readonly string[];
	readonly split: Split;
	readonly benchmark?: string | undefined;
	readonly format?: string | undefined;
	readonly mapping?: Readonly<Record<string, string>> | undefined;
}

export interface ImportQuestionsResult {
	questions: number;
	updated: number;
	duplicates: number;
	skipped: number;
	/** The fields that were read, and others that hold text. */
	fields: FieldsUsed;
	/** Number of rows with a reference answer. */
	references: number;
	/** Number of rows that came in, known ones too. */
	rows: number;
	problems: RowProblem[];
	conflicts: (Conflict & { file: string; line: number })[];
}

/**
 * Imports questions of one split from other tools' files. Known questions gain the fields they lack, and the skills
 * that rows name are linked.
 */
export async function importQuestions(
	parts: Parts,
	options: ImportQuestionsOptions,
	run: Run,
): Promise<ImportQuestionsResult> {
	const template = readTemplate(await parts.store.read('setting', { key: 'studentTemplate' })) ?? undefined;
	const imported = await ImportRun.start(parts.store, 'import questions', options.files, run);
	const questions = new QuestionRows(parts, imported, run, 'questions');
	for await (const { file, batch } of imported.batches((name) =>
		parts.files.readQuestions(name, {
			signal: run.signal,
			format: options.format,
			mapping: options.mapping,
			beside: options.files,
			template,
		}),
	)) {
		imported.count(batch.rows.length, batch.rows.filter(({ gold }) => gold !== undefined).length);
		await questions.add(file, options.split, options.benchmark ?? null, batch.rows);
	}
	await questions.finish();
	await imported.finish();
	const { questions: added, updated, duplicates } = questions.counts;
	return {
		questions: added,
		updated,
		duplicates,
		skipped: imported.skipped,
		fields: imported.fields,
		rows: imported.references.of,
		references: imported.references.rows,
		problems: imported.problems,
		conflicts: imported.conflicts,
	};
}
