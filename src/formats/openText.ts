import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { fileError } from '../core/errors/fileError.ts';
import { StatError } from '../core/errors/statError.ts';

const signatures: readonly (readonly [readonly number[], string])[] = [
	[[0x1f, 0x8b], 'is gzip-compressed; unpack it first (gunzip)'],
	[[0x28, 0xb5, 0x2f, 0xfd], 'is Zstandard-compressed; unpack it first (unzstd)'],
	[[0x50, 0x4b, 0x03, 0x04], 'is a zip archive; unpack it first (an Inspect log is read under its own name, .eval)'],
	[[0x50, 0x41, 0x52, 0x31], 'is Parquet; name it .parquet'],
	[[0xff, 0xfe], 'is UTF-16 text; save it as UTF-8'],
	[[0xfe, 0xff], 'is UTF-16 text; save it as UTF-8'],
];

/** Opens a regular file of UTF-8 text; `start` is past a BOM. Throws StatError naming the file for anything else. */
export async function openText(file: string): Promise<{ handle: FileHandle; size: number; start: number }> {
	let handle: FileHandle;
	let size: number;
	try {
		// Looked at before opening: opening a pipe waits for its writer.
		const found = await stat(file);
		if (!found.isFile()) {
			throw new StatError('unsorted.failed', {
				problem: `${file}: ${found.isDirectory() ? 'is a folder; a file is wanted here' : 'not a regular file; give a .json or .jsonl file'}`,
			});
		}
		size = found.size;
		handle = await open(file, 'r');
	} catch (error) {
		throw error instanceof StatError ? error : fileError(file, error);
	}
	try {
		const head = Buffer.alloc(4);
		const { bytesRead } = await handle.read(head, 0, 4, 0);
		const found = signatures.find(
			([bytes]) => bytes.length <= bytesRead && bytes.every((byte, at) => head[at] === byte),
		);
		if (found) {
			throw new StatError('unsorted.failed', { problem: `${file}: ${found[1]}` });
		}
		const bom = bytesRead >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
		return { handle, size, start: bom ? 3 : 0 };
	} catch (error) {
		await handle.close();
		throw error instanceof StatError ? error : fileError(file, error);
	}
}
