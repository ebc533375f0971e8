import * as fs from 'node:fs';
import path from 'node:path';
import type { JournalHeader, Line } from './journal.ts';
import { decodeHeader, encodeLine, lines, newHeader } from './journal.ts';
import { openForReading, openForWriting, replaceFile, syncFolder } from './projectFiles.ts';

/** How far this process has read the file. */
interface Position {
	readonly inode: number;
	/**
	 * The time of change when we last looked, which shows without opening the file that nothing happened: inode numbers
	 * are reused.
	 */
	changed: number;
	/** The byte after the last applied line. */
	offset: number;
	/** Start and checksum of that line: a process whose disk was full may have removed what we read. */
	last: number;
	sum: string;
}

const sumOf = (line: Buffer): string => line.toString('latin1', 0, 8);

/**
 * `stat.journal`, and how much of it this process has read. All methods are synchronous; a writer holds the project's
 * lock.
 */
export class JournalFile {
	private position: Position | undefined;
	private fd: { readonly fd: number; readonly inode: number } | undefined;

	constructor(
		readonly file: string,
		private readonly schema: number,
	) {}

	/** Bytes read and applied. */
	get bytes(): number {
		return this.position?.offset ?? 0;
	}

	/** Makes the next read start at the beginning. */
	forget(): void {
		this.position = undefined;
	}

	/** The header of the file as it is now; `undefined` if there is no file or its header is damaged. */
	header(): JournalHeader | undefined {
		if (!fs.existsSync(this.file)) {
			return undefined;
		}
		const fd = openForReading(this.file);
		try {
			const first = lines(fd, 0, fs.fstatSync(fd).size).next();
			return first.done ? undefined : decodeHeader(first.value.bytes, this.schema);
		} finally {
			fs.closeSync(fd);
		}
	}

	/** Records that a sound first line was read. */
	began(inode: number, first: Buffer): void {
		this.position = { inode, changed: 0, offset: first.length + 1, last: 0, sum: sumOf(first) };
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
	 * Passes what other processes have added to `read`. Returns 'other' if the file was replaced or lost what we had
	 * read.
	 */
	readNew(read: (fd: number, from: number, end: number) => void): 'read' | 'nothing' | 'other' {
		const stat = fs.statSync(this.file, { throwIfNoEntry: false });
		const { position } = this;
		if (!position) {
			return stat ? 'other' : 'nothing';
		}
		if (stat && stat.ino === position.inode && stat.size === position.offset && stat.ctimeMs === position.changed) {
			return 'nothing';
		}
		if (!stat || stat.ino !== position.inode || stat.size < position.offset) {
			return 'other';
		}
		const fd = openForReading(this.file);
		try {
			if (fs.fstatSync(fd).ino !== position.inode || !stillHolds(fd, position)) {
				return 'other';
			}
			read(fd, position.offset, stat.size);
			position.changed = stat.ctimeMs;
			return 'read';
		} finally {
			fs.closeSync(fd);
		}
	}

	/** Appends lines durably. They count once {@link keep} is called; {@link revert} removes them. */
	append(group: readonly Buffer[]): void {
		if (!this.position) {
			throw new Error('stat.journal was not read');
		}
		const fd = this.writable();
		const bytes = Buffer.concat(group);
		for (let done = 0; done < bytes.length;) {
			done += fs.writeSync(fd, bytes, done, bytes.length - done, this.position.offset + done);
		}
		fs.fdatasyncSync(fd);
	}

	keep(group: readonly Buffer[]): void {
		for (const line of group) {
			this.passed({ at: this.bytes, bytes: line.subarray(0, -1), ended: true });
		}
	}

	revert(): void {
		if (this.position) {
			fs.ftruncateSync(this.writable(), this.position.offset);
		}
	}

	/** Removes the partial line of a killed writer, which was never acknowledged. Returns its bytes. */
	cutTornTail(): number {
		if (!this.position) {
			return 0;
		}
		const fd = this.writable();
		const extra = Math.max(0, fs.fstatSync(fd).size - this.position.offset);
		if (extra > 0) {
			fs.ftruncateSync(fd, this.position.offset);
		}
		return extra;
	}

	/** Starts an empty journal after a snapshot with this seq. */
	start(seq: number): void {
		const line = encodeLine(newHeader(seq, this.schema));
		replaceFile(this.file, [line]);
		syncFolder(path.dirname(this.file));
		this.close();
		this.began(fs.statSync(this.file).ino, line.subarray(0, -1));
	}

	close(): void {
		if (this.fd) {
			fs.closeSync(this.fd.fd);
			this.fd = undefined;
		}
	}

	private writable(): number {
		const inode = this.position?.inode ?? -1;
		if (this.fd?.inode !== inode) {
			this.close();
			this.fd = { fd: openForWriting(this.file), inode };
		}
		return this.fd.fd;
	}
}

function stillHolds(fd: number, { last, sum }: Position): boolean {
	const found = Buffer.alloc(8);
	return fs.readSync(fd, found, 0, 8, last) === 8 && found.toString('latin1') === sum;
}
