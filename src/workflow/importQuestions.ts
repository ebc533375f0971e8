import type { Parts } from '../core/ports.ts';
import type { Run } from '../core/run.ts';
import type { ImportQuestionsOptions, ImportQuestionsResult } from '../core/workflows.ts';
import { QuestionRows } from './importQuestionRows.ts';
import { ImportRun } from './importRun.ts';

/** Questions of one split from other tools' files. Known ones gain what they lack; skills that rows name are linked. */
export async function importQuestions(
	parts: Parts,
	options: ImportQuestionsOptions,
	run: Run,
): Promise<ImportQuestionsResult> {
	const imported = await ImportRun.start(parts.store, 'import questions', options.files, run);
	const questions = new QuestionRows(parts, imported, run, 'questions');
	for await (const { file, batch } of imported.batches((name) =>
		parts.files.readQuestions(name, { signal: run.signal, format: options.format, mapping: options.mapping }),
	)) {
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
		problems: imported.problems,
		conflicts: imported.conflicts,
	};
}
