import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import type { Claim } from '../../core/ports/teacher.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Hold } from './heldEntry.ts';
import { codeOf, holdEntry, nextCount } from './heldEntry.ts';
import type { LockEntry } from './lockEntry.ts';
import { entryName, isSameMachine, parseEntryName } from './lockEntry.ts';
import { expiresAfter } from './lock.ts';
import type { Machine } from './machine.ts';
import { openIfThere, removeIfThere } from './projectFiles.ts';

/** The folder of the claims inside `.stat`. */
export const claimsFolder = 'lock.claims';
/** Number of characters of a reply's key that are written down. */
const keyLength = 20;
/** Size in bytes from which a ledger that is mostly outdated is written anew, and beyond which it is not read. */
const rewriteFrom = 1 << 20;
const largest = 1 << 26;

interface Holder {
	readonly store: string;
	/** Tells the runs of one store apart. */
	readonly owner: number;
}

/**
 * Who is about to pay for which replies. All claims of a project are in one file, the ledger, to which every store
 * appends; it is read without the lock and written under it, so that two stores never claim the same key. A store that
 * has claims also has an entry beside the ledger, which is renamed by its heartbeat like the lock's.
 *
 * The ledger's lines: `= ENTRY` introduces a store, `+ STORE OWNER KEY…` claims, `- STORE OWNER KEY…` releases, and `x
 * STORE` ends a store with all its claims. Nothing is synced: claims need not survive a power failure.
 */
export class Claims {
	private readonly place: string;
	private readonly ledger: string;
	private generation = '';
	private readTo = 0;
	private holders = new Map<string, Holder>();
	private stores = new Map<string, LockEntry>();
	/** What this store's runs hold. */
	private readonly own = new Map<number, Set<string>>();
	private readonly released = new Map<number, string[]>();
	private presence: { readonly entry: LockEntry; readonly hold: Hold } | undefined;
	/** Since when the entries of other machines' stores have not changed, by the monotonic clock. */
	private readonly watched = new Map<string, { readonly name: string | undefined; readonly since: number }>();
	/** Stores of other machines whose entry stood still until it expired, by that entry's name. */
	private readonly expired = new Map<string, string>();

	constructor(
		folder: string,
		private readonly store: string,
		private readonly machine: Machine,
		private readonly memory: Int32Array,
	) {
		this.place = path.join(folder, claimsFolder);
		this.ledger = path.join(this.place, 'ledger');
	}

	/**
	 * Returns who holds each key, `undefined` where nobody alive does. Needs no lock, so the answer may be outdated at
	 * once; a key that nobody holds is to be claimed by {@link take}.
	 */
	look(keys: readonly string[], owner: number): (Claim | undefined)[] {
		this.refresh();
		const isAlive = this.liveness();
		return keys.map((key) => this.claimOf(key.slice(0, keyLength), owner, isAlive));
	}

	/** Claims every key that nobody alive holds. Call it under the project's lock. */
	take(keys: readonly string[], owner: number): Claim[] {
		this.refresh();
		const lines = this.appear();
		const isAlive = this.liveness();
		const own = this.own.get(owner) ?? new Set();
		this.own.set(owner, own);
		const taken: string[] = [];
		lines.push(...this.releases());
		const answers = keys.map((key): Claim => {
			const short = key.slice(0, keyLength);
			const claim = this.claimOf(short, owner, isAlive);
			if (claim) {
				return claim;
			}
			const holder = this.holders.get(short);
			if (holder && holder.store !== this.store) {
				lines.push(...this.bury(holder.store));
			}
			taken.push(short);
			this.holders.set(short, { store: this.store, owner });
			own.add(short);
			return { state: 'ours' };
		});
		if (taken.length > 0) {
			lines.push(`+ ${this.store} ${owner} ${taken.join(' ')}`);
		}
		this.append(lines);
		return answers;
	}

