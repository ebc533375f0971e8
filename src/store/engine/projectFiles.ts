import * as fs from 'node:fs';
import path from 'node:path';
import { StatError } from '../../core/errors/statError.ts';

const noFollow = fs.constants.O_NOFOLLOW ?? 0;

/** Opens a file of ours to read. A link is refused: a cloned project could aim it anywhere. */
export function openForReading(file: string): number {
	return openPlain(file, fs.constants.O_RDONLY);
}

/** Opens a file of ours to read and write, making it if need be. */
export function openForWriting(file: string): number {
	const isNew = !fs.existsSync(file);
	const fd = openPlain(file, fs.constants.O_RDWR | fs.constants.O_CREAT);
	if (isNew) {
		syncFolder(path.dirname(file));
	}
	return fd;
}

function openPlain(file: string, flags: number): number {
	// Looked at first as well: Windows has no O_NOFOLLOW.
	const there = fs.lstatSync(file, { throwIfNoEntry: false });
	if (there && !there.isFile()) {
		throw new StatError(there.isSymbolicLink() ? 'store.link' : 'store.notFile', { file });
	}
	return fs.openSync(file, flags | noFollow, 0o644);
}

/** Writes a file so that it is there in full or not at all. */
export function replaceFile(file: string, chunks: readonly Uint8Array[]): void {
	const temporary = `${file}.tmp`;
	fs.rmSync(temporary, { force: true });
	const fd = fs.openSync(temporary, fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL, 0o644);
	try {
		for (const chunk of chunks) {
			for (let done = 0; done < chunk.length;) {
				done += fs.writeSync(fd, chunk, done);
			}
		}
		fs.fsyncSync(fd);
	} catch (error) {
		// On a full disk the half-written copy would hold the last of the room.
		fs.rmSync(temporary, { force: true });
		throw error;
	} finally {
		fs.closeSync(fd);
	}
	fs.renameSync(temporary, file);
}

/** Makes `copy` another name of `file` (or a copy where the disk has no links); an older `copy` goes. */
export function keepCopy(file: string, copy: string): void {
	fs.rmSync(copy, { force: true });
	try {
		fs.linkSync(file, copy);
	} catch {
		fs.copyFileSync(file, copy, fs.constants.COPYFILE_EXCL);
	}
}

/** Makes renames in a folder durable. Windows cannot, and need not. */
export function syncFolder(folder: string): void {
	if (process.platform === 'win32') {
		return;
	}
	const fd = fs.openSync(folder, 'r');
	try {
		fs.fsyncSync(fd);
	} finally {
		fs.closeSync(fd);
	}
}

/** Refuses folders inside `.stat` that a link leads out of it. */
export function checkInside(folder: string, names: readonly string[]): void {
	const root = fs.realpathSync(folder);
	for (const name of names) {
		const inner = path.join(folder, name);
		if (!fs.lstatSync(inner, { throwIfNoEntry: false })) {
			continue;
		}
		let real: string;
		try {
			real = fs.realpathSync(inner);
		} catch {
			real = '';
		}
		if (!real.startsWith(root + path.sep)) {
			throw new StatError('store.outside', { name });
		}
	}
}

/** A file's bytes, or undefined when there is none. Links are not followed. */
export function readIfThere(file: string): Buffer | undefined {
	let fd: number;
	try {
		fd = openForReading(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}
		throw error;
	}
	try {
		return fs.readFileSync(fd);
	} finally {
		fs.closeSync(fd);
	}
}
