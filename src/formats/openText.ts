import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { fileError } from '../core/errors/fileError.ts';
import { StatError } from '../core/errors/statError.ts';

const signatures = [
	[[0x1f, 0x8b], 'formats.gzip'],
	[[0x28, 0xb5, 0x2f, 0xfd], 'formats.zstd'],
	[[0x50, 0x4b, 0x03, 0x04], 'formats.zip'],
	[[0x50, 0x41, 0x52, 0x31], 'formats.parquetName'],
	[[0xff, 0xfe], 'formats.utf16'],
	[[0xfe, 0xff], 'formats.utf16'],
] as const;

/**
 * Opens a regular file of UTF-8 text; `start` is the position after a BOM. Throws a StatError that names the file for
 * anything else.
 */
export async function openText(file: string): Promise<{ handle: FileHandle; size: number; start: number }> {
	let handle: FileHandle;
	let size: number;
	try {
		// Checked before opening, because opening a pipe waits for its writer.
		const found = await stat(file);
		if (!found.isFile()) {
			throw new StatError(found.isDirectory() ? 'formats.folder' : 'formats.specialFile', { file });
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
			throw new StatError(found[1], { file });
		}
		const bom = bytesRead >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
		return { handle, size, start: bom ? 3 : 0 };
	} catch (error) {
		await handle.close();
		throw error instanceof StatError ? error : fileError(file, error);
	}
}
