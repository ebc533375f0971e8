import path from 'node:path';
import { StatError } from '../core/errors/statError.ts';
import { withoutBareConstants } from '../core/text/bareConstants.ts';
import type { JsonPath } from './jsonElements.ts';
import { jsonElements } from './jsonElements.ts';
import { jsonLines } from './jsonLines.ts';
import { openText, unpackedName } from './openText.ts';

export interface JsonRow {
	/** 1-based line (JSON Lines) or index in the list (JSON). */
	readonly line: number;
	/** The parsed value; `undefined` if there is a `problem`. */
	readonly value: unknown;
	readonly text: string;
	readonly problem: string | null;
}

export interface RowBlock {
	readonly rows: readonly JsonRow[];
	readonly bytes: number;
	readonly bytesTotal: number;
	/** Set if the file stops being valid here. */
	readonly broken: string | null;
	/** The columns of a table, also those that are empty in every row so far. */
	readonly columns?: readonly string[];
}

/** Names that other tools use for the list of rows inside an object. */
const lists = new Set([
	'data',
	'rows',
	'samples',
	'questions',
	'problems',
	'examples',
	'instances',
	'items',
	'results',
]);

/** Maximum size in characters of an object that is itself a row (MATH stores one problem per file). */
const maxSingle = 16_000_000;

/**
 * Yields the rows of a JSON Lines file, a JSON list, an object with one list of rows, or an object that is itself a
 * row.
 */
export async function* jsonRows(file: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
	if ((await shapeOf(file)) === 'lines') {
		for await (const { lines, bytes, bytesTotal, broken } of jsonLines(file, { signal })) {
			yield {
				rows: lines.map(({ line, text, problem }) => parsed(line, text, problem)),
				bytes,
				bytesTotal,
				broken,
			};
		}
		return;
	}
	let inList: string | null | undefined; // null if the document is the list itself.
	let place = 0;
	const single: [string, string][] = [];
	let singleLength = 0;
	const choose = (at: JsonPath) => {
		const [name] = at;
		if (at.length === 0) {
			return 'enter';
		}
		if (
			at.length === 1 &&
			(typeof name === 'number' || (isNumber(name) && (inList ?? null) === null && single.length === 0))
		) {
			inList = null;
			return 'take';
		}
		if (
			at.length === 1 &&
			typeof name === 'string' &&
			(lists.has(name) || name === 'details') &&
			(inList === undefined || inList === name)
		) {
			return 'enter';
		}
		if (at.length === 2 && (typeof at[1] === 'number' || isNumber(at[1]))) {
			inList = String(name);
			return 'take';
		}
		return at.length === 1 && inList === undefined && singleLength < maxSingle ? 'take' : 'skip';
	};
	for await (const { elements, bytes, bytesTotal, broken } of jsonElements(file, choose, { signal })) {
		const rows: JsonRow[] = [];
		for (const { path: at, text, problem } of elements) {
			if (inList !== undefined && (typeof at.at(-1) === 'number' || isNumber(at.at(-1)))) {
				rows.push(parsed(++place, text, problem));
			} else if (inList === undefined && problem === null) {
				single.push([String(at[0]), text]);
				singleLength += text.length;
			}
		}
		yield { rows, bytes, bytesTotal, broken };
		if (broken !== null) {
			return;
		}
	}
	if (inList === undefined && single.length > 0) {
		if (singleLength >= maxSingle) {
			throw new StatError('formats.noRowList', { file, limit: maxSingle / 1e6, lists: [...lists].join(', ') });
		}
		const text = `{${single.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
		const { size } = await sizeOf(file);
		yield { rows: [parsed(1, text, null)], bytes: size, bytesTotal: size, broken: null };
	}
}

/** OpenCompass and others key the rows of an object by their numbers. */
function isNumber(name: string | number | undefined): boolean {
	return typeof name === 'string' && /^\d{1,9}$/.test(name);
}

async function sizeOf(file: string): Promise<{ size: number }> {
	const source = await openText(file);
	await source.close();
	return source;
}

/**
 * Returns `lines` for JSON Lines, according to the file name or because the first line is a complete value and more
 * follows; otherwise the file is one document. Throws StatError for anything but JSON.
 */
export async function shapeOf(file: string): Promise<'lines' | 'list' | 'object'> {
	const source = await openText(file);
	try {
		if (/\.(jsonl|ndjson|jsonlines)$/i.test(unpackedName(file))) {
			return 'lines';
		}
		const buffer = Buffer.alloc(1024 * 1024);
		const bytesRead = await source.read(buffer, 0, buffer.length);
		const isWhole = bytesRead < buffer.length;
		const head = buffer.subarray(0, bytesRead);
		const first = head.toString('utf8', 0, Math.min(bytesRead, 4096)).trimStart();
		if (bytesRead === 0 || (bytesRead < 4096 && first === '')) {
			throw new StatError('formats.empty', { file });
		}
		if (first.startsWith('[')) {
			return 'list';
		}
		if (!first.startsWith('{')) {
			throw new StatError('formats.notJson', {
				file,
				found: JSON.stringify(first.slice(0, 1)),
				extension: path.extname(file) || 'no extension',
			});
		}
		const newline = head.indexOf(10);
		if (newline < 0 || (isWhole && head.subarray(newline).toString('utf8').trim() === '')) {
			return 'object';
		}
		try {
			JSON.parse(head.toString('utf8', 0, newline));
			return 'lines';
		} catch {
			return 'object';
		}
	} finally {
		await source.close();
	}
}

/**
 * Parses one row. Python writes bare NaN and Infinity, which JSON does not have; they become null so that the row is
 * not lost.
 */
export function parsed(line: number, text: string, problem: string | null): JsonRow {
	if (problem !== null) {
		return { line, value: undefined, text, problem };
	}
	try {
		return { line, value: JSON.parse(text) as unknown, text, problem: null };
	} catch (error) {
		try {
			return { line, value: JSON.parse(withoutBareConstants(text)) as unknown, text, problem: null };
		} catch {
			return {
				line,
				value: undefined,
				text,
				problem: `not JSON: ${error instanceof Error ? error.message.slice(0, 200) : String(error)}`,
			};
		}
	}
}
