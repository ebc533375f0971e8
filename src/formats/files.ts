import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../core/errors/fileError.ts';
import type { FileDescription, Files, ImportBatch, ReadOptions } from '../core/ports/files.ts';
import type { ImportedAnswers, ImportedQuestion } from '../core/questions/imported.ts';
import { fill, sentences } from '../core/errors/sentences.ts';
import { StatError, throwIfCancelled } from '../core/errors/statError.ts';
import { exportDataset } from './exportDataset.ts';
import { containerOf, fileRows } from './fileRows.ts';
import type { JsonRow } from './jsonRows.ts';
import { shapeOf } from './jsonRows.ts';
import { chooseFormat } from './registry.ts';
import type { Reads, RowFormat } from './rowFormat.ts';
import type { Row } from './rowReader.ts';
import { isRow, kindOf, RowReader } from './rowReader.ts';
import { readSkillBank, subjectOfFolder } from './skillBank.ts';

/**
 * A batch is emitted when it reaches any of these limits, which are small enough for a moving progress bar and large
 * enough to cost nothing.
 */
const batchAnswers = 2_000;
const batchBytes = 1024 * 1024;
const batchCharacters = 16e6;
/** Number of rows inspected to detect the format. */
const looked = 20;
const maxFiles = 200_000;
const deepestFolder = 8;

/** Reads and writes other tools' files; docs/formats.md lists the formats. */
export const files: Files = {
	readSkills,
	readQuestions,
	readAnswers,
	describeAnswers,
	export: exportDataset,
};

function readQuestions(file: string, options: ReadOptions): AsyncGenerator<ImportBatch<ImportedQuestion>> {
	return overFiles(file, options, (one) =>
		readRows(one, options, 'questions', (format, row, reader) => format.question(row, reader), weighQuestion),
	);
}

