import { StatError, throwIfCancelled } from '../core/errors/statError.ts';
import { maxLineBytes } from './jsonLines.ts';
import type { JsonRow, RowBlock } from './jsonRows.ts';
import { openText, unpackedName } from './openText.ts';

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
	'options',
	'choices',
	'messages',
	'conversations',
	'response',
	'completion',
	'generation',
	'output',
]);

/**
 * Yields the rows of a CSV file (RFC 4180; separated by commas, semicolons, tabs or bars). The first row names the columns. Cells may
 * contain line breaks; `line` is where a row begins. True and False become booleans and an empty cell counts as absent.
 * Reading stops at a row longer than the limit of a JSON line, because that is what an unclosed quote looks like.
 */
export async function* csvRows(file: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
	const source = await openText(file);
	const { size } = source;
	try {
		const decoder = new TextDecoder('utf-8');
		const buffer = Buffer.allocUnsafe(chunkBytes);
		let delimiter: string | undefined;
		let names: readonly string[] | undefined;
		let text = '';
		let line = 1;
		for (;;) {
			throwIfCancelled({ signal });
			const bytesRead = await source.read(buffer, 0, chunkBytes);
			const atEnd = bytesRead === 0;
			text += decoder.decode(buffer.subarray(0, bytesRead), { stream: !atEnd });
			const rows: JsonRow[] = [];
			let from = 0;
			if (delimiter === undefined) {
				const named = /^sep=(.)\r?\n/.exec(text);
				delimiter = named?.[1] ?? delimiterOf(text, file);
				from = named?.[0].length ?? 0;
				line += named === null ? 0 : 1;
			}
			const commas = new NextIn(text, delimiter);
			for (
				let found = readRecord(text, from, commas, atEnd);
				found !== null;
				found = readRecord(text, from, commas, atEnd)
			) {
				const raw = text.slice(from, found.end);
				if (raw.trim() !== '') {
					if (names === undefined && isMmlu(found.cells)) {
						names = mmluColumns;
					}
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
			const broken = (atEnd ? source.broken : null) ?? whyBroken(text, line, atEnd);
			if (names === undefined && atEnd && broken === null) {
				throw new StatError('formats.empty', { file });
			}
			if (rows.length > 0 || atEnd || broken !== null) {
				const bytes = Math.min(size, source.done(0));
				yield { rows, bytes, bytesTotal: size, broken, ...(names === undefined ? {} : { columns: names }) };
			}
			if (atEnd || broken !== null) {
				return;
			}
		}
	} finally {
		await source.close();
	}
}

/**
 * Returns what separates the cells of the first line: the character that is there most often outside quotes. A comma or,
 * in a .tsv file, a tab wins where there is none.
 */
function delimiterOf(text: string, file: string): string {
	const usual = /\.tsv$/i.test(unpackedName(file)) ? '\t' : ',';
	const counts = new Map([usual, ',', ';', '\t', '|'].map((mark) => [mark, 0]));
	let isQuoted = false;
	for (const mark of text.slice(0, 100_000)) {
		if (mark === '\n' && !isQuoted) {
			break;
		}
		isQuoted = mark === '"' ? !isQuoted : isQuoted;
		if (!isQuoted && counts.has(mark)) {
			counts.set(mark, (counts.get(mark) ?? 0) + 1);
		}
	}
	return [...counts].reduce((best, found) => (found[1] > best[1] ? found : best))[0];
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

/** The columns of MMLU's own files, which have no header. */
const mmluColumns = ['question', 'A', 'B', 'C', 'D', 'answer'];

function isMmlu(cells: readonly string[]): boolean {
	return cells.length === mmluColumns.length && /^[A-D]$/.test(cells.at(-1)?.trim() ?? '');
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
	// Spreadsheets write empty cells beyond the last column.
	if (cells.length > names.length && cells.slice(names.length).some((cell) => cell.trim() !== '')) {
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
