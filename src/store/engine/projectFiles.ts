import * as fs from 'node:fs';
import path from 'node:path';
import { StatError } from '../../core/errors/statError.ts';
import type { Files } from './machine.ts';
import { realFiles } from './machine.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY, O_RDWR, O_WRONLY } = fs.constants;

/** Opens one of our files for reading. Refuses a symbolic link, because a cloned project could point it anywhere. */
export function openForReading(file: string, files = realFiles): number {
	return openPlain(file, O_RDONLY, files);
}

/** Does the same as {@link openForReading}, but returns `undefined` if there is no such file. */
export function openIfThere(file: string, files = realFiles, flags: number = O_RDONLY): number | undefined {
	try {
		return openPlain(file, flags, files);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return undefined;
		}
		throw error;
	}
}

/** Opens one of our files for reading and writing; returns `undefined` if there is none. */
export function openToWriteIfThere(file: string, files = realFiles): number | undefined {
	return openIfThere(file, files, O_RDWR);
}

/** Closes a file in which everything that counts has been synced, so that a failure does not matter. */
export function closeSynced(fd: number | undefined, files: Files): void {
	try {
		if (fd !== undefined) {
			files.closeSync(fd);
		}
	} catch {
		// The disk is away, or what was not synced cannot be written; nobody was told that it is stored.
	}
}

/** Makes one of our files durable, if it exists, whoever wrote to it. */
export function syncFile(file: string, files: Files): void {
	const fd = openToWriteIfThere(file, files);
	if (fd === undefined) {
		return;
	}
	try {
		files.fdatasyncSync(fd);
	} finally {
		files.closeSync(fd);
	}
}

/** Creates one of our files durably; returns `undefined` if something with that name already exists. */
export function createNew(file: string, files = realFiles): number | undefined {
	let fd: number;
	try {
		fd = files.openSync(file, O_RDWR | O_CREAT | O_EXCL, 0o644);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
			return undefined;
		}
		throw error;
	}
	syncFolder(path.dirname(file), files);
	return fd;
}

function openPlain(file: string, flags: number, files: Files): number {
	// We look first, because Windows has no O_NOFOLLOW, and because opening a pipe could wait forever.
	const there = files.lstatSync(file, { throwIfNoEntry: false });
	if (there && !there.isFile()) {
		throw new StatError(there.isSymbolicLink() ? 'store.link' : 'store.notFile', { file });
	}
	return files.openSync(file, flags | O_NOFOLLOW | O_NONBLOCK, 0o644);
}

/** Permission to change the project's files while the lock is held. */
export interface Fence {
	/**
	 * Part of the names of our temporary files. Whoever takes the lock from us deletes them by name, so that we cannot
	 * rename them into place.
	 */
	readonly store: string;
	/** Throws `store.lockTaken` if the lock is no longer ours. */
	check(): void;
}

/** Whether an error means that another process took the lock. */
export function isLockTaken(error: unknown): boolean {
	return error instanceof StatError && error.code === 'store.lockTaken';
}

/** For files that need no lock. */
export const unfenced: Fence = { store: '', check: () => undefined };

/** Writes a file so that it exists in full or does not exist. */
export function replaceFile(
	file: string,
	chunks: readonly Uint8Array[],
	files: Files = realFiles,
	fence: Fence = unfenced,
): void {
	const temporary = temporaryName(file, fence.store);
	removeIfThere(temporary, files);
	const fd = files.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o644);
	try {
		let at = 0;
		for (const chunk of chunks) {
			for (let done = 0; done < chunk.length;) {
				const written = files.writeSync(fd, chunk, done, chunk.length - done, at);
				done += written;
				at += written;
			}
		}
		files.fsyncSync(fd);
		// The file exists before the check, so whoever takes the lock after the check finds the file and deletes it.
		fence.check();
	} catch (error) {
		// On a full disk, the partial copy would occupy the last space.
		removeIfThere(temporary, files);
		throw error;
	} finally {
		files.closeSync(fd);
	}
	renameFenced(temporary, file, files, fence);
}

/** Renames our temporary file into place. If it is gone, the lock was taken. */
function renameFenced(temporary: string, file: string, files: Files, fence: Fence): void {
	try {
		files.renameSync(temporary, file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			fence.check();
		}
		throw error;
	}
}

/** Returns the name of the file that {@link replaceFile} and {@link keepCopy} write before they rename it to `file`. */
export function temporaryName(file: string, store: string): string {
	return store === '' ? `${file}.tmp` : `${file}.${store}.tmp`;
}

/** Makes `copy` another name for `file` (or a copy, if the disk has no hard links), replacing an older `copy`. */
export function keepCopy(file: string, copy: string, files: Files = realFiles, fence: Fence = unfenced): void {
	const temporary = temporaryName(copy, fence.store);
	removeIfThere(temporary, files);
	try {
		files.linkSync(file, temporary);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return;
		}
		replaceFile(copy, [readIfThere(file, files) ?? Buffer.alloc(0)], files, fence);
		return;
	}
	renameFenced(temporary, copy, files, fence);
	// A rename between two names of the same file does nothing.
	removeIfThere(temporary, files);
}

export function removeIfThere(file: string, files: Files = realFiles): void {
	try {
		files.unlinkSync(file);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
			throw error;
		}
	}
}

/** Makes renames in a folder durable. Windows cannot do that and does not need it. */
export function syncFolder(folder: string, files = realFiles): void {
	if (process.platform === 'win32') {
		return;
	}
	const fd = files.openSync(folder, O_RDONLY);
	try {
		files.fsyncSync(fd);
	} finally {
		files.closeSync(fd);
	}
}

/** Refuses folders inside `.stat` that are links to somewhere outside. */
export function checkInside(folder: string, names: readonly string[], files = realFiles): void {
	const root = files.realpathSync(folder);
	for (const name of names) {
		const inner = path.join(folder, name);
		if (!files.lstatSync(inner, { throwIfNoEntry: false })) {
			continue;
		}
		let real: string;
		try {
			real = files.realpathSync(inner);
		} catch {
			real = '';
		}
		if (!real.startsWith(root + path.sep)) {
			throw new StatError('store.outside', { name });
		}
	}
}

/** Returns a file's bytes, or `undefined` if it does not exist. Does not follow links. */
export function readIfThere(file: string, files: Files = realFiles): Buffer | undefined {
	const fd = openIfThere(file, files);
	if (fd === undefined) {
		return undefined;
	}
	try {
		return readAll(fd, files);
	} finally {
		files.closeSync(fd);
	}
}

/** Returns the bytes of an open file from its start. */
export function readAll(fd: number, files: Files = realFiles): Buffer {
	const bytes = Buffer.allocUnsafe(files.fstatSync(fd).size);
	let done = 0;
	while (done < bytes.length) {
		const got = files.readSync(fd, bytes, done, bytes.length - done, done);
		if (got === 0) {
			break;
		}
		done += got;
	}
	return bytes.subarray(0, done);
}
