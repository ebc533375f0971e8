import { isAscii, isUtf8, transcode } from 'node:buffer';
import { throwIfCancelled } from '../core/errors/statError.ts';
import { openText } from './openText.ts';

/** Length of the longest line that is read; a longer one is reported and skipped. 64 samples of 250 kB fit. */
export const maxLineBytes = 64 * 1024 * 1024;
const chunkBytes = 1024 * 1024;
/** How much of an unreadable line is stored for display. */
const shown = 2000;

export interface Line {
	/** 1-based. */
	readonly line: number;
	/** Why the line could not be read, in which case `text` is its start; `null` if it was read. */
	readonly problem: string | null;
	readonly text: string;
}

export interface LineBlock {
	/** Number of lines that are not blank. */
	readonly lines: readonly Line[];
	/** Bytes of the file read so far, and the total number of bytes. */
	readonly bytes: number;
	readonly bytesTotal: number;
	/** Set at the end of a compressed file that was cut or is damaged. */
	readonly broken: string | null;
}

/**
 * Splits a file at byte 0x0A, in blocks of about 1 MB: a raw U+2028 inside a line never ends it, whatever the Node
 * version. A leading BOM and trailing CRs are dropped; the last line does not need a line end. Memory use is bounded by
 * `maxLine`: a line that is longer, or is not UTF-8, comes with a `problem`. Throws StatError if the file cannot be
 * read, and once `signal` is aborted.
 */
export async function* jsonLines(
	file: string,
	{ signal, maxLine = maxLineBytes }: { signal: AbortSignal; maxLine?: number },
): AsyncGenerator<LineBlock> {
	const source = await openText(file);
	const { size } = source;
	try {
		let buffer: Buffer = Buffer.allocUnsafe(chunkBytes);
		let carried = 0; // Number of bytes of the unfinished line, which are at the front of the buffer.
		let line = 1;
		let dropping = false; // Whether the current position is inside a line that is too long.
		for (;;) {
			throwIfCancelled({ signal });
			const bytesRead = await source.read(buffer, carried, buffer.length - carried);
			const read = buffer.subarray(0, carried + bytesRead);
			const atEnd = bytesRead === 0;
			const lines: Line[] = [];
			let from = 0;
			if (dropping) {
				const newline = read.indexOf(10);
				dropping = newline < 0;
				from = dropping ? read.length : newline + 1;
			}
			const until = atEnd ? read.length : read.lastIndexOf(10) + 1;
			if (until > from) {
				line = splitBlock(read.subarray(from, until), line, maxLine, lines);
				from = until;
			}
			carried = read.length - from;
			if (carried > maxLine) {
				lines.push({
					line: line++,
					text: read.toString('utf8', from, from + shown),
					problem: tooLong(maxLine),
				});
				dropping = true;
				carried = 0;
			}
			const { broken } = source;
			if (lines.length > 0 || (atEnd && broken !== null)) {
				const bytes = source.done(carried);
				yield { lines, bytes, bytesTotal: Math.max(size, bytes), broken: atEnd ? broken : null };
			}
			if (atEnd) {
				return;
			}
			buffer = withRoom(buffer, from, carried);
		}
	} finally {
		await source.close();
	}
}

/**
 * Moves the `carried` bytes that start at `from` to the front of the buffer, and makes room for at least half a chunk.
 */
function withRoom(buffer: Buffer, from: number, carried: number): Buffer {
	let needed = buffer.length;
	if (carried > buffer.length - chunkBytes / 2) {
		needed = buffer.length * 2;
	} else if (carried < chunkBytes / 2) {
		needed = chunkBytes;
	}
	if (needed === buffer.length) {
		buffer.copyWithin(0, from, from + carried);
		return buffer;
	}
	const other = Buffer.allocUnsafe(needed);
	buffer.copy(other, 0, from, from + carried);
	return other;
}

/** Splits a block that ends at a line end and appends its lines to `lines`; returns the number of the next line. */
function splitBlock(block: Buffer, first: number, maxLine: number, lines: Line[]): number {
	let line = first;
	// Whole lines contain whole UTF-8 sequences, so the encoding is checked and decoded once per block.
	const text = decoded(block);
	if (text === null) {
		for (let from = 0; from < block.length; line++) {
			const newline = block.indexOf(10, from);
			const stop = newline < 0 ? block.length : newline;
			const text = decoded(block.subarray(from, stop));
			addLine(
				lines,
				line,
				text ?? block.toString('utf8', from, Math.min(stop, from + shown)),
				text === null ? 'not UTF-8 text; save the file as UTF-8' : null,
			);
			from = stop + 1;
		}
		return line;
	}
	for (let from = 0; from < text.length; line++) {
		const newline = text.indexOf('\n', from);
		const stop = newline < 0 ? text.length : newline;
		addLine(lines, line, text.slice(from, stop), stop - from > maxLine ? tooLong(maxLine) : null);
		from = stop + 1;
	}
	return line;
}

function tooLong(maxLine: number): string {
	return `a line of more than ${Math.round(maxLine / 1e6)} MB; split it, or check that the file is JSON Lines`;
}

function addLine(lines: Line[], line: number, text: string, problem: string | null): void {
	if (text.charCodeAt(0) > 0x20 || text.trim() !== '') {
		lines.push({ line, text: text.endsWith('\r') ? text.slice(0, -1) : text, problem });
	}
}

/**
 * Decodes UTF-8; `null` if the bytes are not UTF-8. Goes through UTF-16 if the host supports it, which is twice as fast
 * as decoding UTF-8 (bench/formats.ts).
 */
function decoded(bytes: Buffer): string | null {
	if (isAscii(bytes)) {
		return bytes.toString('latin1');
	}
	if (!isUtf8(bytes)) {
		return null;
	}
	return typeof transcode === 'function'
		? transcode(bytes, 'utf8', 'utf16le').toString('utf16le')
		: bytes.toString('utf8');
}
