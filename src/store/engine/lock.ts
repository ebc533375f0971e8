import * as fs from 'node:fs';
import path from 'node:path';
import { StatError } from '../../core/errors/statError.ts';
import type { Hold } from './heldEntry.ts';
import { codeOf, holdEntry, newEntryMemory, nextCount } from './heldEntry.ts';
import type { LockEntry } from './lockEntry.ts';
import { entryName, isSameMachine, maxDebts, parseEntryName } from './lockEntry.ts';
import type { Files, Machine } from './machine.ts';
import { openForReading } from './projectFiles.ts';

/** Time in ms for which another machine's lock must remain unchanged, by our monotonic clock, before it is taken. */
export const expiresAfter = 60_000;
/** What a waiting process sees. */
type Seen =
	| { readonly kind: 'free' }
	| { readonly kind: 'held'; readonly name: string; readonly entry: LockEntry | undefined }
	/** A lock of STAT Studio 0.1, which is a file. */
	| { readonly kind: 'old'; readonly name: string; readonly holder: OldHolder | undefined };

/** A folder that is ready to be renamed to the lock. */
interface Prepared {
	readonly own: string;
	readonly entry: LockEntry;
}

interface Attempt {
	prepared: Prepared | undefined;
}

interface OldHolder {
	readonly token: string;
	readonly host: string;
	readonly pid: number;
	readonly started?: string;
	readonly boot?: string;
	readonly at?: string;
}

/** Represents, in the debts, a holder whose name does not have our format. */
const unknownStore = '0'.repeat(12);

/**
 * A project's lock. It is held for one operation only, so that a command line and an editor can work side by side, even
 * on two machines.
 *
 * The lock is the folder `.stat/lock`. It is free if the folder is missing or empty; otherwise its only file names the
 * holder. To take the lock, a prepared folder is renamed into place, which fails unless the lock is free. The holder
 * renews the lock by renaming its file, and releases it by deleting the file. Whoever takes the lock from a dead or
 * silent holder renames that holder's file to its own name. No name occurs twice, so the file server carries out each
 * of these operations for exactly one process. A holder whose lock was taken therefore finds out at its next renewal or
 * release, however long it was stopped.
 */
export class Lock {
	private readonly folder: string;
	private readonly place: string;
	private readonly waiting: string;
	private readonly store: string;
	private readonly machine: Machine;
	private readonly files: Files;
	private readonly memory: Int32Array;

	/** `store` (12 hex digits) identifies the store, because two stores in one process are two holders. */
	constructor(folder: string, store: string, machine: Machine, memory: Int32Array = newEntryMemory()) {
		this.folder = folder;
		this.place = path.join(folder, 'lock');
		this.waiting = path.join(folder, 'lock.waiting');
		this.store = store;
		this.machine = machine;
		this.files = machine.files;
		this.memory = memory;
	}

	/**
	 * Waits up to `patience` ms, then throws `store.locked`, which names the holder. Waits longer for a holder on
	 * another machine that has not changed its entry since we first looked: until the entry changes or the lock
	 * expires.
	 */
	async acquire(patience: number): Promise<Hold> {
		if (this.isWaitedFor()) {
			// We have just held the lock, so we let the other process in.
			await this.machine.sleep(20 + Math.random() * 20);
		}
		const begun = this.machine.monotonic();
		let watched: { readonly name: string; readonly since: number } | undefined;
		let hasMoved = false;
		let announced = Number.NEGATIVE_INFINITY;
		const attempt: Attempt = { prepared: undefined };
		try {
			for (;;) {
				const taken = this.take(attempt);
				if (taken) {
					return taken;
				}
				const seen = this.look(watched === undefined);
				const now = this.machine.monotonic();
				if (seen.kind === 'free') {
					watched = undefined;
				} else if (watched?.name !== seen.name) {
					hasMoved ||= watched !== undefined;
					watched = { name: seen.name, since: now };
				}
				const stillFor = watched ? now - watched.since : 0;
				const stolen = this.takeFromTheDead(seen, stillFor);
				if (stolen) {
					return stolen;
				}
				if (now - begun > patience && (hasMoved || seen.kind === 'free' || !this.mayExpire(seen))) {
					throw this.lockedError(seen);
				}
				if (stillFor < 500 && now - announced > 10) {
					announced = now;
					this.announceWaiting();
				}
				// The longer the lock has been held, the longer it will probably remain held.
				await this.machine.sleep((1 + Math.random() * 6) * Math.max(1, Math.min(250, stillFor / 20)));
			}
		} finally {
			this.discard(attempt);
		}
	}

