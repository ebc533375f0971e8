import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { fileError } from '../core/errors/fileError.ts';
import { messageOf, StatError } from '../core/errors/statError.ts';
import type { TextSource } from './textSource.ts';

export type Packing = 'gzip' | 'zstd';

const packedChunk = 64 * 1024;
/** Number of compressed bytes passed to the Zstandard decoder at once: four of them can represent 128 kB. */
export const zstdStep = 4096;

/**
 * The text in a `.gz` or `.zst` file, unpacked as it is read: no more than a few chunks are in memory, whatever the file
 * unpacks to. Where the compressed data ends early or is damaged, the text ends and {@link broken} says why.
 */
export class UnpackedText implements TextSource {
	broken: string | null = null;
	private readonly chunks: AsyncIterator<Uint8Array>;
	private current: Uint8Array = new Uint8Array(0);
	private packedRead = 0;
	private isStarted = false;

	constructor(
		private readonly file: string,
		private readonly handle: FileHandle,
		readonly size: number,
		packing: Packing,
	) {
		this.chunks = (packing === 'gzip' ? this.gunzipped() : this.decoded())[Symbol.asyncIterator]();
	}

	/** Returns the first bytes of the text without consuming them; a BOM is left out. */
	async peek(length: number): Promise<Uint8Array> {
		while (this.current.length < length && (await this.next())) {
			// The text may come in small pieces.
		}
		if (this.current[0] === 0xef && this.current[1] === 0xbb && this.current[2] === 0xbf) {
			this.current = this.current.subarray(3);
		}
		this.isStarted = true;
		return this.current.subarray(0, length);
	}

	async read(buffer: Buffer, offset: number, length: number): Promise<number> {
		if (!this.isStarted) {
			await this.peek(3);
		}
		let filled = 0;
		while (filled < length && (this.current.length > 0 || (await this.next()))) {
			const part = this.current.subarray(0, length - filled);
			buffer.set(part, offset + filled);
			filled += part.length;
			this.current = this.current.subarray(part.length);
		}
		return filled;
	}

	done(): number {
		return Math.min(this.size, this.packedRead);
	}

	async close(): Promise<void> {
		await this.chunks.return?.(undefined);
		await this.handle.close();
	}

	private async next(): Promise<boolean> {
		if (this.broken !== null) {
			return false;
		}
		try {
			const { value, done } = await this.chunks.next();
			if (done === true) {
				return false;
			}
			this.current = this.current.length === 0 ? value : Buffer.concat([this.current, value]);
			return true;
		} catch (error) {
			if (error instanceof StatError || (error instanceof Error && 'syscall' in error)) {
				throw error instanceof StatError ? error : fileError(this.file, error);
			}
			this.broken = `the compressed data is cut off or damaged (${messageOf(error)}); copy the file again`;
			return false;
		}
	}

	private async *packed(): AsyncGenerator<Buffer> {
		for (;;) {
			const chunk = Buffer.allocUnsafe(packedChunk);
			const { bytesRead } = await this.handle.read(chunk, 0, packedChunk, this.packedRead);
			if (bytesRead === 0) {
				return;
			}
			this.packedRead += bytesRead;
			yield chunk.subarray(0, bytesRead);
		}
	}

	/** Reads one member or several; Node checks the length and the checksum of each. */
	private async *gunzipped(): AsyncGenerator<Uint8Array> {
		const gunzip = createGunzip();
		const packed = this.packed();
		let failed: unknown;
		const feed = async () => {
			for await (const chunk of packed) {
				if (gunzip.destroyed) {
					return;
				}
				if (!gunzip.write(chunk)) {
					await new Promise<void>((resolve) => {
						gunzip.once('drain', resolve);
						gunzip.once('close', resolve);
					});
				}
			}
			gunzip.end();
		};
		const feeding = feed().catch((error: unknown) => {
			failed = error;
			gunzip.destroy();
		});
		try {
			for await (const part of gunzip) {
				yield part as Buffer;
			}
		} finally {
			gunzip.destroy();
			await feeding;
		}
		if (failed !== undefined) {
			throw failed;
		}
	}

	/** Reads one frame or several; their content checksums are verified (see zstdChecksum.ts). */
	private async *decoded(): AsyncGenerator<Uint8Array> {
		let parts: Uint8Array[] = [];
		let isWhole = false;
		const decoder = new Decompress((part, final) => {
			isWhole ||= final === true;
			if (part.length > 0) {
				parts.push(part.slice());
			}
		});
		for await (const chunk of this.packed()) {
			for (let at = 0; at < chunk.length; at += zstdStep) {
				decoder.push(chunk.subarray(at, at + zstdStep));
				const ready = parts;
				parts = [];
				yield* ready;
			}
		}
		decoder.push(new Uint8Array(0), true);
		yield* parts;
		if (!isWhole) {
			throw new Error('unexpected end of file');
		}
	}
}
