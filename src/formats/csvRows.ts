import { StatError, throwIfCancelled } from '../core/errors/statError.ts';
import { maxLineBytes } from './jsonLines.ts';
import type { JsonRow, RowBlock } from './jsonRows.ts';
import { openText } from './openText.ts';

const chunkBytes = 1024 * 1024;
/** Maximum number of columns, so that a file full of commas does not take up a gigabyte. */
const maxColumns = 2000;
/**
 * Columns whose cells may contain a JSON list, as written by pandas and spreadsheets. A final answer such as `[1, 2]`
 * stays text.
 */
const listColumns = new Set([
	'responses',
	'completions',
	'outputs',
	'generations',
	'code',
	'pred',
	'score',
	'step_scores',
	'stepScores',
	'skills',
	'Skills',
]);

/**
 * Yields the rows of a CSV file (RFC 4180; TSV according to its file name). The first row names the columns. Cells may
 * contain line breaks; `line` is where a row begins. True and False become booleans and an empty cell counts as absent.
 * Reading stops at a row longer than the limit of a JSON line, because that is what an unclosed quote looks like.
 */
export async function* csvRows(file: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
	const { handle, size, start } = await openText(file);
	try {
		const decoder = new TextDecoder('utf-8');
		const buffer = Buffer.allocUnsafe(chunkBytes);
		const delimiter = /\.tsv$/i.test(file) ? '\t' : ',';
		let names: readonly string[] | undefined;
		let text = '';
		let line = 1;
		let position = start;
		for (;;) {
			throwIfCancelled({ signal });
			const { bytesRead } = await handle.read(buffer, 0, chunkBytes, position);
			position += bytesRead;
			const atEnd = bytesRead === 0;
			text += decoder.decode(buffer.subarray(0, bytesRead), { stream: !atEnd });
			const rows: JsonRow[] = [];
			let from = 0;
			const commas = new NextIn(text, delimiter);
			for (
				let found = readRecord(text, from, commas, atEnd);
				found !== null;
				found = readRecord(text, from, commas, atEnd)
			) {
				const raw = text.slice(from, found.end);
				if (raw.trim() !== '') {
					if (names === undefined) {
						names = header(file, found.cells);
					} else {
						rows.push(rowOf(names, found.cells, line, raw));
					}
				}
				from = found.end;
				line += found.lines;
			}
			text = text.slice(from);
			const broken = whyBroken(text, line, atEnd);
			if (names === undefined && atEnd && broken === null) {
				throw new StatError('formats.empty', { file });
			}
			if (rows.length > 0 || atEnd || broken !== null) {
				yield { rows, bytes: Math.min(size, position), bytesTotal: size, broken };
			}
			if (atEnd || broken !== null) {
				return;
			}
		}
	} finally {
		await handle.close();
	}
}

/** Returns what is wrong with the row that has not ended yet; `null` if nothing is wrong so far. */
function whyBroken(rest: string, line: number, atEnd: boolean): string | null {
	if (rest.length > maxLineBytes) {
		return `not CSV: the row at line ${line} is longer than 67 MB; is a quote in it not closed?`;
	}
	return atEnd && rest !== '' ? `not CSV: the row at line ${line} does not end; is a quote in it not closed?` : null;
}

interface CsvRecord {
	readonly cells: string[];
	/** Where the next record starts. */
	readonly end: number;
	/** Number of line breaks inside the record. */
	readonly lines: number;
}

/**
 * Finds the next occurrence of a string in a text. Positions must be queried from front to back, so that each part of
 * the text is searched once, no matter how many rows lack the string.
 */
class NextIn {
	private found = -1;

	constructor(
		private readonly text: string,
		private readonly target: string,
	) {}

	/** Returns the first occurrence at or after `at`, which never decreases; `Infinity` if there is none. */
	from(at: number): number {
		if (this.found < at) {
			const next = this.text.indexOf(this.target, at);
			this.found = next < 0 ? Infinity : next;
		}
		return this.found;
	}
}

/** Returns the record that begins at `from`; `null` if it does not end within the text. */
function readRecord(text: string, from: number, commas: NextIn, isWhole: boolean): CsvRecord | null {
	if (from >= text.length) {
		return null;
	}
	const cells: string[] = [];
	let at = from;
	let lines = 0;
	let newline = text.indexOf('\n', at);
	for (;;) {
		let cell = '';
		if (text.charCodeAt(at) === 0x22) {
			const close = closingQuote(text, at + 1);
			if (close < 0 || (!isWhole && close + 1 >= text.length)) {
				return null;
			}
			cell = text.slice(at + 1, close).replaceAll('""', '"');
			for (; newline >= 0 && newline < close; newline = text.indexOf('\n', newline + 1)) {
				lines++;
			}
			at = close + 1;
		}
		const comma = commas.from(at);
		const stop = comma < (newline < 0 ? Infinity : newline) ? comma : newline;
		if (stop < 0 && !isWhole) {
			return null;
		}
		const end = stop < 0 ? text.length : stop;
		// Text after a closing quote belongs to the cell, which is what careless writers mean.
		cells.push(
			cell +
				(stop !== comma && text[end - 1] === '\r' && end > at ? text.slice(at, end - 1) : text.slice(at, end)),
		);
		at = end + 1;
		const isLast = stop !== comma || stop < 0;
		if (isLast || cells.length > maxColumns * 4) {
			// A row with too many columns is not read further: the rest of its line is skipped.
			const nextLine = newline < 0 ? text.length : newline + 1;
			return {
				cells,
				end: Math.min(text.length, isLast ? at : nextLine),
				lines: lines + (stop < 0 ? 0 : 1),
			};
		}
	}
}

/** Returns the first quote from `at` on that is not doubled. */
function closingQuote(text: string, at: number): number {
	let quote = text.indexOf('"', at);
	while (quote >= 0 && text.charCodeAt(quote + 1) === 0x22) {
		quote = text.indexOf('"', quote + 2);
	}
	return quote;
}

function header(file: string, record: readonly string[]): readonly string[] {
	const names = record.map((name) => name.trim());
	if (names.length > maxColumns) {
		throw new StatError('formats.tooManyColumns', { file, columns: names.length, limit: maxColumns });
	}
	const twice = names.find((name, at) => name !== '' && names.indexOf(name) !== at);
	if (twice !== undefined) {
		throw new StatError('formats.columnTwice', { file, column: JSON.stringify(twice.slice(0, 60)) });
	}
	return names;
}

function rowOf(names: readonly string[], cells: readonly string[], line: number, raw: string): JsonRow {
	if (cells.length > names.length) {
		return {
			line,
			value: undefined,
			text: raw.slice(0, 2000),
			problem: `${cells.length} cells under ${names.length} columns: is a comma or a quote in it not quoted?`,
		};
	}
	if (raw.includes('\ufffd')) {
		return { line, value: undefined, text: raw.slice(0, 2000), problem: 'not UTF-8 text; save the file as UTF-8' };
	}
	// The object has no prototype because a column may have any name.
	const value = Object.create(null) as Record<string, unknown>;
	cells.forEach((cell, at) => {
		const name = names[at];
		if (name !== undefined && name !== '' && cell !== '') {
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
