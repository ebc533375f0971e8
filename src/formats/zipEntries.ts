import { crc32, createInflateRaw } from 'node:zlib';
import { Decompress } from 'fzstd';
import type { Entry, ZipFile } from 'yauzl';
import { openPromise } from 'yauzl';
import { fileError } from '../core/errors/fileError.ts';
import { messageOf, StatError } from '../core/errors/statError.ts';
import { zstdStep } from './unpacked.ts';

/** Maximum number of entries in an archive. */
const maxEntries = 400_000;

/**
 * A zip archive that is read entry by entry. Names are never used as paths, and the sizes that it states are not
 * trusted.
 */
export class ZipEntries {
	private constructor(
		private readonly file: string,
		private readonly zip: ZipFile,
	) {}

	/** Throws StatError if the file is truncated or not an archive. */
	static async open(file: string): Promise<ZipEntries> {
		try {
			const zip = await openPromise(file, {
				lazyEntries: true,
				autoClose: false,
				validateEntrySizes: false,
				decodeStrings: false,
			});
			if (zip.entryCount > maxEntries) {
				zip.close();
				throw new StatError('formats.archiveEntries', { file, entries: zip.entryCount, limit: maxEntries });
			}
			return new ZipEntries(file, zip);
		} catch (error) {
			throw failure(file, error);
		}
	}

	get size(): number {
		return this.zip.fileSize;
	}

	async *entries(): AsyncGenerator<Entry> {
		try {
			yield* this.zip.eachEntry() as AsyncIterable<Entry>;
		} catch (error) {
			throw failure(this.file, error);
		}
	}

	/**
	 * Returns an entry's text, which may be stored, deflated or Zstandard (one frame or several). Rejects with a
	 * one-line message if the text exceeds `most` bytes, does not fit its checksum or is not valid UTF-8.
	 */
	async text(entry: Entry, most: number): Promise<string> {
		if (entry.isEncrypted()) {
			throw new Error('it is encrypted');
		}
		const raw = await this.zip.openReadStreamPromise(entry, { decodeFileData: false });
		const parts: Buffer[] = [];
		let length = 0;
		let checksum = 0;
		const take = (part: Uint8Array) => {
			length += part.length;
			if (length > most) {
				throw new Error(`it unpacks to more than ${Math.round(most / 1e6)} MB`);
			}
			checksum = crc32(part, checksum);
			parts.push(Buffer.from(part));
		};
		try {
			switch (entry.compressionMethod) {
				case 0:
					for await (const part of raw) {
						take(part as Buffer);
					}
					break;
				case 8: {
					const inflate = createInflateRaw();
					// A pipe does not forward errors: after a disk error both ends would wait forever.
					raw.once('error', (error) => inflate.destroy(error));
					for await (const part of raw.pipe(inflate)) {
						take(part as Buffer);
					}
					break;
				}
				case 93: {
					const decoder = new Decompress(take);
					for await (const part of raw) {
						for (let at = 0; at < (part as Buffer).length; at += zstdStep) {
							decoder.push((part as Buffer).subarray(at, at + zstdStep));
						}
					}
					decoder.push(new Uint8Array(0), true);
					break;
				}
				default:
					throw new Error(
						`it is packed by method ${entry.compressionMethod}, which is not read (stored, ` +
							'deflate and Zstandard are)',
					);
			}
		} finally {
			raw.destroy();
		}
		if (checksum !== entry.crc32) {
			throw new Error('its checksum (CRC-32) does not fit: the archive is damaged, copy it again');
		}
		return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
	}

	close(): void {
		this.zip.close();
	}
}

/** Returns an entry's name as stored in the archive, for matching and for messages. */
export function entryName(entry: Entry): string {
	return entry.fileNameRaw.toString('utf8');
}

function failure(file: string, error: unknown): StatError {
	if (error instanceof StatError) {
		return error;
	}
	return error instanceof Error && 'syscall' in error
		? fileError(file, error)
		: new StatError('formats.archive', { file, reason: messageOf(error) }, { cause: error });
}
