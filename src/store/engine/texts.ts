import path from 'node:path';
import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { StatError } from '../../core/errors/statError.ts';
import type { Pointer } from './packed.ts';
import { isWellFormed } from './packed.ts';
import type { Files } from './machine.ts';
import { realFiles } from './machine.ts';
import { closeSynced, createNew, openIfThere, openToWriteIfThere, syncFile } from './projectFiles.ts';

/** A text with its stored metadata. */
export interface StoredText {
	readonly text: string;
	/** JSON stored with the text, such as an answer's steps or a reply's metadata. */
	readonly extra: unknown;
}

export type TextKind = 'text' | 'answer' | 'reply';
const kinds: readonly TextKind[] = ['text', 'answer', 'reply'];

/** Begins records of format 2. Records of format 1 begin with `ST`, and their checksum covers only the payload. */
const mark = 'S2';
const headerBytes = 16;
const rollOver = 256 * 1024 * 1024;

/**
 * The append-only segments `texts/NNNNNN.seg`. A record consists of `S2`, the kind, the encoding (0 UTF-8, 1 UTF-16LE
 * for lone surrogates), the number of payload bytes, the CRC-32 of everything else in the record, and the number of
 * payload bytes that are text; then comes the payload, which is the text and optionally JSON. `put` only prepares a
 * record; `flush` writes it before the journal record that names it is written, and `sync` makes it durable.
 */
export class Texts {
	private readonly open = new Map<number, number>();
	/** Known sizes of segments in bytes; segments only grow. */
	private readonly sizes = new Map<number, number>();
	private writer: number | undefined;
	/** The first segment that may be written to. */
	private first = 1;
	private segment = 0;
	private start = 0;
	private pending = Buffer.allocUnsafe(1 << 20);
	private length = 0;
	/** Segments with records that may not have been synced, by this process or another. */
	private readonly unsynced = new Set<number>();
	private replayed: (readonly [pointer: Pointer, seq: number])[] = [];

	constructor(
		private readonly folder: string,
		private readonly files: Files = realFiles,
		private readonly onDamage: (error: StatError) => void = () => undefined,
	) {}

	/**
	 * Starts a group; must be called before the first `put`, holding the lock. `first`: a process whose lock was taken
	 * may still write to the segments before this one.
	 */
	begin(first: number): void {
		this.length = 0;
		this.first = first;
		this.closeWriter();
	}

	/** Creates a segment that no other process has open, and returns its number. Must hold the lock. */
	newSegment(): number {
		this.makeFolder();
		for (let segment = Math.max(0, ...this.segments()) + 1; ; segment++) {
			const fd = createNew(this.file(segment), this.files);
			if (fd !== undefined) {
				this.files.closeSync(fd);
				return segment;
			}
		}
	}

	/** Adds a record; its pointer is valid once {@link flush} has returned. */
	put(kind: TextKind, text: string, extra?: unknown): Pointer {
		const after = extra === undefined ? '' : JSON.stringify(extra);
		this.openWriter();
		this.reserve(headerBytes + text.length * 3 + after.length * 3);
		const at = this.length;
		const body = at + headerBytes;
		const utf16 = !isWellFormed(text);
		const textBytes = this.pending.write(text, body, utf16 ? 'utf16le' : 'utf8');
		const size = textBytes + this.pending.write(after, body + textBytes, 'utf8');
		this.pending.write(mark, at, 'latin1');
		this.pending[at + 2] = kinds.indexOf(kind);
		this.pending[at + 3] = utf16 ? 1 : 0;
		this.pending.writeUInt32LE(size, at + 4);
		this.pending.writeUInt32LE(textBytes, at + 12);
		const check = checkOf(this.pending.subarray(at, body + size));
		this.pending.writeUInt32LE(check, at + 8);
		this.length = body + size;
		return [this.segment, this.start + at, size, check];
	}

	/** Number of bytes put since {@link begin}. */
	get pendingBytes(): number {
		return this.length;
	}

	/** Writes everything put since {@link begin}. It is durable after {@link sync}. */
	flush(): void {
		if (this.length === 0) {
			return;
		}
		const fd = this.openWriter();
		for (let done = 0; done < this.length;) {
			done += this.files.writeSync(fd, this.pending, done, this.length - done, this.start + done);
		}
		this.unsynced.add(this.segment);
		this.start += this.length;
		this.length = 0;
		if (this.pending.length > 1 << 25) {
			this.pending = Buffer.allocUnsafe(1 << 20);
		}
	}

	/** Makes everything that was flushed or replayed durable, whoever wrote it. Needs no lock. */
	sync(): void {
		for (const segment of this.unsynced) {
			if (segment === this.segment && this.writer !== undefined) {
				this.files.fdatasyncSync(this.writer);
			} else {
				syncFile(this.file(segment), this.files);
			}
			this.unsynced.delete(segment);
		}
	}

