import * as fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { StatError } from '../../core/errors/statError.ts';
import type { Pointer } from './packed.ts';
import { isWellFormed } from './packed.ts';
import { openForReading, openForWriting } from './projectFiles.ts';

/** A text with its stored metadata. */
export interface StoredText {
	readonly text: string;
	/** JSON stored with the text: an answer's steps, a reply's metadata. */
	readonly extra: unknown;
}

export type TextKind = 'text' | 'answer' | 'reply';
const kinds: readonly TextKind[] = ['text', 'answer', 'reply'];

const headerBytes = 16;
const rollOver = 256 * 1024 * 1024;

/**
 * Append-only segments `texts/NNNNNN.seg`. A record is `ST`, kind, encoding (0 UTF-8, 1 UTF-16LE for lone surrogates),
 * payload bytes, CRC-32 of the payload, and the number of its bytes that are text; then the payload, which is the text
 * and optionally JSON. `put` only prepares; `flush` makes everything durable before the journal record that names it.
 */
export class Texts {
	private readonly folder: string;
	private readonly open = new Map<number, number>();
	/** Known sizes of segments in bytes: they only grow. */
	private readonly sizes = new Map<number, number>();
	private writer: { readonly segment: number; readonly fd: number } | undefined;
	private segment = 0;
	private start = 0;
	private pending = Buffer.allocUnsafe(1 << 20);
	private length = 0;

	constructor(folder: string) {
		this.folder = folder;
	}

	/** Finds the end of the last segment. Under the lock, before the first `put` of a group. */
	begin(): void {
		this.length = 0;
		fs.mkdirSync(this.folder, { recursive: true });
		if (this.segment === 0) {
			this.segment = Math.max(1, ...this.segments());
		}
		while (fs.existsSync(this.file(this.segment + 1))) {
			this.segment++;
		}
		this.start = fs.statSync(this.file(this.segment), { throwIfNoEntry: false })?.size ?? 0;
		if (this.start >= rollOver) {
			this.segment++;
			this.start = 0;
		}
	}

	/** Adds a record; its pointer is valid once {@link flush} has returned. */
	put(kind: TextKind, text: string, extra?: unknown): Pointer {
		const after = extra === undefined ? '' : JSON.stringify(extra);
		this.reserve(headerBytes + text.length * 3 + after.length * 3);
		const at = this.length;
		const body = at + headerBytes;
		const utf16 = !isWellFormed(text);
		const textBytes = this.pending.write(text, body, utf16 ? 'utf16le' : 'utf8');
		const size = textBytes + this.pending.write(after, body + textBytes, 'utf8');
		this.pending.write('ST', at, 'latin1');
		this.pending[at + 2] = kinds.indexOf(kind);
		this.pending[at + 3] = utf16 ? 1 : 0;
		this.pending.writeUInt32LE(size, at + 4);
		this.pending.writeUInt32LE(crc32(this.pending.subarray(body, body + size)), at + 8);
		this.pending.writeUInt32LE(textBytes, at + 12);
		this.length = body + size;
		return [this.segment, this.start + at, size];
	}

	/** Bytes put since {@link begin}. */
	get pendingBytes(): number {
		return this.length;
	}

	/** Writes and syncs what was put since {@link begin}. */
	flush(): void {
		if (this.length === 0) {
			return;
		}
		const fd = this.writable();
		for (let done = 0; done < this.length;) {
			done += fs.writeSync(fd, this.pending, done, this.length - done, this.start + done);
		}
		fs.fdatasyncSync(fd);
		this.start += this.length;
		this.length = 0;
		if (this.pending.length > 1 << 25) {
			this.pending = Buffer.allocUnsafe(1 << 20);
		}
	}

	/** Reads one record. Throws a StatError that names the segment if it is missing or damaged. */
	read(pointer: Pointer): StoredText {
		const [segment, offset, length] = pointer;
		const record = this.bytes(segment, offset, headerBytes + length);
		const payload = record?.subarray(headerBytes);
		if (
			!record ||
			!payload ||
			record.toString('latin1', 0, 2) !== 'ST' ||
			record.readUInt32LE(4) !== length ||
			record.readUInt32LE(8) !== crc32(payload)
		) {
			throw new StatError(record ? 'store.textDamaged' : 'store.textMissing', { file: name(segment), offset });
		}
		return decode(record, payload);
	}