	/** Notes that a run needs these keys no longer. Others see it after the next {@link take} or {@link flush}. */
	release(keys: readonly string[], owner: number): void {
		const own = this.own.get(owner);
		const released = this.released.get(owner) ?? [];
		this.released.set(owner, released);
		for (const key of keys) {
			const short = key.slice(0, keyLength);
			if (own?.delete(short) === true) {
				released.push(short);
			}
		}
	}

	/** Releases whatever a run still holds. */
	end(owner: number): void {
		this.release([...(this.own.get(owner) ?? [])], owner);
		this.own.delete(owner);
	}

	get hasReleases(): boolean {
		return [...this.released.values()].some((keys) => keys.length > 0);
	}

	/** Tells others what was released. Call it under the project's lock. */
	flush(): void {
		if (this.presence?.hold.renew() === true) {
			this.refresh();
			this.append(this.releases());
		}
	}

	/** Whether this store has claimed anything, so that {@link leave} is due. */
	get isPresent(): boolean {
		return this.presence !== undefined;
	}

	/** Gives up all claims of this store. Call it under the project's lock. */
	leave(): void {
		const { files } = this.machine;
		this.refresh();
		const lines = [...this.buryDead(), ...this.bury(this.store)];
		this.vanish();
		if (this.holders.size > 0) {
			this.append(lines);
			return;
		}
		removeIfThere(this.ledger, files);
		try {
			files.rmdirSync(this.place);
		} catch {
			// Other stores are about to claim.
		}
	}

	/** Gives up all claims without the lock: on this machine, a store without an entry is over. */
	vanish(): void {
		this.presence?.hold.release();
		this.presence = undefined;
	}

	private claimOf(key: string, owner: number, isAlive: (store: string) => boolean): Claim | undefined {
		const holder = this.holders.get(key);
		if (!holder || (holder.store === this.store && holder.owner === owner) || !isAlive(holder.store)) {
			return undefined;
		}
		const { pid, host } = this.stores.get(holder.store) ?? this.machine.self;
		return { state: 'theirs', by: holder.store === this.store ? null : { pid, host } };
	}

	/**
	 * Makes this store's entry, or renews it. If it is gone, others took this store for dead, and its claims are void.
	 * Returns what the ledger does not show yet.
	 */
	private appear(): string[] {
		if (this.presence?.hold.renew() === true) {
			// A ledger without claims may have been removed by the last store that left.
			return this.stores.has(this.store) ? [] : this.introduce(this.presence.entry);
		}
		const { files, self } = this.machine;
		this.own.clear();
		this.released.clear();
		try {
			files.mkdirSync(this.place);
		} catch (error) {
			if (codeOf(error) !== 'EEXIST') {
				throw error;
			}
		}
		if (files.lstatSync(this.place, { throwIfNoEntry: false })?.isDirectory() !== true) {
			throw new StatError('store.link', { file: this.place });
		}
		const entry: LockEntry = { ...self, store: this.store, count: nextCount(this.memory), owes: [] };
		const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL;
		files.closeSync(files.openSync(path.join(this.place, entryName(entry)), flags, 0o644));
		this.presence = { entry, hold: holdEntry(this.place, entry, this.memory, files) };
		return [...this.buryDead(), ...this.bury(this.store), ...this.introduce(entry)];
	}

	private introduce(entry: LockEntry): string[] {
		this.stores.set(this.store, entry);
		return [`= ${entryName(entry)}`];
	}

	/** Ends all dead stores, and deletes the entries of dead processes of this machine. */
	private buryDead(): string[] {
		const { files, self } = this.machine;
		const isAlive = this.liveness();
		const dead = [...this.stores.keys()].filter((store) => !isAlive(store));
		for (const [store, name] of this.entries()) {
			const entry = parseEntryName(name);
			if (store !== this.store && entry && isSameMachine(entry, self)) {
				if (!this.machine.isAlive(entry.pid, entry.started)) {
					removeIfThere(path.join(this.place, name), files);
				}
			}
		}
		return dead.flatMap((store) => this.bury(store));
	}

