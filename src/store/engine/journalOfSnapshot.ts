import type { Damage } from './damage.ts';
import type { JournalHeader } from './journal.ts';
import type { SnapshotJournals } from './snapshot.ts';

/** What was found beside a sound snapshot. */
interface Found {
	readonly snapshotSeq: number;
	/** Whether there is no journal, or it is empty. */
	readonly isEmpty: boolean;
	readonly header: JournalHeader | undefined;
	/** The last record of the journal. */
	readonly replayedTo: number;
}

/** Reports a journal that does not continue its snapshot. */
export function checkJournal({ next, before }: SnapshotJournals, found: Found, damage: Damage): void {
	const { snapshotSeq, isEmpty, header, replayedTo } = found;
	const lost = `changes made after change ${snapshotSeq} are lost, if there were any`;
	if (isEmpty) {
		damage.messages.push(`stat.journal is missing: ${lost}`);
		damage.lost = true;
		return;
	}
	// Whether it is the journal from before the snapshot, which reaches the snapshot: its writer died before it could
	// start the next one.
	const isBefore = header?.generation === before && replayedTo >= snapshotSeq;
	if (header && header.generation !== next && !isBefore && header.base <= snapshotSeq) {
		damage.messages.push(`stat.journal does not belong to stat.db: ${lost}`);
		damage.lost = true;
	}
}