	/** Removes the empty folder that a released lock leaves behind; fails, harmlessly, if somebody holds the lock. */
	close(): void {
		try {
			this.files.rmdirSync(this.place);
		} catch {
			// The lock is held, or the folder does not exist.
		}
	}

	/** Moves a folder with our name into place; returns `undefined` if the lock is not free. */
	private take(attempt: Attempt): Hold | undefined {
		attempt.prepared ??= this.prepare();
		const { own, entry } = attempt.prepared;
		try {
			this.files.renameSync(own, this.place);
		} catch (error) {
			const code = codeOf(error);
			if (code === 'ENOENT') {
				attempt.prepared = undefined;
				return undefined;
			}
			if (busyCodes.has(code)) {
				return undefined;
			}
			throw error;
		}
		attempt.prepared = undefined;
		return this.hold(entry);
	}

	private prepare(): Prepared {
		const entry = this.newEntry([]);
		const own = path.join(this.folder, `lock.${this.store}-${entry.count}.tmp`);
		this.files.mkdirSync(own);
		const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL;
		this.files.closeSync(this.files.openSync(path.join(own, entryName(entry)), flags, 0o644));
		return { own, entry };
	}

	private discard({ prepared }: Attempt): void {
		if (!prepared) {
			return;
		}
		try {
			this.files.unlinkSync(path.join(prepared.own, entryName(prepared.entry)));
			this.files.rmdirSync(prepared.own);
		} catch {
			// A later opening tidies up.
		}
	}

	private newEntry(owes: readonly string[]): LockEntry {
		return { ...this.machine.self, store: this.store, count: nextCount(this.memory), owes };
	}

	/** `mayBeLink`: we have not yet seen the lock itself. */
	private look(mayBeLink: boolean): Seen {
		if (mayBeLink && this.files.lstatSync(this.place, { throwIfNoEntry: false })?.isSymbolicLink()) {
			throw new StatError('store.link', { file: this.place });
		}
		let names: string[];
		try {
			names = this.files.readdirSync(this.place);
		} catch (error) {
			const code = codeOf(error);
			if (code === 'ENOENT') {
				return { kind: 'free' };
			}
			if (code === 'ENOTDIR') {
				return this.lookAtOldLock();
			}
			throw error;
		}
		const entries = names.filter((name) => !name.startsWith('.'));
		const [name] = entries;
		if (name === undefined) {
			this.clear(names);
			return { kind: 'free' };
		}
		if (entries.length > 1) {
			throw new StatError('store.lockFailed', { file: this.place });
		}
		return { kind: 'held', name, entry: parseEntryName(name) };
	}

	/**
	 * Removes hidden files that a desktop left in a free lock, and the empty folder, onto which Windows cannot rename.
	 */
	private clear(hidden: readonly string[]): void {
		try {
			for (const name of hidden) {
				this.files.unlinkSync(path.join(this.place, name));
			}
			if (process.platform === 'win32') {
				this.files.rmdirSync(this.place);
			}
		} catch {
			// Another process was quicker.
		}
	}

	private lookAtOldLock(): Seen {
		let fd: number;
		try {
			fd = openForReading(this.place, this.files);
		} catch (error) {
			if (['ENOENT', 'EISDIR'].includes(codeOf(error))) {
				return { kind: 'free' };
			}
			throw error;
		}
		try {
			const { size, mtimeMs } = this.files.fstatSync(fd);
			const bytes = Buffer.alloc(Math.min(4096, size));
			this.files.readSync(fd, bytes, 0, bytes.length, 0);
			const holder = parseOldHolder(bytes.toString('utf8'));
			// A store of 0.1 has one token for life. It writes the time at which it takes the lock, and touches the file.
			return { kind: 'old', name: [holder?.token, holder?.at, mtimeMs].join(' '), holder };
		} finally {
			this.files.closeSync(fd);
		}
	}