	private releases(): string[] {
		const lines: string[] = [];
		for (const [owner, keys] of this.released) {
			for (const key of keys) {
				const holder = this.holders.get(key);
				if (holder?.store === this.store && holder.owner === owner) {
					this.holders.delete(key);
				}
			}
			if (keys.length > 0) {
				lines.push(`- ${this.store} ${owner} ${keys.join(' ')}`);
			}
		}
		this.released.clear();
		return lines;
	}

	/** Ends a store in memory; returns the ledger's line for it. */
	private bury(store: string): string[] {
		if (!this.stores.delete(store)) {
			return [];
		}
		this.watched.delete(store);
		for (const [key, holder] of this.holders) {
			if (holder.store === store) {
				this.holders.delete(key);
			}
		}
		return [`x ${store}`];
	}

	/**
	 * Returns a function that tells whether a store may still use its claims. On this machine, its process must run
	 * and its entry exist. From another machine, its entry must have changed lately while this process watched; an
	 * entry that stood still is deleted; if it is gone, it has just been renamed.
	 */
	private liveness(): (store: string) => boolean {
		const known = new Map<string, boolean>([[this.store, true]]);
		let entries: Map<string, string> | undefined;
		return (store) => {
			entries ??= this.entries();
			const alive = known.get(store) ?? this.isAlive(store, entries.get(store));
			known.set(store, alive);
			return alive;
		};
	}

	private isAlive(store: string, name: string | undefined): boolean {
		const entry = this.stores.get(store);
		if (!entry) {
			return false;
		}
		if (isSameMachine(entry, this.machine.self)) {
			return name !== undefined && this.machine.isAlive(entry.pid, entry.started);
		}
		// The entry is not there any more, or cannot be removed; another name says that the store continues.
		const expired = this.expired.get(store);
		if (expired !== undefined && (name === undefined || name === expired)) {
			return false;
		}
		this.expired.delete(store);
		const now = this.machine.monotonic();
		const watched = this.watched.get(store);
		if (watched?.name !== name || !watched) {
			this.watched.set(store, { name, since: now });
			return true;
		}
		// A list of files from another machine may be a minute old, so a missing entry is waited for longer.
		if (now - watched.since < (name === undefined ? 2 : 1) * expiresAfter) {
			return true;
		}
		if (name === undefined) {
			return false;
		}
		try {
			this.machine.files.unlinkSync(path.join(this.place, name));
		} catch (error) {
			if (codeOf(error) === 'ENOENT') {
				this.watched.set(store, { name, since: now });
				return true;
			}
			// Nobody can remove it, e.g. a folder of that name; waiting longer would be waiting for ever.
		}
		this.expired.set(store, name);
		return false;
	}

	/** Returns the name of each store's entry. */
	private entries(): Map<string, string> {
		try {
			return new Map(
				this.machine.files.readdirSync(this.place).flatMap((name) => {
					const entry = parseEntryName(name);
					return entry && this.isFile(name) ? [[entry.store, name] as const] : [];
				}),
			);
		} catch (error) {
			if (codeOf(error) === 'ENOENT') {
				return new Map();
			}
			throw error;
		}
	}

	/** Whether an entry is a regular file. One that was renamed after it was listed still counts. */
	private isFile(name: string): boolean {
		return this.machine.files.lstatSync(path.join(this.place, name), { throwIfNoEntry: false })?.isFile() !== false;
	}

