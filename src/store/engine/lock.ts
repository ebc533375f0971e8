import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StatError } from '../../core/errors/statError.ts';

/** The process that holds the lock, identified by host, boot, pid and start time. */
interface Holder {
	readonly token: string;
	readonly host: string;
	readonly pid: number;
	readonly started: string;
	readonly boot: string;
	readonly at: string;
}

const otherHostExpires = 60_000;
const guardExpires = 10_000;

/** A project's lock. It is held for one operation only, so that a command line and an editor can work side by side. */
export class Lock {
	private readonly file: string;
	private readonly guard: string;
	private readonly waiting: string;
	private readonly token: string;
	private count = 0;

	/** `token` identifies the store: two stores in one process are two holders. */
	constructor(folder: string, token: string) {
		this.file = path.join(folder, 'lock');
		this.guard = path.join(folder, 'lock.guard');
		this.waiting = path.join(folder, 'lock.waiting');
		this.token = token;
	}

	/** Waits up to `patience` ms, then throws a `locked` StatError that names the holder. Returns the release. */
	async acquire(patience: number): Promise<() => void> {
		const deadline = Date.now() + patience;
		if (this.isWaitedFor()) {
			// We held the lock last, so we let the other process in.
			await sleep(20 + Math.random() * 20);
		}
		for (;;) {
			if (this.take()) {
				return () => this.release();
			}
			this.takeFromTheDead();
			if (Date.now() > deadline) {
				const holder = readHolder(this.file);
				throw holder
					? new StatError('store.locked', { pid: holder.pid, host: holder.host, since: holder.at })
					: new StatError('store.lockFailed', { file: this.file });
			}
			this.sayWaiting();
			await sleep(1 + Math.random() * 6);
		}
	}

	/** Shows that the holder is alive to machines that cannot see its pid. */
	touch(): void {
		const now = new Date();
		fs.utimesSync(this.file, now, now);
	}

	private take(): boolean {
		const holder: Holder = {
			token: this.token,
			host: os.hostname(),
			pid: process.pid,
			started: startTime(process.pid),
			boot: bootId(),
			at: new Date().toISOString(),
		};
		const own = `${this.file}.${process.pid}-${this.token.slice(0, 8)}-${this.count++}.tmp`;
		if (fs.existsSync(this.file)) {
			return false;
		}
		// The lock is written apart and linked into place, so it is never seen without its holder.
		fs.writeFileSync(own, JSON.stringify(holder), { flag: 'wx' });
		try {
			fs.linkSync(own, this.file);
			return true;
		} catch (error) {
			const code = (error as NodeJS.ErrnoException).code;
			if (code === 'EEXIST') {
				return false;
			}
			return this.takeWithoutLinks(JSON.stringify(holder));
		} finally {
			fs.rmSync(own, { force: true });
		}
	}

	/** For file systems without hard links (exFAT, some network ones). */
	private takeWithoutLinks(text: string): boolean {
		try {
			fs.writeFileSync(this.file, text, { flag: 'wx' });
			return true;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
				return false;
			}
			throw error;
		}
	}

	private release(): void {
		if (readHolder(this.file)?.token === this.token) {
			fs.rmSync(this.file, { force: true });
		}
	}

	/**
	 * Removes a dead process's lock. A guard admits one process at a time, since two could each remove the other's new
	 * lock.
	 */
	private takeFromTheDead(): void {
		if (!this.isDead()) {
			return;
		}
		try {
			fs.writeFileSync(this.guard, '', { flag: 'wx' });
		} catch {
			const age = Date.now() - (fs.statSync(this.guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
			if (age > guardExpires) {
				fs.rmSync(this.guard, { force: true });
			}
			return;
		}
		try {
			if (this.isDead()) {
				fs.rmSync(this.file, { force: true });
			}
		} finally {
			fs.rmSync(this.guard, { force: true });
		}
	}

	private isDead(): boolean {
		const holder = readHolder(this.file);
		const stat = fs.statSync(this.file, { throwIfNoEntry: false });
		if (!stat) {
			return false;
		}
		if (!holder) {
			return Date.now() - stat.mtimeMs > guardExpires;
		}
		if (holder.host !== os.hostname()) {
			return Date.now() - stat.mtimeMs > otherHostExpires;
		}
		return holder.boot !== bootId() || !isAlive(holder.pid) || startTime(holder.pid) !== holder.started;
	}

	/** Creates a new file each time, so that a symbolic link in its place is never written through. */
	private sayWaiting(): void {
		try {
			fs.rmSync(this.waiting, { force: true });
			fs.writeFileSync(this.waiting, '', { flag: 'wx' });
		} catch {
			// Another waiting process was faster.
		}
	}

	private isWaitedFor(): boolean {
		const stat = fs.statSync(this.waiting, { throwIfNoEntry: false });
		return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < 30;
	}
}

/** Removes the lock of a store whose worker died while this process lives on. */
export function releaseAfterCrash(folder: string, token: string): void {
	const file = path.join(folder, 'lock');
	if (readHolder(file)?.token === token) {
		fs.rmSync(file, { force: true });
	}
}

function readHolder(file: string): Holder | undefined {
	try {
		const value = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Holder> | null;
		return value &&
			typeof value.token === 'string' &&
			typeof value.host === 'string' &&
			Number.isSafeInteger(value.pid)
			? ({ started: '', boot: '', at: '', ...value } as Holder)
			: undefined;
	} catch {
		return undefined;
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}

/** Returns field 22 of /proc/PID/stat, or '' without /proc. The name before it may contain spaces and brackets. */
function startTime(pid: number): string {
	try {
		const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
		return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
	} catch {
		return '';
	}
}

let boot: string | undefined;
function bootId(): string {
	if (boot === undefined) {
		try {
			boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
		} catch {
			boot = '';
		}
	}
	return boot;
}
