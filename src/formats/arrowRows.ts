import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { Table } from '@uwdata/flechette';
import { CompressionType, setCompressionCodec, tableFromIPC } from '@uwdata/flechette';
import { Decompress } from 'fzstd';
import { fileError } from '../core/errors/fileError.ts';
import { StatError, throwIfCancelled } from '../core/errors/statError.ts';
import { checkColumns, mostValues } from './arrowColumns.ts';
import { arrowHead, ArrowHeader } from './arrowMetadata.ts';
import { damageOf } from './damageOf.ts';
import type { RowBlock } from './jsonRows.ts';
import { TableRow } from './tableRow.ts';
import { zstdStep } from './unpacked.ts';

/** `datasets` writes record batches of 1,000 rows. */
const maxBody = 512 * 1024 * 1024;
const maxMetadata = 64 * 1024 * 1024;
const maxDictionaries = 1_000;
const blockRows = 2_000;
const continuation = 0xff_ff_ff_ff;

/**
 * Yields the rows of an Arrow file: the cache of Hugging Face `datasets` (`data-00000-of-00001.arrow`, the stream
 * format) or the file format (`ARROW1`), one record batch at a time. A file that was cut is read up to where it ends.
 */
export async function* arrowRows(file: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
	const handle = await open(file, 'r').catch((error: unknown) => {
		throw fileError(file, error);
	});
	try {
		const { size } = await handle.stat();
		const messages = new Messages(handle, size);
		let schema: Uint8Array | undefined;
		let columns: string[] = [];
		const dictionaries: Uint8Array[] = [];
		let line = 0;
		for (;;) {
			throwIfCancelled({ signal });
			const found = await sound(file, messages.next());
			if (found === null) {
				break;
			}
			if (found.header === ArrowHeader.schema && schema === undefined) {
				schema = found.bytes;
				columns = (await sound(file, async () => tableFromIPC([found.bytes]))).schema.fields.map(
					({ name }) => name,
				);
			} else if (found.header === ArrowHeader.dictionaries && dictionaries.length < maxDictionaries) {
				dictionaries.push(found.bytes);
				if (dictionaries.reduce((sum, { length }) => sum + length, 0) > maxBody) {
					throw new StatError('formats.arrow', {
						file,
						reason: `dictionaries of more than ${maxBody} bytes`,
					});
				}
			} else if (found.header === ArrowHeader.records && schema !== undefined) {
				const parts = [schema, ...dictionaries, found.bytes];
				const table = await sound(file, async () => tableOf(parts, found.rows));
				for (let from = 0; from < table.numRows || from === 0; from += blockRows) {
					const rows = await sound(file, async () => rowsOf(table, from, line));
					line += rows.length;
					yield { rows, bytes: messages.position, bytesTotal: size, broken: null, columns };
				}
			}
		}
		yield { rows: [], bytes: size, bytesTotal: size, broken: messages.broken, columns };
	} finally {
		await handle.close();
	}
}

function rowsOf(table: Table, from: number, line: number): TableRow[] {
	const rows: TableRow[] = [];
	for (let at = from; at < Math.min(table.numRows, from + blockRows); at++) {
		rows.push(new TableRow(line + rows.length + 1, table.at(at) as Record<string, unknown>));
	}
	return rows;
}

/** Bytes that the columns of the current table were unpacked to. */
let unpacked = 0;

function tableOf(parts: Uint8Array[], rows: number): Table {
	unpacked = 0;
	const table = checkColumns(tableFromIPC(parts, { useBigInt: true, useDate: true }));
	if (table.numRows !== rows && table.numCols > 0) {
		throw new Error(`a record batch of ${rows} rows has columns of ${table.numRows}`);
	}
	return table;
}

interface Message {
	readonly header: number;
	readonly rows: number;
	/** The message with its body. */
	readonly bytes: Uint8Array;
}

/** The messages of a stream, in order: each has a length, its metadata and a body. */
class Messages {
	position = 0;
	broken: string | null = null;

	constructor(
		private readonly handle: FileHandle,
		private readonly size: number,
	) {}

	/** Returns the next message; `null` at the end, also where the file was cut. */
	async next(): Promise<Message | null> {
		if (this.position === 0) {
			const head = await this.bytes(0, 8);
			this.position = Buffer.from(head).toString('latin1', 0, 6) === 'ARROW1' ? 8 : 0;
		}
		if (this.position + 8 > this.size) {
			return this.cut();
		}
		const start = Buffer.from(await this.bytes(this.position, 8));
		if (start.readUInt32LE(0) !== continuation) {
			throw new Error(`no message begins at byte ${this.position}`);
		}
		const length = start.readUInt32LE(4);
		if (length === 0) {
			return null;
		}
		if (length > maxMetadata) {
			throw new Error(`its metadata claims to be ${length} bytes long`);
		}
		const from = this.position + 8;
		if (from + length > this.size) {
			return this.cut();
		}
		const { header, bodyLength, rows } = arrowHead(Buffer.from(await this.bytes(from, length)));
		// The smallest value takes a bit, and Zstandard repeats one in few bytes.
		if (!(rows >= 0 && rows <= mostValues && rows <= Math.max(bodyLength, 64) * 4096)) {
			throw new Error(`a record batch claims to hold ${rows} rows`);
		}
		if (!(bodyLength >= 0 && bodyLength <= maxBody)) {
			throw new Error(`a record batch of ${bodyLength} bytes; at most ${maxBody} are read`);
		}
		const end = from + length + bodyLength;
		if (end > this.size) {
			return this.cut();
		}
		const bytes = await this.bytes(this.position, end - this.position);
		this.position = end;
		return { header, rows, bytes };
	}

	private cut(): null {
		this.broken = 'not a whole Arrow file: it ends in the middle of a message';
		return null;
	}

	private async bytes(from: number, length: number): Promise<Uint8Array> {
		const bytes = new Uint8Array(length);
		let at = 0;
		while (at < length) {
			const { bytesRead } = await this.handle.read(bytes, at, length - at, from + at);
			if (bytesRead === 0) {
				break;
			}
			at += bytesRead;
		}
		return bytes;
	}
}

setCompressionCodec(CompressionType.ZSTD, {
	decode: unpackedZstd,
	encode: () => {
		throw new Error('not written');
	},
});

function unpackedZstd(input: Uint8Array): Uint8Array {
	const parts: Uint8Array[] = [];
	const decoder = new Decompress((part) => {
		unpacked += part.length;
		if (unpacked > maxBody) {
			throw new Error(`a record batch unpacks to more than ${Math.round(maxBody / 1e6)} MB`);
		}
		parts.push(part.slice());
	});
	for (let at = 0; at < input.length; at += zstdStep) {
		decoder.push(input.subarray(at, at + zstdStep));
	}
	decoder.push(new Uint8Array(0), true);
	return new Uint8Array(Buffer.concat(parts));
}

async function sound<T>(file: string, read: Promise<T> | (() => Promise<T>)): Promise<T> {
	try {
		return await (typeof read === 'function' ? read() : read);
	} catch (error) {
		throw error instanceof StatError
			? error
			: new StatError('formats.arrow', { file, reason: damageOf(error) }, { cause: error });
	}
}