	private takeFromTheDead(seen: Seen, stillFor: number): Hold | undefined {
		if (seen.kind === 'old' && stillFor >= expiresAfter && this.mayExpire(seen)) {
			try {
				// This fails on a folder, so the lock of a process of this version is never removed here.
				this.files.unlinkSync(this.place);
			} catch {
				// Another process was quicker.
			}
			return undefined;
		}
		if (seen.kind !== 'held') {
			return undefined;
		}
		const { entry } = seen;
		if (entry && this.isDead(entry)) {
			// What the dead process wrote is in the files, and it writes no more. Nothing needs to be fenced off except
			// the debts that it had itself.
			return this.takeFrom(seen.name, entry.owes);
		}
		return stillFor >= expiresAfter && this.mayExpire(seen)
			? this.takeFrom(seen.name, [...(entry?.owes ?? []), entry?.store ?? unknownStore])
			: undefined;
	}

	private isDead(entry: LockEntry): boolean {
		const { self } = this.machine;
		// The lock is our own: a release failed, and we no longer hold it.
		return (
			entry.store === '' ||
			entry.store === this.store ||
			(isSameMachine(entry, self) && !this.machine.isAlive(entry.pid, entry.started))
		);
	}

	/** Only the lock of another machine expires: a process on this machine that is stopped may continue at any time. */
	private mayExpire(seen: Seen): boolean {
		if (seen.kind === 'old') {
			return !(seen.holder && this.isAliveHere(seen.holder));
		}
		return seen.kind === 'held' && !(seen.entry && isSameMachine(seen.entry, this.machine.self));
	}

	private isAliveHere({ host, boot, pid, started }: OldHolder): boolean {
		const { self } = this.machine;
		const isHere = host === self.host && boot?.replaceAll('-', '') === self.boot;
		return isHere && this.machine.isAlive(pid, started ?? '');
	}

	private takeFrom(name: string, owes: readonly string[]): Hold | undefined {
		const debts = [...new Set(owes)];
		if (debts.length > maxDebts) {
			throw new StatError('store.lockFailed', { file: this.place });
		}
		const entry = this.newEntry(debts);
		try {
			this.files.renameSync(path.join(this.place, name), path.join(this.place, entryName(entry)));
		} catch (error) {
			if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
				return undefined;
			}
			throw error;
		}
		return this.hold(entry);
	}

	private hold(entry: LockEntry): Hold {
		return holdEntry(this.place, entry, this.memory, this.files);
	}

	private lockedError(seen: Seen): StatError {
		const holder = holderOf(seen);
		if (!holder) {
			return new StatError('store.lockFailed', { file: this.place });
		}
		const file = seen.kind === 'held' ? path.join(this.place, seen.name) : this.place;
		const since = this.files.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? this.machine.now();
		return new StatError('store.locked', {
			pid: holder.pid,
			host: holder.host,
			since: new Date(since).toISOString(),
		});
	}

	/** Creates a new file each time, so that a symbolic link in its place is never written through. */
	private announceWaiting(): void {
		try {
			this.files.unlinkSync(this.waiting);
		} catch {
			// Another waiting process was faster.
		}
		try {
			const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL;
			this.files.closeSync(this.files.openSync(this.waiting, flags, 0o644));
		} catch {
			// Another waiting process was faster.
		}
	}

	private isWaitedFor(): boolean {
		const stat = this.files.lstatSync(this.waiting, { throwIfNoEntry: false });
		return stat !== undefined && Math.abs(this.machine.now() - stat.mtimeMs) < 30;
	}
}

/** Error codes of a rename onto a held lock. The lock of 0.1 is a file. Windows refuses to rename onto any folder. */
const busyCodes: ReadonlySet<string> = new Set([
	'ENOTEMPTY',
	'EEXIST',
	'ENOTDIR',
	...(process.platform === 'win32' ? ['EPERM', 'EACCES', 'EBUSY'] : []),
]);

function parseOldHolder(text: string): OldHolder | undefined {
	try {
		const value = JSON.parse(text) as Partial<OldHolder> | null;
		return value &&
			typeof value.token === 'string' &&
			typeof value.host === 'string' &&
			Number.isSafeInteger(value.pid)
			? (value as OldHolder)
			: undefined;
	} catch {
		return undefined;
	}
}

function holderOf(seen: Seen): LockEntry | OldHolder | undefined {
	switch (seen.kind) {
		case 'held':
			return seen.entry;
		case 'old':
			return seen.holder;
		default:
			return undefined;
	}
}