	/**
	 * Yields every sound record of a kind in all segments, to recover replies when the journal that named them is lost.
	 */
	*scan(kind: TextKind): Generator<{ pointer: Pointer; stored: StoredText }> {
		for (const segment of this.segments()) {
			const size = fs.statSync(this.file(segment)).size;
			for (let offset = 0; offset + headerBytes <= size;) {
				const head = this.bytes(segment, offset, headerBytes);
				const length = head?.readUInt32LE(4) ?? 0;
				const record =
					head?.toString('latin1', 0, 2) === 'ST' && offset + headerBytes + length <= size
						? this.bytes(segment, offset, headerBytes + length)
						: undefined;
				const payload = record?.subarray(headerBytes);
				if (!record || !payload || record.readUInt32LE(8) !== crc32(payload)) {
					offset = this.nextMark(segment, offset + 1, size);
					continue;
				}
				if (kinds[record[2] ?? 0] === kind) {
					yield { pointer: [segment, offset, length], stored: decode(record, payload) };
				}
				offset += headerBytes + length;
			}
		}
	}

	close(): void {
		for (const fd of this.open.values()) {
			fs.closeSync(fd);
		}
		this.open.clear();
		this.sizes.clear();
		if (this.writer) {
			fs.closeSync(this.writer.fd);
			this.writer = undefined;
		}
	}

	private nextMark(segment: number, from: number, size: number): number {
		for (let offset = from; offset < size; offset += (1 << 16) - 1) {
			const found =
				this.bytes(segment, offset, Math.min(1 << 16, size - offset))?.indexOf('ST', 0, 'latin1') ?? -1;
			if (found >= 0) {
				return offset + found;
			}
		}
		return size;
	}

	private bytes(segment: number, offset: number, length: number): Buffer | undefined {
		if (segment === this.segment && offset >= this.start && offset + length <= this.start + this.length) {
			return this.pending.subarray(offset - this.start, offset - this.start + length);
		}
		const fd = this.readable(segment);
		// Checks the size first: a forged pointer must not make us allocate gigabytes.
		if (fd === undefined) {
			return undefined;
		}
		if (offset + length > (this.sizes.get(segment) ?? 0)) {
			this.sizes.set(segment, fs.fstatSync(fd).size);
			if (offset + length > (this.sizes.get(segment) ?? 0)) {
				return undefined;
			}
		}
		const bytes = Buffer.allocUnsafe(length);
		return fs.readSync(fd, bytes, 0, length, offset) === length ? bytes : undefined;
	}

	private readable(segment: number): number | undefined {
		let fd = this.open.get(segment);
		if (fd === undefined) {
			try {
				fd = openForReading(this.file(segment));
			} catch {
				return undefined;
			}
			this.open.set(segment, fd);
		}
		return fd;
	}

	private writable(): number {
		if (this.writer?.segment !== this.segment) {
			if (this.writer) {
				fs.closeSync(this.writer.fd);
				this.writer = undefined;
			}
			this.writer = { segment: this.segment, fd: openForWriting(this.file(this.segment)) };
		}
		return this.writer.fd;
	}

	private reserve(bytes: number): void {
		if (this.length + bytes > this.pending.length) {
			const larger = Buffer.allocUnsafe(Math.max(this.pending.length * 2, this.length + bytes));
			this.pending.copy(larger, 0, 0, this.length);
			this.pending = larger;
		}
	}

	private segments(): number[] {
		return (fs.existsSync(this.folder) ? fs.readdirSync(this.folder) : [])
			.filter((entry) => /^\d{6}\.seg$/.test(entry))
			.map((entry) => Number.parseInt(entry, 10))
			.sort((a, b) => a - b);
	}

	private file(segment: number): string {
		return path.join(this.folder, name(segment));
	}
}

function name(segment: number): string {
	return `${String(segment).padStart(6, '0')}.seg`;
}

function decode(record: Buffer, payload: Buffer): StoredText {
	const textBytes = Math.min(record.readUInt32LE(12), payload.length);
	const text = payload.toString(record[3] === 1 ? 'utf16le' : 'utf8', 0, textBytes);
	return { text, extra: textBytes < payload.length ? JSON.parse(payload.toString('utf8', textBytes)) : undefined };
}
