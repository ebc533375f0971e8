import * as fs from 'node:fs';
import path from 'node:path';
import type { LockEntry } from './lockEntry.ts';
import { entryName, parseEntryName } from './lockEntry.ts';
import type { Files } from './machine.ts';

/** Interval in ms at which a holder shows that it is alive. */
export const beatEvery = 5_000;

/**
 * A file whose name is that of its holder, while it is held: the lock's, or that of a store with claims. Below, "the
 * lock" means either.
 */
export interface Hold {
	/** Stores whose writes must be fenced off before anything else is read or written. */
	readonly owes: readonly string[];
	/**
	 * Whether the lock is still ours. The file server decides: `true` means that nobody had taken the lock when the
	 * call was made.
	 */
	renew(): boolean;
	/** Like {@link renew}, and also records that nothing is owed any more. */
	settle(): boolean;
	/**
	 * Releases the lock. Returns `false` if another process had already taken it over, in which case nothing written
	 * under it counts.
	 */
	release(): boolean;
}

/** Cells of the memory that a store's worker and its main thread share. */
const mutex = 0;
const held = 1;
const last = 2;

/** Allocates the memory of an entry: a mutex, the count of the held entry (0: none), and the last count used. */
export function newEntryMemory(): Int32Array {
	return new Int32Array(new SharedArrayBuffer(12));
}

export function nextCount(memory: Int32Array): number {
	return Atomics.add(memory, last, 1) + 1;
}

/** Returns an entry that has just been made, with the count in its name, as held. `place` is its folder. */
export function holdEntry(place: string, entry: LockEntry, memory: Int32Array, files: Files): Hold {
	Atomics.store(memory, held, entry.count);
	let owes = entry.owes;
	/** Renames or deletes our file; returns `false` if it no longer exists. */
	const change = (next: LockEntry | undefined): boolean =>
		exclusively(memory, () => {
			const count = Atomics.load(memory, held);
			if (count === 0) {
				return false;
			}
			const now = path.join(place, entryName({ ...entry, owes, count }));
			try {
				if (next) {
					files.renameSync(now, path.join(place, entryName(next)));
				} else {
					files.unlinkSync(now);
				}
			} catch (error) {
				if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
					Atomics.store(memory, held, 0);
					return false;
				}
				throw error;
			}
			const isOurs = next !== undefined && next.store !== '';
			Atomics.store(memory, held, isOurs ? next.count : 0);
			owes = isOurs ? next.owes : [];
			return true;
		});
	return {
		owes,
		renew: () => change({ ...entry, owes, count: nextCount(memory) }),
		settle: () => change({ ...entry, owes: [], count: nextCount(memory) }),
		release: () => change(owes.length > 0 ? { ...entry, owes, count: nextCount(memory), store: '' } : undefined),
	};
}

/** A call that a heartbeat makes. The names in a folder are returned to it; a rename returns nothing. */
type BeatCall =
	| { readonly list: string; readonly rename?: undefined }
	| { readonly list?: undefined; readonly rename: readonly [from: string, to: string] };

/**
 * Shows other machines that the holder is alive. Renaming the holder's file ensures that nobody can take the lock from
 * a holder that has just shown itself. The caller makes the calls.
 */
function* beatCalls(place: string, store: string, memory: Int32Array): Generator<BeatCall, void, readonly string[]> {
	if (Atomics.load(memory, held) === 0 || Atomics.compareExchange(memory, mutex, 0, 1) !== 0) {
		return;
	}
	try {
		const count = Atomics.load(memory, held);
		for (const name of count === 0 ? [] : yield { list: place }) {
			const entry = parseEntryName(name);
			if (entry?.store === store && entry.count === count) {
				const next = nextCount(memory);
				yield { rename: [path.join(place, name), path.join(place, entryName({ ...entry, count: next }))] };
				Atomics.store(memory, held, next);
			}
		}
	} catch {
		// The lock was taken, or the disk is away. The holder will notice.
	} finally {
		Atomics.store(memory, mutex, 0);
		Atomics.notify(memory, mutex);
	}
}

/** Makes a heartbeat at once. */
export function beat(files: Files, place: string, store: string, memory: Int32Array): void {
	const calls = beatCalls(place, store, memory);
	for (let next = calls.next(); !next.done;) {
		const { list, rename } = next.value;
		try {
			const names = list === undefined ? [] : files.readdirSync(list);
			if (rename) {
				files.renameSync(...rename);
			}
			next = calls.next(names);
		} catch (error) {
			next = calls.throw(error);
		}
	}
}

/**
 * Makes a heartbeat from the main thread, which must not wait for the disk, because the worker may already be waiting
 * for it.
 */
export async function beatInBackground(place: string, store: string, memory: Int32Array): Promise<void> {
	const calls = beatCalls(place, store, memory);
	for (let next = calls.next(); !next.done;) {
		const { list, rename } = next.value;
		try {
			const names = list === undefined ? [] : await fs.promises.readdir(list);
			if (rename) {
				await fs.promises.rename(...rename);
			}
			next = calls.next(names);
		} catch (error) {
			next = calls.throw(error);
		}
	}
}

/** Releases the lock of a store whose worker died while this process lives on. */
export function releaseAfterCrash(place: string, store: string, files: Files): void {
	try {
		for (const name of files.readdirSync(place)) {
			const entry = parseEntryName(name);
			if (entry?.store === store) {
				const file = path.join(place, name);
				if (entry.owes.length > 0) {
					files.renameSync(file, path.join(place, entryName({ ...entry, store: '' })));
				} else {
					files.unlinkSync(file);
				}
			}
		}
	} catch {
		// It does not exist, or another process was quicker.
	}
}

function exclusively<T>(memory: Int32Array, change: () => T): T {
	while (Atomics.compareExchange(memory, mutex, 0, 1) !== 0) {
		Atomics.wait(memory, mutex, 1, 1000);
	}
	try {
		return change();
	} finally {
		Atomics.store(memory, mutex, 0);
		Atomics.notify(memory, mutex);
	}
}

export function codeOf(error: unknown): string {
	return String((error as NodeJS.ErrnoException).code);
}
