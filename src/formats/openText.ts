import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { fileError } from '../core/errors/fileError.ts';
import { StatError } from '../core/errors/statError.ts';
import type { TextSource } from './textSource.ts';
import type { Packing } from './unpacked.ts';
import { UnpackedText } from './unpacked.ts';

const signatures = [
	[[0x50, 0x4b, 0x03, 0x04], 'formats.zip'],
	[[0x50, 0x41, 0x52, 0x31], 'formats.parquetName'],
	[[0xff, 0xfe], 'formats.utf16'],
	[[0xfe, 0xff], 'formats.utf16'],
] as const;

const packings: readonly (readonly [readonly number[], Packing])[] = [
	[[0x1f, 0x8b], 'gzip'],
	[[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
];

/** Returns a file's name without the ending of its compression: `x.jsonl` for `x.jsonl.gz`. */
export function unpackedName(file: string): string {
	return file.replace(/\.(?:gz|gzip|zst|zstd)$/i, '');
}

/**
 * Opens a regular file of UTF-8 text, which may be compressed with gzip or Zstandard. Throws a StatError that names the
 * file for anything else.
 */
export async function openText(file: string): Promise<TextSource> {
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
		const begins = (bytes: readonly number[]) =>
			bytes.length <= bytesRead && bytes.every((byte, at) => head[at] === byte);
		const packing = packings.find(([bytes]) => begins(bytes))?.[1];
		if (packing !== undefined) {
			const unpacked = new UnpackedText(file, handle, size, packing);
			const start = await unpacked.peek(4);
			refuse(file, (bytes) => bytes.every((byte, at) => start[at] === byte));
			return unpacked;
		}
		refuse(file, begins);
		const bom = bytesRead >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
		return new PlainText(handle, size, bom ? 3 : 0);
	} catch (error) {
		await handle.close();
		throw error instanceof StatError ? error : fileError(file, error);
	}
}

function refuse(file: string, begins: (bytes: readonly number[]) => boolean): void {
	const found = signatures.find(([bytes]) => begins(bytes));
	if (found) {
		throw new StatError(found[1], { file });
	}
}

class PlainText implements TextSource {
	readonly broken = null;

	constructor(
		private readonly handle: FileHandle,
		readonly size: number,
		private position: number,
	) {}

	async read(buffer: Buffer, offset: number, length: number): Promise<number> {
		const { bytesRead } = await this.handle.read(buffer, offset, length, this.position);
		this.position += bytesRead;
		return bytesRead;
	}

	done(carried: number): number {
		return this.position - carried;
	}

	close(): Promise<void> {
		return this.handle.close();
	}
}
