import path from 'node:path';
import { StatError } from '../../core/errors/statError.ts';
import type { JournalHeader, Line } from './journal.ts';
import { decodeHeader, encodeLine, lines, newHeader } from './journal.ts';
import type { Files } from './machine.ts';
import { realFiles } from './machine.ts';
import type { Fence } from './projectFiles.ts';
import {
	closeSynced,
	openForReading,
	openIfThere,
	openToWriteIfThere,
	readAll,
	replaceFile,
	syncFile,
	syncFolder,
} from './projectFiles.ts';

/** How far this process has read the file. */
interface Position {
	readonly inode: number;
	readonly header: JournalHeader;
	/**
	 * The file's change time when we last looked. It shows, without opening the file, that nothing has happened; the
	 * inode number alone does not, because inode numbers are reused.
	 */
	changed: number;
	/** Offset of the byte after the last applied line. */
	offset: number;
	/** Start and checksum of that line, to notice if a process whose disk was full has removed what we read. */
	last: number;
	sum: string;
}

const sumOf = (line: Buffer): string => line.toString('latin1', 0, 8);

/**
 * The file `stat.journal`, and how much of it this process has read. All methods are synchronous; a writer must hold
 * the project's lock.
 */
export class JournalFile {
	private position: Position | undefined;
	private fd: number | undefined;

	constructor(
		readonly file: string,
		private readonly schema: number,
		private readonly files: Files = realFiles,
	) {}

	/** Number of bytes read and applied. */
	get bytes(): number {
		return this.position?.offset ?? 0;
	}

	/** The header that was read; `undefined` if there is none or it is damaged. */
	get header(): JournalHeader | undefined {
		return this.position?.header;
	}

	/** Makes the next read start at the beginning. */
	forget(): void {
		this.position = undefined;
	}

	/** Reads the file's current header. `isEmpty`: there is no file, or it is empty. */
	readHeader(): { readonly isEmpty: boolean; readonly header: JournalHeader | undefined } {
		const fd = openIfThere(this.file, this.files);
		if (fd === undefined) {
			return { isEmpty: true, header: undefined };
		}
		try {
			const first = lines(fd, 0, this.files.fstatSync(fd).size, this.files).next();
			const header = first.value?.ended ? decodeHeader(first.value.bytes, this.schema) : undefined;
			return { isEmpty: first.value === undefined, header };
		} finally {
			this.files.closeSync(fd);
		}
	}

	/** Identifies the file's state by its attributes, which may be outdated. */
	stateByName(): string {
		const seen = this.files.lstatSync(this.file, { throwIfNoEntry: false });
		return seen ? `${seen.ino} ${seen.size} ${seen.ctimeMs}` : 'missing';
	}

	/** Records that a sound first line was read. */
	began(inode: number, header: JournalHeader, first: Buffer): void {
		this.position = { inode, header, changed: 0, offset: first.length + 1, last: 0, sum: sumOf(first) };
	}

	/** Records that a line was applied or set aside. */
	passed({ at, bytes }: Line): void {
		if (this.position) {
			this.position.offset = at + bytes.length + 1;
			this.position.last = at;
			this.position.sum = sumOf(bytes);
		}
	}

	/**
	 * Passes to `read` what other processes have added. Returns 'other' if the file was replaced, or if what we had
	 * read is no longer in it. `isLocked`: we hold the lock, so the file is opened even if it seems unchanged, because
	 * attributes read by name may be outdated.
	 */
	readNew(isLocked: boolean, read: (fd: number, from: number, end: number) => void): 'read' | 'nothing' | 'other' {
		const { position } = this;
		const seen = isLocked ? undefined : this.files.lstatSync(this.file, { throwIfNoEntry: false });
		if (!isLocked) {
			if (!position) {
				return seen ? 'other' : 'nothing';
			}
			if (seen?.ino === position.inode && seen.size === position.offset && seen.ctimeMs === position.changed) {
				return 'nothing';
			}
			if (!seen || seen.ino !== position.inode || seen.size < position.offset) {
				return 'other';
			}
		}
		const fd = openIfThere(this.file, this.files);
		if (fd === undefined || !position) {
			if (fd !== undefined) {
				this.files.closeSync(fd);
			}
			return position || fd !== undefined ? 'other' : 'nothing';
		}
		try {
			const state = this.files.fstatSync(fd);
			if (state.ino !== position.inode || state.size < position.offset || !this.stillHolds(fd, position)) {
				return 'other';
			}
			read(fd, position.offset, state.size);
			position.changed = state.ctimeMs;
			return 'read';
		} finally {
			this.files.closeSync(fd);
		}
	}