	/** Closes the segment that was flushed, which makes the records visible to other machines. */
	closeFlushed(): void {
		const { writer } = this;
		this.writer = undefined;
		if (writer !== undefined) {
			this.files.closeSync(writer);
		}
	}

	/** Notes that a record of the journal, with this number, points to a text that may not have been synced. */
	noteReplayed(pointer: Pointer, seq: number): void {
		this.unsynced.add(pointer[0]);
		this.replayed.push([pointer, seq]);
	}

	/** Returns the pointers noted since the last call for records after `seq` whose texts cannot be read. */
	missingSince(seq: number): Pointer[] {
		const { replayed } = this;
		this.replayed = [];
		return replayed
			.filter(([pointer, at]) => at > seq && this.find(pointer) instanceof StatError)
			.map(([pointer]) => pointer);
	}

	/** Reads a record. Throws a StatError that names the segment if the record is missing or damaged. */
	read(pointer: Pointer): StoredText {
		const found = this.find(pointer);
		if (found instanceof StatError) {
			throw found;
		}
		return found;
	}

	/** Reads a record. If it is missing or damaged, returns `undefined` and reports it to {@link onDamage}. */
	readIfSound(pointer: Pointer): StoredText | undefined {
		const found = this.find(pointer);
		if (found instanceof StatError) {
			this.onDamage(found);
			return undefined;
		}
		return found;
	}

	private find(pointer: Pointer): StoredText | StatError {
		const found = this.record(pointer) ?? this.recordAgain(pointer);
		const [segment, offset] = pointer;
		return typeof found === 'object'
			? found
			: new StatError(found === 'missing' ? 'store.textMissing' : 'store.textDamaged', {
					file: name(segment),
					offset,
				});
	}

	/** The segment may have grown since it was opened, or may be on another machine. */
	private recordAgain(pointer: Pointer): StoredText | 'missing' | 'damaged' {
		const [segment] = pointer;
		const fd = this.open.get(segment);
		if (fd !== undefined) {
			this.files.closeSync(fd);
			this.open.delete(segment);
			this.sizes.delete(segment);
		}
		return (
			this.record(pointer) ?? (this.bytes(segment, pointer[1], headerBytes + pointer[2]) ? 'damaged' : 'missing')
		);
	}

	private record([segment, offset, length, check]: Pointer): StoredText | undefined {
		const record = this.bytes(segment, offset, headerBytes + length);
		return record && record.readUInt32LE(4) === length && (check === undefined || record.readUInt32LE(8) === check)
			? decode(record)
			: undefined;
	}

	/**
	 * Yields every sound record of a kind in all segments, to recover replies if the journal that named them is lost.
	 */
	*scan(kind: TextKind): Generator<{ pointer: Pointer; stored: StoredText }> {
		for (const segment of this.segments()) {
			const size = this.size(segment);
			for (let offset = 0; offset + headerBytes <= size;) {
				const head = this.bytes(segment, offset, headerBytes);
				const length = head?.readUInt32LE(4) ?? 0;
				const record =
					head && isMark(head) && offset + headerBytes + length <= size
						? this.bytes(segment, offset, headerBytes + length)
						: undefined;
				const stored = record && decode(record);
				if (!record || !stored) {
					offset = this.nextMark(segment, offset + 1, size);
					continue;
				}
				if (kinds[record[2] ?? 0] === kind) {
					yield { pointer: [segment, offset, length, record.readUInt32LE(8)], stored };
				}
				offset += headerBytes + length;
			}
		}
	}

	close(): void {
		for (const fd of this.open.values()) {
			this.files.closeSync(fd);
		}
		this.open.clear();
		this.sizes.clear();
		this.closeWriter();
	}

	/** Ends a group, which has been written or given up. */
	end(): void {
		this.length = 0;
		this.closeWriter();
	}

	private nextMark(segment: number, from: number, size: number): number {
		for (let offset = from; offset < size; offset += (1 << 16) - 1) {
			const bytes = this.bytes(segment, offset, Math.min(1 << 16, size - offset));
			const found = ['ST', mark]
				.map((text) => bytes?.indexOf(text, 0, 'latin1') ?? -1)
				.filter((place) => place >= 0);
			if (found.length > 0) {
				return offset + Math.min(...found);
			}
		}
		return size;
	}

