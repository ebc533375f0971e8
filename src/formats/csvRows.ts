import { createReadStream } from 'node:fs';
import { parse, CsvError } from 'csv-parse';
import { StatError, throwIfCancelled } from '../core/run.ts';
import { maxLineBytes } from './jsonLines.ts';
import type { JsonRow, RowBlock } from './jsonRows.ts';
import { openText } from './openText.ts';

const blockRows = 500;
/** Columns, at most: a file of commas must not cost a gigabyte. */
const maxColumns = 2000;
/** Columns whose cells may hold a JSON list, as pandas and spreadsheets write one. A final answer such as `[1, 2]` stays text. */
const listColumns = new Set(['responses', 'completions', 'outputs', 'generations', 'code', 'pred', 'score', 'step_scores', 'stepScores', 'skills', 'Skills']);

interface Parsed {
	readonly record: readonly string[];
	readonly info: { readonly lines: number };
	readonly raw: string;
}

/** The rows of a CSV file (or TSV, by its name): the first row names the columns. Cells may hold line ends; `line` is where a row ends. True and False are true and false, an empty cell is none. */
export async function* csvRows(file: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
	const { handle, size } = await openText(file);
	await handle.close();
	const source = createReadStream(file);
	const parser = parse({ bom: true, info: true, raw: true, delimiter: /\.tsv$/i.test(file) ? '\t' : ',', relax_column_count: true, relax_quotes: true, skip_empty_lines: true, max_record_size: maxLineBytes, encoding: 'utf8' });
	source.on('error', (error) => parser.destroy(error));
	source.pipe(parser);
	let names: readonly string[] | undefined;
	let rows: JsonRow[] = [];
	const block = (broken: string | null): RowBlock => ({ rows, bytes: Math.min(size, source.bytesRead), bytesTotal: size, broken });
	try {
		for await (const { record, info, raw } of parser as AsyncIterable<Parsed>) {
			throwIfCancelled({ signal });
			if (names === undefined) {
				names = header(file, record);
				continue;
			}
			rows.push(rowOf(names, record, info.lines, raw));
			if (rows.length >= blockRows) {
				yield block(null);
				rows = [];
			}
		}
		if (names === undefined) {
			throw new StatError(`${file}: the file is empty`);
		}
		yield block(null);
	} catch (error) {
		if (error instanceof StatError || !(error instanceof CsvError)) {
			throw error;
		}
		yield block(`not CSV: ${error.message.split('\n')[0]?.slice(0, 300) ?? ''}`);
	} finally {
		source.destroy();
		parser.destroy();
	}
}

function header(file: string, record: readonly string[]): readonly string[] {
	const names = record.map((name) => name.trim());
	if (names.length > maxColumns) {
		throw new StatError(`${file}: ${names.length} columns; at most ${maxColumns} are read`);
	}
	const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
	if (twice !== undefined) {
		throw new StatError(`${file}: two columns are called ${JSON.stringify(twice.slice(0, 60))}: rename one`);
	}
	return names;
}

function rowOf(names: readonly string[], record: readonly string[], line: number, raw: string): JsonRow {
	if (record.length > names.length) {
		return { line, value: undefined, text: raw.slice(0, 2000), problem: `${record.length} cells under ${names.length} columns: is a comma or a quote in it not quoted?` };
	}
	if (raw.includes('\ufffd')) {
		return { line, value: undefined, text: raw.slice(0, 2000), problem: 'not UTF-8 text; save the file as UTF-8' };
	}
	// Without a prototype: a column may be called anything.
	const value = Object.create(null) as Record<string, unknown>;
	names.forEach((name, at) => {
		const cell = record[at] ?? '';
		if (name !== '' && cell !== '') {
			value[name] = cellValue(name, cell);
		}
	});
	return { line, value, text: raw, problem: null };
}

function cellValue(name: string, cell: string): unknown {
	if (/^(?:true|false)$/i.test(cell)) {
		return cell.toLowerCase() === 'true';
	}
	if (cell.startsWith('[') && listColumns.has(name)) {
		try {
			return JSON.parse(cell) as unknown;
		} catch {
			return cell;
		}
	}
	return cell;
}
