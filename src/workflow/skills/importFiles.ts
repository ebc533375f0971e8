import type { FileLook, ImportKind } from '../../core/ports/files.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Split } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { ImportAnswersResult } from '../questions/importAnswers.ts';
import { importAnswers } from '../questions/importAnswers.ts';
import type { ImportQuestionsResult } from '../questions/importQuestions.ts';
import { importQuestions } from '../questions/importQuestions.ts';
import type { PreviewOptions } from '../questions/previewImport.ts';
import { splitOf } from '../questions/previewImport.ts';
import type { ImportSkillsResult } from './importSkills.ts';
import { importSkills } from './importSkills.ts';

export interface ImportFilesOptions extends PreviewOptions {
	/** Number of the round, from 1. */
	readonly round: number;
	readonly benchmark?: string | undefined;
}

/** Files that came in together: of one kind and split, and of one student. */
export interface ImportedFiles {
	readonly kind: ImportKind;
	readonly format: string;
	readonly files: readonly string[];
	readonly split: Split;
	readonly mapping: Readonly<Record<string, string>>;
	readonly student?: string | undefined;
	readonly result: ImportSkillsResult | ImportQuestionsResult | ImportAnswersResult;
}

/**
 * Finds out what each file or folder is and imports it: first skill banks, then questions, then answers. `split` where
 * none is named: see {@link splitOf}. Throws StatError if a file is none of ours, or if nobody names the student of
 * answers, before anything is written.
 */
export async function importFiles(parts: Parts, options: ImportFilesOptions, run: Run): Promise<ImportedFiles[]> {
	const looks: FileLook[] = [];
	for (const file of options.files) {
		const found = await parts.files.look(file, { ...options, beside: options.files, signal: run.signal });
		looks.push(...found.looks);
		found.problems.forEach((problem) => run.log('warn', `${problem.file}: ${problem.message}`));
	}
	const unnamed = looks.find(({ kind, student }) => kind === 'answers' && (options.student ?? student) === undefined);
	if (unnamed !== undefined) {
		throw new StatError('questions.noStudent', { file: unnamed.file });
	}
	const groups = new Map<string, FileLook[]>();
	for (const look of looks) {
		const split = await splitFor(parts, look, options, run);
		const key = JSON.stringify([look.kind, look.format, split, options.student ?? look.student, look.benchmark]);
		groups.set(key, [...(groups.get(key) ?? []), look]);
	}
	const order: readonly ImportKind[] = ['skills', 'questions', 'answers'];
	const sorted = [...groups.values()].sort((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));
	const imported: ImportedFiles[] = [];
	for (const group of sorted) {
		imported.push(await importGroup(parts, group, options, run));
	}
	return imported;
}

function kindOf([first]: readonly FileLook[]): ImportKind {
	return first?.kind ?? 'questions';
}

async function importGroup(
	parts: Parts,
	looks: readonly FileLook[],
	options: ImportFilesOptions,
	run: Run,
): Promise<ImportedFiles> {
	const files = looks.map(({ file }) => file);
	const [look] = looks as readonly [FileLook];
	const { kind, format, mapping } = look;
	const split = await splitFor(parts, look, options, run);
	const { round, subject } = options;
	const benchmark = options.benchmark ?? look.benchmark;
	const reading = { files, mapping: options.mapping, format: options.format };
	const about = { kind, format, files, split, mapping };
	if (kind === 'answers') {
		const student = options.student ?? look.student ?? '';
		const newSplit = options.split === 'train' ? undefined : options.split;
		const result = await importAnswers(
			parts,
			{ ...reading, student, round, benchmark, split: newSplit, grading: options.grading },
			run,
		);
		return { ...about, student, result };
	}
	if (options.split === undefined) {
		run.log('info', `${files.join(', ')}: read as ${split} questions; choose the split yourself if that is wrong`);
	}
	const result =
		kind === 'skills'
			? await importSkills(parts, { ...reading, split, subject }, run)
			: await importQuestions(parts, { ...reading, split, benchmark }, run);
	return { ...about, result };
}

/** Number of rows that are looked at for solutions. */
const firstRows = 200;

async function splitFor(parts: Parts, look: FileLook, options: ImportFilesOptions, run: Run): Promise<Split> {
	if (options.split !== undefined || look.kind !== 'questions' || look.isTraining) {
		return options.split ?? splitOf(look, false);
	}
	let rows = 0;
	for await (const batch of parts.files.readQuestions(look.file, { ...options, signal: run.signal })) {
		rows += batch.rows.length;
		if (batch.rows.some(({ solution }) => solution !== undefined)) {
			return splitOf(look, true);
		}
		if (rows >= firstRows) {
			break;
		}
	}
	return splitOf(look, false);
}