	/**
	 * Opens the file for {@link append}. Must hold the lock and have read everything. Returns what follows the last
	 * whole line: the partial line of a killed writer, which was never acknowledged.
	 */
	open(): Buffer {
		this.close();
		const { position } = this;
		const fd = position && openToWriteIfThere(this.file, this.files);
		if (fd === undefined) {
			throw new StatError('store.lockTaken', {});
		}
		this.fd = fd;
		const { ino, size } = this.files.fstatSync(fd);
		if (ino !== position?.inode || size < position.offset) {
			throw new StatError('store.lockTaken', {});
		}
		const tail = Buffer.alloc(size - position.offset);
		if (tail.length > 0) {
			this.files.readSync(fd, tail, 0, tail.length, position.offset);
		}
		return tail;
	}

	/** Appends lines. They count once {@link keep} is called, and are durable after {@link sync}; {@link revert} removes them. */
	append(group: readonly Buffer[]): void {
		if (!this.position || this.fd === undefined) {
			throw new Error('stat.journal was not opened');
		}
		const bytes = Buffer.concat(group);
		for (let done = 0; done < bytes.length;) {
			done += this.files.writeSync(this.fd, bytes, done, bytes.length - done, this.position.offset + done);
		}
	}

	/**
	 * Makes all lines durable, also those of other processes. Needs no lock: a file that took this one's place was
	 * synced before it did.
	 */
	sync(): void {
		if (this.fd === undefined) {
			syncFile(this.file, this.files);
		} else {
			this.files.fdatasyncSync(this.fd);
		}
	}

	/** Closes the file that was appended to, which makes the lines visible to other machines. */
	closeAppended(): void {
		const { fd } = this;
		this.fd = undefined;
		if (fd !== undefined) {
			this.files.closeSync(fd);
		}
	}

	/** Adds the newline to the last record if nothing else of the record is missing. Must hold the lock. */
	endLastLine(fence: Fence): void {
		const fd = openToWriteIfThere(this.file, this.files);
		if (fd === undefined) {
			return;
		}
		try {
			fence.check();
			this.files.writeSync(fd, Buffer.from('\n'), 0, 1, this.files.fstatSync(fd).size);
			this.files.fdatasyncSync(fd);
		} finally {
			this.files.closeSync(fd);
		}
	}

	keep(group: readonly Buffer[]): void {
		for (const line of group) {
			this.passed({ at: this.bytes, bytes: line.subarray(0, -1), ended: true });
		}
	}

	/** Removes what follows the lines that count. */
	revert(): void {
		if (this.position && this.fd !== undefined) {
			this.files.ftruncateSync(this.fd, this.position.offset);
		}
	}

	/** Starts an empty journal, after a snapshot whose seq is the header's base. */
	start(header: Pick<JournalHeader, 'base' | 'generation' | 'texts'>, fence: Fence): void {
		const whole = newHeader({ ...header, schema: this.schema });
		const line = encodeLine(whole);
		this.replace([line], fence);
		const fd = openForReading(this.file, this.files);
		try {
			this.began(this.files.fstatSync(fd).ino, whole, line.subarray(0, -1));
		} finally {
			this.files.closeSync(fd);
		}
	}

	/**
	 * Replaces the file with a copy, so that a process which has it open writes where nobody reads. The file that has
	 * been written to so far is renamed to `aside` followed by its length. The copy names `texts` as the first text
	 * segment to write to.
	 */
	moveAway(aside: string, texts: number, fence: Fence): void {
		this.forget();
		const fd = openIfThere(this.file, this.files);
		if (fd === undefined) {
			return;
		}
		let bytes: Buffer;
		try {
			bytes = readAll(fd, this.files);
		} finally {
			this.files.closeSync(fd);
		}
		const end = bytes.indexOf(10);
		const header = end < 0 ? undefined : decodeHeader(bytes.subarray(0, end), this.schema);
		try {
			this.files.linkSync(this.file, `${aside}${bytes.length}`);
		} catch {
			// The disk has no hard links, so what the other process writes from now on is lost to it and to us.
		}
		this.replace(header ? [encodeLine({ ...header, texts }), bytes.subarray(end + 1)] : [bytes], fence);
	}

	close(): void {
		const { fd } = this;
		this.fd = undefined;
		closeSynced(fd, this.files);
	}

	private replace(chunks: readonly Uint8Array[], fence: Fence): void {
		replaceFile(this.file, chunks, this.files, fence);
		syncFolder(path.dirname(this.file), this.files);
		this.close();
	}

	private stillHolds(fd: number, { last, sum }: Position): boolean {
		const found = Buffer.alloc(8);
		return this.files.readSync(fd, found, 0, 8, last) === 8 && found.toString('latin1') === sum;
	}
}
