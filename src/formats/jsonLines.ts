import { isAscii, isUtf8 } from 'node:buffer';
import { throwIfCancelled } from '../core/run.ts';
import { openText } from './openText.ts';

/** Longest line read; one longer is reported and skipped. 64 samples of 250 kB fit. */
export const maxLineBytes = 64 * 1024 * 1024;
const chunkBytes = 1024 * 1024;

export interface Line {
	/** 1-based. */
	readonly line: number;
	/** `null`: the line could not be read; `problem` says why and `text` is its start. */
	readonly problem: string | null;
	readonly text: string;
}

export interface LineBlock {
	/** Lines that are not blank. */
	readonly lines: readonly Line[];
	/** Bytes read so far and in all. */
	readonly bytes: number;
	readonly bytesTotal: number;
}

/**
 * Splits a file on the byte 0x0A, a block of about 1 MB at a time: a raw U+2028 inside a line is no line end, whatever
 * the Node version. A leading BOM and a trailing CR are dropped; the last line needs no line end. Memory is bounded by
 * `maxLine`: a longer line, or one that is not UTF-8, comes with a `problem`. Throws StatError for a file that cannot
 * be read, and once `signal` is aborted.
 */
export async function* jsonLines(file: string, { signal, maxLine = maxLineBytes }: { signal: AbortSignal; maxLine?: number }): AsyncGenerator<LineBlock> {
	const { handle, size, start } = await openText(file);
	try {
		let buffer = Buffer.allocUnsafe(chunkBytes);
		let kept = 0; // bytes of the unfinished line, at the front of the buffer
		let position = start;
		let line = 1;
		let skipping: Line | null = null; // inside a line that is too long
		for (;;) {
			throwIfCancelled({ signal });
			const { bytesRead } = await handle.read(buffer, kept, buffer.length - kept, position);
			position += bytesRead;
			const end = kept + bytesRead;
			const lines: Line[] = [];
			let from = 0;
			if (skipping !== null) {
				const newline = buffer.indexOf(10, kept);
				if (newline >= 0 && newline < end) {
					lines.push(skipping);
					skipping = null;
					from = newline + 1;
					line++;
				} else if (bytesRead === 0) {
					lines.push(skipping);
					yield { lines, bytes: position, bytesTotal: Math.max(size, position) };
					return;
				} else {
					from = end;
				}
			}
			// Whole lines hold whole UTF-8 sequences, so the encoding is checked once a block, not once a line.
			const lastNewline = end > from ? buffer.lastIndexOf(10, end - 1) : -1;
			const until = bytesRead === 0 ? end : lastNewline + 1;
			if (until > from) {
				const block = buffer.subarray(from, until);
				const ascii = isAscii(block);
				const valid = ascii || isUtf8(block);
				while (from < until) {
					const newline = buffer.indexOf(10, from);
					const stop = newline < 0 || newline >= until ? until : newline;
					const good = valid || isUtf8(buffer.subarray(from, stop));
					const text = ascii ? buffer.toString('latin1', from, stop) : buffer.toString('utf8', from, good ? stop : Math.min(stop, from + 2000));
					if (!good) {
						lines.push({ line, text, problem: 'not UTF-8 text; save the file as UTF-8' });
					} else if (stop - from > 2 || text.trim() !== '') {
						lines.push({ line, text: text.endsWith('\r') ? text.slice(0, -1) : text, problem: null });
					}
					line++;
					from = stop + 1;
				}
			}
			if (bytesRead === 0) {
				if (lines.length > 0) {
					yield { lines, bytes: position, bytesTotal: Math.max(size, position) };
				}
				return;
			}
			kept = Math.max(0, end - from);
			if (kept > maxLine) {
				skipping = { line, text: buffer.toString('utf8', from, from + 2000), problem: `a line of more than ${Math.round(maxLine / 1e6)} MB; split it, or check that the file is JSON Lines` };
				kept = 0;
			} else if (kept > 0) {
				buffer.copyWithin(0, from, end);
			}
			if (skipping !== null) {
				kept = 0;
			}
			if (buffer.length - kept < chunkBytes / 2) {
				const larger = Buffer.allocUnsafe(buffer.length * 2);
				buffer.copy(larger, 0, 0, kept);
				buffer = larger;
			} else if (kept < chunkBytes / 2 && buffer.length > chunkBytes) {
				const smaller = Buffer.allocUnsafe(chunkBytes);
				buffer.copy(smaller, 0, 0, kept);
				buffer = smaller;
			}
			if (lines.length > 0) {
				yield { lines, bytes: position - kept, bytesTotal: Math.max(size, position) };
			}
		}
	} finally {
		await handle.close();
	}
}
