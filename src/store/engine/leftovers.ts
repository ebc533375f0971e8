import path from 'node:path';
import type { Files } from './machine.ts';
import type { Fence } from './projectFiles.ts';
import { removeIfThere, temporaryName } from './projectFiles.ts';

/** Removes temporary files of stores that died or whose lock was taken; they may be as large as the project. */
export function removeTemporaries(folder: string, fence: Fence, files: Files): void {
	for (const name of files.readdirSync(folder)) {
		const store = /^stat\..*\.([0-9a-f]{12})\.tmp$/.exec(name)?.[1];
		if (store !== undefined && store !== fence.store) {
			removeIfThere(path.join(folder, name), files);
		}
	}
}

/**
 * Removes the temporary files of stores whose lock was taken from them, so that those stores can no longer rename the
 * files into place.
 */
export function removeTemporariesOf(stores: readonly string[], folder: string, files: Files): void {
	for (const store of stores) {
		for (const name of ['stat.db', 'stat.db.bak', 'stat.journal', 'stat.journal.bak']) {
			removeIfThere(temporaryName(path.join(folder, name), store), files);
		}
	}
}

/**
 * Returns the name to which a journal is moved if a store may still write to it after its lock was taken. The journal's
 * length at that time is appended.
 */
export function takenJournalName(victim: string, fence: Fence): string {
	return `lock.taken-${victim}-${fence.store}-`;
}

/** A journal that was written to after its lock had been taken, and the name under which it is set aside. */
export interface TakenJournal {
	readonly from: string;
	readonly to: string;
	readonly message: string;
}

export function takenJournals(folder: string, files: Files): TakenJournal[] {
	return files.readdirSync(folder).flatMap((from) => {
		const length = Number(/^lock\.taken-[0-9a-f]+-[0-9a-f]+-(\d+)$/.exec(from)?.[1] ?? Number.NaN);
		const size = files.lstatSync(path.join(folder, from), { throwIfNoEntry: false })?.size ?? 0;
		if (!(size > length)) {
			return [];
		}
		const to = from.replace(/^lock\.taken-/, 'stat.journal.corrupt-');
		const message =
			'a process went on writing after its lock had been taken; its writes were rejected. ' +
			`What it wrote is stored in .stat/${to}`;
		return [{ from, to, message }];
	});
}
