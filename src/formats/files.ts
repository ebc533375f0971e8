import type {
	FileDescription,
	FileLook,
	Files,
	FolderLook,
	ImportBatch,
	LookOptions,
	ReadOptions,
} from '../core/ports/files.ts';
import type { ImportedAnswers, ImportedQuestion, RowProblem } from '../core/questions/imported.ts';
import { StatError } from '../core/errors/statError.ts';
import { exportDataset } from './exportDataset.ts';
import { containerOf, fileRows } from './fileRows.ts';
import { filesUnder, isFolder, oneSplitEach } from './filesIn.ts';
import { shapeOf } from './jsonRows.ts';
import { lookAt } from './lookAt.ts';
import { overFiles, withoutFile } from './overFiles.ts';
import { looked, readRows, unwrapped, weighQuestion, weightOf } from './readRows.ts';
import { chooseFormat } from './registry.ts';
import { isRow, RowReader } from './rowReader.ts';
import { readSkillBank, subjectOfFolder } from './skillBank.ts';

const bankName = /_post_cluster\.json$/;

/** Reads and writes other tools' files; docs/formats.md lists the formats. */
export const files: Files = {
	readSkills,
	readQuestions,
	readAnswers,
	describeAnswers,
	look,
	export: exportDataset,
};

function readQuestions(file: string, options: ReadOptions): AsyncGenerator<ImportBatch<ImportedQuestion>> {
	return overFiles(file, options, (one, beside) =>
		readRows(
			one,
			{ ...options, beside },
			'questions',
			(format, row, reader) => format.question(row, reader),
			weighQuestion,
		),
	);
}

function readAnswers(file: string, options: ReadOptions): AsyncGenerator<ImportBatch<ImportedAnswers>> {
	return overFiles(file, options, (one, beside) =>
		readRows(
			one,
			{ ...options, beside },
			'answers',
			(format, row, reader) => format.answers?.(row, reader) ?? null,
			({ question, samples }) =>
				samples.reduce((sum, { text }) => sum + weightOf(text.length), weighQuestion(question)),
		),
	);
}

/** A bank is one JSON object; a list or JSON Lines file of questions with a `skills` field also works. */
function readSkills(file: string, options: ReadOptions): AsyncGenerator<ImportBatch<ImportedQuestion>> {
	return overFiles(
		file,
		options,
		async function* (one) {
			if (
				options.format === 'skill-bank' ||
				(options.format === undefined &&
					options.mapping === undefined &&
					(await containerOf(one)) === 'json' &&
					(await shapeOf(one)) === 'object')
			) {
				yield* readSkillBank(one, new RowReader(one, options.subject, subjectOfFolder(one)), options.signal);
				return;
			}
			yield* readRows(
				one,
				options,
				'questions',
				(format, row, reader) => {
					const question = format.question(row, reader);
					return question === null || question.skills
						? question
						: reader.aside('skills', 'this question names no skills');
				},
				weighQuestion,
			);
		},
		bankName,
	);
}

/** See {@link FileDescription}. For a folder, describes its first file of answers. */
async function describeAnswers(input: string, options: ReadOptions): Promise<FileDescription> {
	const files = (await isFolder(input)) ? (await filesUnder(input, options.signal)).map(({ file }) => file) : [input];
	let failure: unknown;
	for (const file of files.slice(0, 20)) {
		try {
			for await (const { rows } of fileRows(file, options.signal)) {
				const first = rows
					.map(({ value }) => unwrapped(value))
					.filter(isRow)
					.slice(0, looked);
				const [row] = first;
				if (row) {
					const format = chooseFormat(file, options.format, options.mapping, 'answers', first);
					return { format: format.name, reported: [], ...(await format.describe?.(file, row)) };
				}
			}
		} catch (error) {
			failure ??= error;
		}
	}
	throw failure ?? new StatError('formats.noRows', { file: input });
}

/** Number of files of a folder that are looked at before it is taken for one thing. */
const lookedFiles = 40;
/** Number of files of a mixed folder that are looked at one by one. */
const mostMixed = 2_000;

/** See {@link Files.look}. */
async function look(input: string, options: LookOptions): Promise<FolderLook> {
	if (!(await isFolder(input))) {
		return { looks: [await lookAt(input, options)], problems: [] };
	}
	const parts = await oneSplitEach(input, options.signal);
	if (parts.length > 1) {
		const found = await Promise.all(
			parts.map((part) => look(part, options).catch((error: unknown) => nothing(part, error))),
		);
		return {
			looks: found.flatMap(({ looks }) => looks),
			problems: found.flatMap(({ problems }) => problems),
		};
	}
	const all = (await filesUnder(input, options.signal)).map(({ file }) => file);
	const banks = all.filter((file) => bankName.test(file));
	const names = banks.length > 0 && options.kind !== 'answers' && options.kind !== 'questions' ? banks : all;
	if (names.length === 0) {
		throw new StatError('formats.noFiles', { file: input });
	}
	const step = Math.max(1, Math.floor(names.length / lookedFiles));
	const sampled = await looksOf(
		names.filter((_, place) => place % step === 0),
		options,
	);
	const [first] = sampled.looks;
	const isOne = sampled.looks.every(
		({ kind, format, student, benchmark }) =>
			kind === first?.kind &&
			format === first.format &&
			student === first.student &&
			benchmark === first.benchmark,
	);
	if (first !== undefined && isOne) {
		return { looks: [{ ...first, file: input }], problems: [] };
	}
	const each = await looksOf(names.slice(0, mostMixed), options);
	if (each.looks.length === 0) {
		throw new StatError('formats.nothingInFolder', {
			file: input,
			files: names.length,
			first: each.problems[0]?.file ?? '',
			reason: each.problems[0]?.message ?? '',
		});
	}
	return each;
}

/** What could not be read among other folders is a problem of its own. */
function nothing(file: string, error: unknown): FolderLook {
	if (!(error instanceof StatError) || error.kind !== 'failed') {
		throw error;
	}
	return { looks: [], problems: [{ file, line: 0, field: '', message: withoutFile(error) }] };
}

async function looksOf(names: readonly string[], options: LookOptions): Promise<FolderLook> {
	const looks: FileLook[] = [];
	const problems: RowProblem[] = [];
	for (const file of names) {
		try {
			looks.push(await lookAt(file, { ...options, beside: names }));
		} catch (error) {
			if (!(error instanceof StatError) || error.kind !== 'failed') {
				throw error;
			}
			problems.push({ file, line: 0, field: '', message: withoutFile(error) });
		}
	}
	return { looks, problems };
}
