import { messageOf, StatError } from './statError.ts';

const reasons: Readonly<Record<string, string>> = {
	ENOENT: 'no such file',
	EACCES: 'not readable or writable by you (permission denied)',
	EPERM: 'not readable or writable by you (not permitted)',
	EISDIR: 'is a folder; a file is expected here',
	ENOTDIR: 'a part of this path is a file, not a folder',
	ELOOP: 'its links lead in a circle',
	EIO: 'the disk fails to read or write it',
	EMFILE: 'too many files are open',
	ENOSPC: 'the disk is full; nothing was left half-written',
	EDQUOT: 'the disk is full: your quota is used up; nothing was left half-written',
	EFBIG: 'the disk is full, or the file too large for it; nothing was left half-written',
	EROFS: 'the file system is read-only',
	ENAMETOOLONG: 'the name is too long',
};

/** Describes a file system error in one line that names the file. */
export function fileError(file: string, error: unknown): StatError {
	return new StatError('file.failed', { file, reason: fileReason(error) }, { cause: error });
}

/** Returns the part of {@link fileError} after the file name. */
export function fileReason(error: unknown): string {
	return reasons[String((error as NodeError).code)] ?? messageOf(error);
}

/** Describes an unexpected file system error as {@link fileError} does; returns any other error unchanged. */
export function explained(error: unknown): unknown {
	const { path, syscall } = error instanceof Error ? (error as NodeError) : {};
	return typeof path === 'string' && typeof syscall === 'string' ? fileError(path, error) : error;
}

interface NodeError {
	readonly code?: unknown;
	readonly path?: unknown;
	readonly syscall?: unknown;
}
