import * as fs from 'node:fs';
import type { FileState, Files } from '../../src/store/engine/machine.ts';
import type { CallResult } from './channel.ts';
import type { Attributes } from './sharedDisk.ts';

export type Ask = (name: string, args: readonly unknown[], bytes?: Uint8Array) => { result: CallResult; bytes: Buffer };

/** The part of node:fs that 0.1 and the current engine use, answered by the simulation. */
export interface SimulatedFiles extends Files {
	existsSync(file: string): boolean;
	statSync(file: string, options?: unknown): FileState | undefined;
	readFileSync(file: string | number, encoding?: string): Buffer | string;
	writeFileSync(file: string, text: string, options?: { readonly flag?: string }): void;
	rmSync(file: string, options?: unknown): void;
	copyFileSync(from: string, to: string): void;
	utimesSync(file: string, access: Date, modified: Date): void;
	watch(): never;
	readonly constants: typeof fs.constants;
}

const { O_CREAT, O_EXCL, O_TRUNC } = fs.constants;

export function simulatedFiles(ask: Ask): SimulatedFiles {
	const value = (name: string, args: readonly unknown[], bytes?: Uint8Array): unknown => {
		const { result } = ask(name, args, bytes);
		if (result.error) {
			throw Object.assign(new Error(result.error.message), {
				code: result.error.code,
				syscall: name,
				path: String(args[0]),
			});
		}
		return result.value;
	};
	const state = (found: unknown): FileState | undefined => {
		const attributes = found as Attributes | null;
		return attributes
			? {
					...attributes,
					isFile: () => attributes.kind === 'file',
					isDirectory: () => attributes.kind === 'folder',
					isSymbolicLink: () => false,
				}
			: undefined;
	};
	const files: SimulatedFiles = {
		constants: fs.constants,
		openSync(file, flags) {
			const bits =
				typeof flags === 'number'
					? flags
					: ({ r: 0, wx: O_CREAT | O_EXCL, w: O_CREAT | O_TRUNC }[String(flags)] ?? 0);
			const fd = Number(value('open', [file, (bits & O_CREAT) !== 0, (bits & O_EXCL) !== 0]));
			if (bits & O_TRUNC) {
				files.ftruncateSync(fd, 0);
			}
			return fd;
		},
		closeSync: (fd) => void value('close', [fd]),
		readSync(fd, into, offset, length, position) {
			const { result, bytes } = ask('read', [fd, length, position]);
			if (result.error) {
				throw Object.assign(new Error(result.error.message), { code: result.error.code });
			}
			into.set(bytes, offset);
			return bytes.length;
		},
		writeSync(fd, bytes, offset = 0, length = bytes.length - offset, position) {
			return Number(value('write', [fd, position ?? null], bytes.subarray(offset, offset + length)));
		},
		fstatSync: (fd) => state(value('fstat', [fd])) as FileState,
		lstatSync: (file) => state(value('lstat', [file])),
		ftruncateSync: (fd, length) => void value('truncate', [fd, length]),
		fsyncSync: (fd) => void value('sync', [fd]),
		fdatasyncSync: (fd) => void value('sync', [fd]),
		renameSync: (from, to) => void value('rename', [from, to]),
		linkSync: (from, to) => void value('link', [from, to]),
		unlinkSync: (file) => void value('unlink', [file]),
		mkdirSync(folder: string, options?: { readonly recursive?: boolean }) {
			try {
				value('mkdir', [folder]);
			} catch (error) {
				if (!options?.recursive || (error as NodeJS.ErrnoException).code !== 'EEXIST') {
					throw error;
				}
			}
		},
		rmdirSync: (folder) => void value('rmdir', [folder]),
		readdirSync: (folder) => value('list', [folder]) as string[],
		realpathSync: (file) => file,
		existsSync: (file) => files.lstatSync(file, { throwIfNoEntry: false }) !== undefined,
		statSync: (file) => files.lstatSync(file, { throwIfNoEntry: false }),
		readFileSync(file, encoding) {
			const fd = typeof file === 'number' ? file : files.openSync(file, 0);
			try {
				const bytes = Buffer.alloc(files.fstatSync(fd).size);
				const got = files.readSync(fd, bytes, 0, bytes.length, 0);
				return encoding ? bytes.toString('utf8', 0, got) : bytes.subarray(0, got);
			} finally {
				if (typeof file !== 'number') {
					files.closeSync(fd);
				}
			}
		},
		writeFileSync(file, text, options) {
			const fd = files.openSync(file, O_CREAT | (options?.flag === 'wx' ? O_EXCL : O_TRUNC));
			try {
				if (text.length > 0) {
					files.writeSync(fd, Buffer.from(text), 0, Buffer.byteLength(text), 0);
				}
			} finally {
				files.closeSync(fd);
			}
		},
		rmSync(file) {
			try {
				files.unlinkSync(file);
			} catch (error) {
				if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
					throw error;
				}
			}
		},
		copyFileSync(from, to) {
			files.writeFileSync(to, String(files.readFileSync(from, 'latin1')));
		},
		utimesSync: (file) => void value('touch', [file]),
		watch() {
			throw new Error('nothing is watched here');
		},
	};
	return files;
}
