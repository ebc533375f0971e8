import type { ProcessIdentity } from './machine.ts';

/**
 * The name of the one file in `.stat/lock/`: who holds the lock. The whole identity is in the name, so that taking,
 * renewing, stealing and releasing the lock are single renames or unlinks of a name that never occurs twice.
 */
export interface LockEntry extends ProcessIdentity {
	/** The holding store: 12 hex digits, new for each store. Empty: nobody holds the lock, but there are debts. */
	readonly store: string;
	/** New for each acquisition and each renewal by the store. */
	readonly count: number;
	/** Stores whose lock was taken while they may still have been writing, and whose writes are not fenced off yet. */
	readonly owes: readonly string[];
}

/** Longest list of debts that fits into a file name. */
export const maxDebts = 8;

export function entryName(entry: LockEntry): string {
	const { store, count, owes, pid, started, namespace, boot, host } = entry;
	return [store, count, owes.join('+'), pid, started, namespace, boot.slice(0, 16), plainHost(host)].join('~');
}

/** `undefined`: not a name that {@link entryName} makes. */
export function parseEntryName(name: string): LockEntry | undefined {
	const match =
		/^([0-9a-f]{12}|)~(\d{1,15})~((?:[0-9a-f]{12}\+?)*)~(\d{1,15})~(\d*)~(\d*)~([0-9a-f]*)~([\w.-]*)$/.exec(name);
	if (!match) {
		return undefined;
	}
	const [, store = '', count, owes = '', pid, started = '', namespace = '', boot = '', host = ''] = match;
	return {
		store,
		count: Number(count),
		owes: owes.split('+').filter((token) => token !== ''),
		pid: Number(pid),
		started,
		namespace,
		boot,
		host,
	};
}

/** Whether a pid of the entry means the same process here: same host, same boot and same PID namespace. */
export function isSameMachine(entry: LockEntry, self: ProcessIdentity): boolean {
	return (
		entry.host === plainHost(self.host) &&
		entry.boot === self.boot.slice(0, 16) &&
		entry.namespace === self.namespace
	);
}

function plainHost(host: string): string {
	return host.replace(/[^\w.-]/g, '_').slice(0, 60);
}
