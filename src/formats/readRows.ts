import type { ImportBatch, ReadOptions } from '../core/ports/files.ts';
import type { ImportedQuestion } from '../core/questions/imported.ts';
import { batchRequests } from './batchRequests.ts';
import { FieldUse } from './fieldUse.ts';
import { fileRows } from './fileRows.ts';
import type { JsonRow } from './jsonRows.ts';
import { chooseFormat } from './registry.ts';
import type { Reads, RowFormat } from './rowFormat.ts';
import type { Row } from './rowReader.ts';
import { isRow, kindOf, RowReader } from './rowReader.ts';
import { seedOf } from './seeds.ts';
import { subjectOfFolder } from './skillBank.ts';

/**
 * A batch is emitted when it reaches any of these limits, which are small enough for a moving progress bar and large
 * enough to cost nothing.
 */
export const batchAnswers = 2_000;
export const batchBytes = 1024 * 1024;
const batchCharacters = 16e6;
/** Number of rows inspected to detect the format. */
export const looked = 20;

/** Yields the rows of one file, read in its format, in batches. */
export async function* readRows<R>(
	file: string,
	options: ReadOptions,
	reads: Reads,
	readRow: (format: RowFormat, row: Row, reader: RowReader) => R | null,
	weigh: (row: R) => number,
): AsyncGenerator<ImportBatch<R>> {
	const reader = new RowReader(
		file,
		options.subject,
		subjectOfFolder(file),
		seedOf(file, options.beside ?? []),
		options.template,
	);
	const fields = new FieldUse(reader);
	let format: RowFormat | undefined;
	let offered: ImportBatch<R>['offered'];
	let waiting: JsonRow[] = []; // The first valid rows, until the format is known.
	let columns: readonly string[] | undefined;
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
		fields.see(row);
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
				columns,
			);
			const first = waiting;
			waiting = [];
			first.forEach(take);
		}
	};
	let total = 0;
	const describe = async () => {
		const [first] = waiting.map(({ value }) => unwrapped(value)).filter(isRow);
		if (first) {
			reader.requests = await batchRequests(file, first, options);
		}
		settle();
		if (first && reads === 'answers') {
			offered = await format?.describe?.(file, first);
		}
	};
	const batch = (bytes: number): ImportBatch<R> => {
		const full = { rows, problems: reader.drain(), bytes, bytesTotal: total, offered, fields: fields.soFar() };
		[rows, weight, sent] = [[], 0, bytes];
		return full;
	};
	for await (const block of fileRows(file, options.signal)) {
		total = block.bytesTotal;
		columns ??= block.columns;
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
export function weightOf(characters: number): number {
	return Math.max(1, (characters * batchAnswers) / batchCharacters);
}

export function weighQuestion({ text, solution = '' }: ImportedQuestion): number {
	return weightOf(text.length + solution.length);
}

const none: ReadonlySet<string> = new Set();

/** Prepares the report for a row and unwraps the Hub's row viewer (`{row_idx, row, truncated_cells}`). */
export function soundRow({ line, value, text, problem }: JsonRow, reader: RowReader): Row | null {
	reader.line = line;
	reader.source = text;
	if (problem !== null) {
		return reader.aside('', problem);
	}
	if (!isRow(value)) {
		return reader.aside('', `an object is expected, not ${kindOf(value)}`);
	}
	const row = unwrapped(value);
	const cells = row === value ? undefined : value['truncated_cells'];
	reader.truncated = Array.isArray(cells) && cells.length > 0 ? new Set(cells.map(String)) : none;
	return row;
}

export function unwrapped(value: Row): Row;
export function unwrapped(value: unknown): unknown;
export function unwrapped(value: unknown): unknown {
	return isRow(value) && 'row_idx' in value && isRow(value['row']) ? value['row'] : value;
}