	/** Reads what was appended to the ledger, or the whole ledger if it is another one. */
	private refresh(): void {
		const { files } = this.machine;
		const fd = openIfThere(this.ledger, files);
		if (fd === undefined) {
			this.reset('');
			return;
		}
		try {
			const { size } = files.fstatSync(fd);
			const start = Buffer.alloc(header('').length + generationLength);
			files.readSync(fd, start, 0, start.length, 0);
			const generation = /^stat-claims 1 ([0-9a-f]+)\n$/.exec(start.toString('latin1'))?.[1] ?? '';
			if (size > largest) {
				this.reset('');
				return;
			}
			if (generation !== this.generation || generation === '' || size < this.readTo) {
				this.reset(generation);
				this.readTo = start.length;
			}
			if (size > this.readTo && generation !== '') {
				const bytes = Buffer.alloc(size - this.readTo);
				const length = files.readSync(fd, bytes, 0, bytes.length, this.readTo);
				const end = bytes.subarray(0, length).lastIndexOf(10) + 1;
				this.readTo += end;
				bytes
					.toString('latin1', 0, end)
					.split('\n')
					.forEach((line) => this.read(line));
			}
		} finally {
			files.closeSync(fd);
		}
	}

	private reset(generation: string): void {
		this.generation = generation;
		this.readTo = 0;
		this.holders = new Map();
		this.stores = new Map();
	}

	private read(line: string): void {
		const [sign, name = '', owner = '', ...keys] = line.split(' ');
		switch (sign) {
			case '=': {
				const entry = parseEntryName(name);
				if (entry) {
					this.stores.set(entry.store, entry);
				}
				return;
			}
			case '+':
				keys.forEach((key) => this.holders.set(key, { store: name, owner: Number(owner) }));
				return;
			case '-':
				for (const key of keys) {
					const holder = this.holders.get(key);
					if (holder?.store === name && holder.owner === Number(owner)) {
						this.holders.delete(key);
					}
				}
				return;
			case 'x':
				this.bury(name);
		}
	}

	/** Appends lines, after {@link refresh}. A line that a kill cut off is ended first. */
	private append(lines: readonly string[]): void {
		if (lines.length === 0) {
			return;
		}
		if (this.generation === '' || (this.readTo > rewriteFrom && this.holders.size * keyLength < this.readTo / 4)) {
			this.rewrite();
			return;
		}
		const { files } = this.machine;
		const fd = openIfThere(this.ledger, files, fs.constants.O_RDWR | fs.constants.O_APPEND);
		if (fd === undefined) {
			this.rewrite();
			return;
		}
		try {
			const { size } = files.fstatSync(fd);
			const text = `${size > this.readTo ? '\n' : ''}${lines.join('\n')}\n`;
			writeAll(fd, Buffer.from(text, 'latin1'), size, this.machine);
			this.readTo = size + text.length;
		} catch (error) {
			// What is in memory only does not count.
			this.reset('');
			throw error;
		} finally {
			files.closeSync(fd);
		}
	}

	/** Replaces the ledger by one that holds only the claims in memory. */
	private rewrite(): void {
		const { files } = this.machine;
		const generation = randomBytes(generationLength / 2).toString('hex');
		const claims = new Map<string, string[]>();
		for (const [key, { store, owner }] of this.holders) {
			const of = `+ ${store} ${owner}`;
			const keys = claims.get(of) ?? [];
			claims.set(of, keys);
			keys.push(key);
		}
		const lines = [
			...[...this.stores.values()].map((entry) => `= ${entryName(entry)}`),
			...[...claims].map(([of, keys]) => `${of} ${keys.join(' ')}`),
		];
		const bytes = Buffer.from(`${header(generation)}${lines.map((line) => `${line}\n`).join('')}`, 'latin1');
		const temporary = `${this.ledger}.${this.store}.tmp`;
		removeIfThere(temporary, files);
		const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL;
		const fd = files.openSync(temporary, flags, 0o644);
		try {
			writeAll(fd, bytes, 0, this.machine);
		} finally {
			files.closeSync(fd);
		}
		files.renameSync(temporary, this.ledger);
		this.generation = generation;
		this.readTo = bytes.length;
	}
}

/** Number of hex digits. */
const generationLength = 12;
const header = (generation: string): string => `stat-claims 1 ${generation}\n`;

function writeAll(fd: number, bytes: Buffer, position: number, { files }: Machine): void {
	for (let written = 0; written < bytes.length;) {
		written += files.writeSync(fd, bytes, written, bytes.length - written, position + written);
	}
}
