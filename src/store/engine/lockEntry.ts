import type { ProcessIdentity } from './machine.ts';

/**
 * The name of the only file in `.stat/lock/`, which states who holds the lock. The whole identity is in the name, so
 * that the lock is taken, renewed, stolen and released by a single rename or unlink of a name that never occurs twice.
 */
export interface LockEntry extends ProcessIdentity {
	/**
	 * The store that holds the lock: 12 hex digits, new for each store. If it is empty, nobody holds the lock, but
	 * there are debts.
	 */
	readonly store: string;
	/** New for each acquisition and each renewal by the store. */
	readonly count: number;
	/**
	 * Stores whose lock was taken while they may still have been writing, and whose writes have not been fenced off
	 * yet.
	 */
	readonly owes: readonly string[];
}

/** Maximum number of debts; a longer list does not fit into a file name. */
export const maxDebts = 8;

export function entryName(entry: LockEntry): string {
	const { store, count, owes, pid, started, namespace, boot, host } = entry;
	return [store, count, owes.join('+'), pid, started, namespace, boot.slice(0, 16), plainHost(host)].join('~');
}

/** Parses an entry's name; returns `undefined` if {@link entryName} cannot have made it. */
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

/** Whether a pid of the entry means the same process here, because host, boot and PID namespace are the same. */
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