function readAnswers(file: string, options: ReadOptions): AsyncGenerator<ImportBatch<ImportedAnswers>> {
	return overFiles(file, options, (one) =>
		readRows(
			one,
			options,
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
		/_post_cluster\.json$/,
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

/** Reads the file, or a folder's files in the order of their names. Byte counts cover all of them. */
async function* overFiles<R>(
	input: string,
	{ signal }: ReadOptions,
	read: (file: string) => AsyncIterable<ImportBatch<R>>,
	preferred?: RegExp,
): AsyncGenerator<ImportBatch<R>> {
	if (!(await isFolder(input))) {
		yield* read(input);
		return;
	}
	const all = await filesUnder(input, signal);
	const selected =
		preferred && all.some(({ file }) => preferred.test(file))
			? all.filter(({ file }) => preferred.test(file))
			: all;
	if (selected.length === 0) {
		throw new StatError('formats.noFiles', { file: input });
	}
	const bytesTotal = selected.reduce((sum, { size }) => sum + size, 0);
	let before = 0;
	let pending: {
		rows: R[];
		problems: ImportBatch<R>['problems'][number][];
		skills: { subject: string; name: string }[];
		offered?: ImportBatch<R>['offered'];
	} = { rows: [], problems: [], skills: [] };
	let sent = 0;
	for (const { file, size } of selected) {
		try {
			for await (const batch of read(file)) {
				if (
					pending.rows.length > 0 &&
					(batch.offered?.benchmark !== pending.offered?.benchmark ||
						batch.offered?.student !== pending.offered?.student)
				) {
					yield { ...pending, bytes: before, bytesTotal };
					pending = { rows: [], problems: [], skills: [] };
					sent = before;
				}
				pending.offered = batch.offered;
				for (const row of batch.rows) {
					pending.rows.push(row);
				}
				pending.problems.push(...batch.problems);
				pending.skills.push(...(batch.skills ?? []));
				const bytes = before + batch.bytes;
				if (pending.rows.length >= batchAnswers || bytes - sent >= batchBytes) {
					yield { ...pending, bytes, bytesTotal };
					pending = { rows: [], problems: [], skills: [] };
					sent = bytes;
				}
			}
		} catch (error) {
			if (!(error instanceof StatError) || error.kind !== 'failed') {
				throw error;
			}
			// One unreadable file among many must not prevent the others from being read.
			pending.problems.push({ file, line: 0, field: '', message: withoutFile(error) });
		}
		before += size;
	}
	yield { ...pending, bytes: bytesTotal, bytesTotal };
}

/** Returns the error's message without the file name, for use where the file is already named. */
function withoutFile({ code, data }: StatError): string {
	return fill(sentences[code].replace('{file}: ', ''), data);
}

async function isFolder(input: string): Promise<boolean> {
	return stat(input).then(
		(found) => found.isDirectory(),
		(error: unknown) => {
			throw fileError(input, error);
		},
	);
}

/** Links are not followed, because a folder may come from a stranger's archive. */
async function filesUnder(folder: string, signal: AbortSignal): Promise<{ file: string; size: number }[]> {
	const found: { file: string; size: number }[] = [];
	const visit = async (at: string, depth: number): Promise<void> => {
		throwIfCancelled({ signal });
		const entries = (await readdir(at, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
		const splits = entries.filter(
			(entry) => entry.isDirectory() && (entry.name === 'train' || entry.name === 'test'),
		);
		if (splits.length === 2) {
			throw new StatError('formats.bothSplits', {
				file: at,
				train: path.join(at, 'train'),
				test: path.join(at, 'test'),
			});
		}
		// lm-evaluation-harness writes its summary next to its samples; it is not a file of rows.
		const isLog = entries.some(({ name }) => /^samples_.*\.jsonl$/.test(name));
		entries.sort((a, b) => {
			if (/^\d+\.json$/.test(a.name) && /^\d+\.json$/.test(b.name)) {
				return Number.parseInt(a.name, 10) - Number.parseInt(b.name, 10);
			}
			return a.name < b.name ? -1 : 1;
		});
		for (const entry of entries) {
			const file = path.join(at, entry.name);
			if (entry.isDirectory() && depth < deepestFolder) {
				await visit(file, depth + 1);
			} else if (
				entry.isFile() &&
				/\.(json|jsonl|ndjson|jsonlines|csv|tsv|eval|parquet)$/i.test(entry.name) &&
				!(isLog && /^results_.*\.json$/.test(entry.name))
			) {
				if (found.length >= maxFiles) {
					throw new StatError('formats.tooManyFiles', { file: folder, limit: maxFiles });
				}
				found.push({ file, size: (await stat(file)).size });
			}
		}
	};
	await visit(folder, 0);
	return found;
}

/** Yields the rows of one file, read in its format, in batches. */
async function* readRows<R>(
	file: string,
	options: ReadOptions,
	reads: Reads,
	readRow: (format: RowFormat, row: Row, reader: RowReader) => R | null,
	weigh: (row: R) => number,
): AsyncGenerator<ImportBatch<R>> {
	const reader = new RowReader(file, options.subject, subjectOfFolder(file));
	let format: RowFormat | undefined;
	let offered: ImportBatch<R>['offered'];
	let waiting: JsonRow[] = []; // The first valid rows, until the format is known.
	let rows: R[] = [];
	let weight = 0;
	let sent = 0;
	const take = (jsonRow: JsonRow) => {
		const row = soundRow(jsonRow, reader);
		if (row === null) {
			return;
		}
		if (!format) {
			waiting.push(jsonRow);
			return;
		}
		const result = readRow(format, row, reader);
		if (result !== null) {
			rows.push(result);
			weight += weigh(result);
		}
	};
	const settle = () => {
		if (waiting.length > 0) {
			format = chooseFormat(
				file,
				options.format,
				options.mapping,
				reads,
				waiting
					.map(({ value }) => unwrapped(value))
					.filter(isRow)
					.slice(0, looked),
			);
			const first = waiting;
			waiting = [];
			first.forEach(take);
		}
	};
	let total = 0;
	const describe = async () => {
		const [first] = waiting.map(({ value }) => unwrapped(value)).filter(isRow);
		settle();
		if (first && reads === 'answers') {
			offered = await format?.describe?.(file, first);
		}
	};
	const batch = (bytes: number): ImportBatch<R> => {
		const full = { rows, problems: reader.drain(), bytes, bytesTotal: total, offered };
		[rows, weight, sent] = [[], 0, bytes];
		return full;
	};
	for await (const block of fileRows(file, options.signal)) {
		total = block.bytesTotal;
		for (const row of block.rows) {
			take(row);
			if (format === undefined && waiting.length >= looked) {
				await describe();
			}
			// A block may be a row group of millions of rows that share one string in memory, but each of them is
			// stored separately.
			if (weight >= batchAnswers) {
				yield batch(sent);
			}
		}
		if (block.broken !== null) {
			await describe();
			reader.line = 0;
			reader.source = '';
			reader.aside('', `${block.broken}; the rows before it came in, what follows was not read`);
		}
		if (block.bytes - sent >= batchBytes) {
			yield batch(block.bytes);
		}
	}
	await describe();
	yield batch(total);
}

/** Returns the weight in answers; long texts count as several. */
function weightOf(characters: number): number {
	return Math.max(1, (characters * batchAnswers) / batchCharacters);
}

function weighQuestion({ text, solution = '' }: ImportedQuestion): number {
	return weightOf(text.length + solution.length);
}

/** Prepares the report for a row and unwraps the Hub's row viewer (`{row_idx, row}`). */
function soundRow({ line, value, text, problem }: JsonRow, reader: RowReader): Row | null {
	reader.line = line;
	reader.source = text;
	if (problem !== null) {
		return reader.aside('', problem);
	}
	if (!isRow(value)) {
		return reader.aside('', `an object is expected, not ${kindOf(value)}`);
	}
	return unwrapped(value);
}

function unwrapped(value: Row): Row;
function unwrapped(value: unknown): unknown;
function unwrapped(value: unknown): unknown {
	return isRow(value) && 'row_idx' in value && isRow(value['row']) ? value['row'] : value;
}
