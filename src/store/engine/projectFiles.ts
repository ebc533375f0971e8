import * as fs from 'node:fs';
import path from 'node:path';
import { StatError } from '../../core/errors/statError.ts';

const noFollow = fs.constants.O_NOFOLLOW ?? 0;

/** Opens one of our files to read. A symbolic link is refused: a cloned project could point it anywhere. */
export function openForReading(file: string): number {
	return openPlain(file, fs.constants.O_RDONLY);
}

/** Opens one of our files to read and write, and creates it if necessary. */
export function openForWriting(file: string): number {
	const isNew = !fs.existsSync(file);
	const fd = openPlain(file, fs.constants.O_RDWR | fs.constants.O_CREAT);
	if (isNew) {
		syncFolder(path.dirname(file));
	}
	return fd;
}

function openPlain(file: string, flags: number): number {
	// Windows has no O_NOFOLLOW, so we look first.
	const there = fs.lstatSync(file, { throwIfNoEntry: false });
	if (there && !there.isFile()) {
		throw new StatError(there.isSymbolicLink() ? 'store.link' : 'store.notFile', { file });
	}
	return fs.openSync(file, flags | noFollow, 0o644);
}

/** Writes a file so that it exists in full or not at all. */
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
		// On a full disk the partial copy would take the last space.
		fs.rmSync(temporary, { force: true });
		throw error;
	} finally {
		fs.closeSync(fd);
	}
	fs.renameSync(temporary, file);
}

/** Makes `copy` another name of `file` (or a copy if the disk has no hard links), replacing an older `copy`. */
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

/** Refuses folders inside `.stat` that are links to the outside. */
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

/** Returns a file's bytes, or undefined if it does not exist. Does not follow links. */
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