	private bytes(segment: number, offset: number, length: number): Buffer | undefined {
		if (segment === this.segment && offset >= this.start && offset + length <= this.start + this.length) {
			return this.pending.subarray(offset - this.start, offset - this.start + length);
		}
		const fd = this.readable(segment);
		// Checks the size first, because a forged pointer must not make us allocate gigabytes.
		if (fd === undefined) {
			return undefined;
		}
		if (offset + length > (this.sizes.get(segment) ?? 0)) {
			this.sizes.set(segment, this.files.fstatSync(fd).size);
			if (offset + length > (this.sizes.get(segment) ?? 0)) {
				return undefined;
			}
		}
		const bytes = Buffer.allocUnsafe(length);
		return this.files.readSync(fd, bytes, 0, length, offset) === length ? bytes : undefined;
	}

	private size(segment: number): number {
		const fd = this.readable(segment);
		return fd === undefined ? 0 : this.files.fstatSync(fd).size;
	}

	private readable(segment: number): number | undefined {
		let fd = this.open.get(segment);
		if (fd === undefined) {
			try {
				fd = openIfThere(this.file(segment), this.files);
			} catch {
				return undefined;
			}
			if (fd === undefined) {
				return undefined;
			}
			this.open.set(segment, fd);
		}
		return fd;
	}

	/**
	 * Opens the last segment and finds its end. The lock is checked later, so that nothing of ours lands in the wrong
	 * file.
	 */
	private openWriter(): number {
		if (this.writer !== undefined) {
			return this.writer;
		}
		this.makeFolder();
		for (let segment = Math.max(this.first, this.segment, ...this.segments()); ; segment++) {
			const fd =
				openToWriteIfThere(this.file(segment), this.files) ??
				createNew(this.file(segment), this.files) ??
				openToWriteIfThere(this.file(segment), this.files);
			const size = fd === undefined ? rollOver : this.files.fstatSync(fd).size;
			if (fd !== undefined && size < rollOver) {
				this.writer = fd;
				this.segment = segment;
				this.start = size;
				return fd;
			}
			if (fd !== undefined) {
				this.files.closeSync(fd);
			}
		}
	}

	private closeWriter(): void {
		const { writer } = this;
		this.writer = undefined;
		closeSynced(writer, this.files);
	}

	private makeFolder(): void {
		try {
			this.files.mkdirSync(this.folder);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
				throw error;
			}
		}
	}

	private reserve(bytes: number): void {
		if (this.length + bytes > this.pending.length) {
			const larger = Buffer.allocUnsafe(Math.max(this.pending.length * 2, this.length + bytes));
			this.pending.copy(larger, 0, 0, this.length);
			this.pending = larger;
		}
	}

	private segments(): number[] {
		let names: string[];
		try {
			names = this.files.readdirSync(this.folder);
		} catch {
			return [];
		}
		return names
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

function isMark(record: Buffer): boolean {
	return record[0] === 0x53 && (record[1] === 0x32 || record[1] === 0x54);
}

/**
 * Returns the checksum of a record of format 2: the CRC-32 of what follows it, started with what precedes it (kind,
 * encoding and payload bytes fit into 32 bits), so that a change of either shows.
 */
function checkOf(record: Buffer): number {
	const begin = ((record[2] ?? 0) << 30) | ((record[3] ?? 0) << 29) | record.readUInt32LE(4);
	return crc32(record.subarray(12), begin >>> 0);
}

/** Decodes a whole record; returns `undefined` if it is damaged. */
function decode(record: Buffer): StoredText | undefined {
	const payload = record.subarray(headerBytes);
	const isFormat2 = record[1] === 0x32;
	if (!isMark(record) || (record[2] ?? 0) >= kinds.length || (record[3] ?? 0) > 1) {
		return undefined;
	}
	if (record.readUInt32LE(8) !== (isFormat2 ? checkOf(record) : crc32(payload))) {
		return undefined;
	}
	const textBytes = record.readUInt32LE(12);
	if (textBytes > payload.length || (!isFormat2 && !isPlausible(record, payload))) {
		return undefined;
	}
	try {
		return {
			text: payload.toString(record[3] === 1 ? 'utf16le' : 'utf8', 0, textBytes),
			extra: textBytes < payload.length ? JSON.parse(payload.toString('utf8', textBytes)) : undefined,
		};
	} catch {
		return undefined;
	}
}

/**
 * Whether the header of a record of format 1 can be the one that was written. Its checksum does not cover the kind, the
 * encoding and the number of text bytes.
 */
function isPlausible(record: Buffer, payload: Buffer): boolean {
	const kind = kinds[record[2] ?? 0];
	const textBytes = record.readUInt32LE(12);
	const text = payload.subarray(0, textBytes);
	const hasExtra = textBytes < payload.length;
	if ((kind === 'text' && hasExtra) || (kind === 'reply' && !hasExtra)) {
		return false;
	}
	if (hasExtra && payload[textBytes] !== 0x7b) {
		return false;
	}
	// UTF-16 is written only for texts with lone surrogates.
	return record[3] === 0 ? isUtf8(text) : textBytes % 2 === 0 && !isWellFormed(text.toString('utf16le'));
}
