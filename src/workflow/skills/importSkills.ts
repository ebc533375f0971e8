import type { Parts } from '../../core/ports/parts.ts';
import type { Split } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { QuestionRows } from '../questions/importQuestionRows.ts';
import { ImportRun } from '../questions/importRun.ts';
import type { RowProblem } from '../../core/questions/imported.ts';
import type { Conflict } from '../../core/ports/store/questions.ts';

export interface ImportSkillsOptions {
	readonly files: readonly string[];
	readonly split?: Split | undefined;
	readonly subject?: string | undefined;
	readonly format?: string | undefined;
	readonly mapping?: Readonly<Record<string, string>> | undefined;
}

export interface ImportSkillsResult {
	questions: number;
	skills: number;
	links: number;
	duplicates: number;
	skipped: number;
	updated: number;
	/** Number of rows with a reference answer. */
	references: number;
	/** Number of rows that came in, known ones too. */
	rows: number;
	problems: RowProblem[];
	conflicts: (Conflict & { file: string; line: number })[];
}

/**
 * Imports skill banks: declared skills, questions, and the links between them. Links of training questions form the
 * Skill-Map; other links are labels. If no split is given, the folder decides: `train` means training questions;
 * `test`, `validation` or `dev` means validation (sec. 2: Q_val is drawn from the test bank); any other folder means
 * training.
 */
export async function importSkills(parts: Parts, options: ImportSkillsOptions, run: Run): Promise<ImportSkillsResult> {
	const imported = await ImportRun.start(parts.store, 'import skills', options.files, run);
	const questions = new QuestionRows(parts, imported, run, 'skills');
	const splits = new Map(options.files.map((file) => [file, options.split ?? splitOfFolder(file)]));
	if (options.split === undefined) {
		for (const split of new Set(splits.values())) {
			run.log(
				'info',
				`${[...splits.values()].filter((other) => other === split).length} files read as ${split} ` +
					'questions, by the names of their folders: choose the split yourself if that is wrong',
			);
		}
	}
	for await (const { file, batch } of imported.batches((name) =>
		parts.files.readSkills(name, {
			signal: run.signal,
			format: options.format,
			mapping: options.mapping,
			subject: options.subject,
		}),
	)) {
		imported.count(batch.rows.length, batch.rows.filter(({ gold }) => gold !== undefined).length);
		await questions.addSkills(batch.skills ?? []);
		await questions.add(file, splits.get(file) ?? 'train', null, batch.rows);
	}
	await questions.finish();
	await imported.finish();
	return {
		...questions.counts,
		skipped: imported.skipped,
		rows: imported.references.of,
		references: imported.references.rows,
		problems: imported.problems,
		conflicts: imported.conflicts,
	};
}

function splitOfFolder(file: string): Split {
	const folders = file.toLowerCase().split(/[\\/]/).slice(0, -1).reverse();
	const named = folders.find((folder) => /^(?:train|test|validation|val|dev)$/.test(folder));
	return named === undefined || named === 'train' ? 'train' : 'validation';
}
