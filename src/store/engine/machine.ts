import * as fs from 'node:fs';
import * as os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the engine reads from a file's attributes. */
export interface FileState {
	readonly ino: number;
	readonly size: number;
	readonly mtimeMs: number;
	readonly ctimeMs: number;
	isFile(): boolean;
	isDirectory(): boolean;
	isSymbolicLink(): boolean;
}

/**
 * The file operations that the engine uses, as in node:fs. On a network file system, the results of `lstatSync` and
 * `readdirSync` may be a minute old; but opening a file looks its name up at the server, and renaming, linking and
 * unlinking happen there. Code that holds the lock therefore opens a file and examines the descriptor.
 */
export interface Files {
	openSync(file: string, flags: number, mode?: number): number;
	closeSync(fd: number): void;
	readSync(fd: number, into: Uint8Array, offset: number, length: number, position: number): number;
	writeSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
	fstatSync(fd: number): FileState;
	lstatSync(file: string, options: { throwIfNoEntry: false }): FileState | undefined;
	ftruncateSync(fd: number, length: number): void;
	fsyncSync(fd: number): void;
	fdatasyncSync(fd: number): void;
	renameSync(from: string, to: string): void;
	linkSync(from: string, to: string): void;
	unlinkSync(file: string): void;
	mkdirSync(folder: string): void;
	rmdirSync(folder: string): void;
	readdirSync(folder: string): string[];
	realpathSync(file: string): string;
}

/** Identifies a process among all machines, containers and boots that may open the project. */
export interface ProcessIdentity {
	readonly host: string;
	/** The kernel's boot id; empty if there is none. */
	readonly boot: string;
	/** The PID namespace, because a pid means nothing in a different one. Empty if there are none. */
	readonly namespace: string;
	readonly pid: number;
	/** When the process started, according to the kernel, because pids are reused. Empty if unknown. */
	readonly started: string;
}

/** What the engine runs on: files, clocks and processes. Tests and the simulation provide their own. */
export interface Machine {
	readonly files: Files;
	readonly self: ProcessIdentity;
	/** Wall clock in ms. It may be wrong and may jump. */
	now(): number;
	/** Monotonic clock of this machine, in ms. */
	monotonic(): number;
	sleep(ms: number): Promise<unknown>;
	/** Calls `work` after `ms`, without keeping the process alive. */
	later(ms: number, work: () => void): void;
	/** Whether the process is running. Valid only for processes of this machine, boot and PID namespace. */
	isAlive(pid: number, started: string): boolean;
}

export const realFiles: Files = fs;

export function realMachine(files: Files = realFiles): Machine {
	return {
		files,
		self: {
			host: os.hostname(),
			boot: read('/proc/sys/kernel/random/boot_id').replaceAll('-', ''),
			namespace: pidNamespace(),
			pid: process.pid,
			started: startTime(process.pid),
		},
		now: () => Date.now(),
		monotonic: () => performance.now(),
		sleep: (ms) => sleep(ms),
		later: (ms, work) => void setTimeout(work, ms).unref(),
		isAlive: (pid, started) => isRunning(pid) && (started === '' || startTime(pid) === started),
	};
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/**
 * Returns field 22 of /proc/PID/stat, or an empty string if there is no /proc. The name before it may contain spaces
 * and brackets.
 */
function startTime(pid: number): string {
	const stat = read(`/proc/${pid}/stat`);
	return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function pidNamespace(): string {
	try {
		return fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
	} catch {
		return '';
	}
}

function read(file: string): string {
	try {
		return fs.readFileSync(file, 'utf8').trim();
	} catch {
		return '';
	}
}
