import path from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { StatError } from '../../core/errors/statError.ts';
import type { Topic } from '../../core/ports/store/store.ts';
import { topics as allTopics } from '../../core/ports/store/store.ts';
import { Damage, keepLines } from './damage.ts';
import type { JournalRecord, Mark } from './journal.ts';
import { decodeHeader, decodeRecord, encodeLine, lines, newGeneration } from './journal.ts';
import { checkJournal } from './journalOfSnapshot.ts';
import { JournalFile } from './journalFile.ts';
import { removeTemporaries, removeTemporariesOf, takenJournalName, takenJournals } from './leftovers.ts';
import type { Machine } from './machine.ts';
import { realMachine } from './machine.ts';
import { MarkFile } from './markFile.ts';
import type { Fence } from './projectFiles.ts';
import { checkInside, isLockTaken, keepCopy, openIfThere } from './projectFiles.ts';
import { emptyDatabase, schemaMigrations } from './schema.ts';
import type { SnapshotJournals } from './snapshot.ts';
import { loadNewest, saveSnapshot } from './snapshot.ts';
import type { Sql } from './sql.ts';
import { Texts } from './texts.ts';
import { findReplies, forgetReplies } from '../tables/replies.ts';
import type { Context } from '../tables/verb.ts';
import { verbNamed } from '../tables/verbs.ts';

/**
 * One process's view of `.stat`: the database in memory, and how much of the journal it contains. All methods are
 * synchronous; the caller of a method that says "Must hold the lock" holds it.
 */
export class Project {
	readonly folder: string;
	readonly texts: Texts;
	readonly warnings: string[] = [];
	private readonly engine: SqlJsStatic;
	private readonly migrations: readonly string[];
	private readonly log: (message: string) => void;
	private readonly machine: Machine;
	private db: Sql;
	private seq = 0;
	private readonly journal: JournalFile;
	private snapshotBytes = 0;
	/**
	 * The journals of the snapshot that was read or written; `undefined` if there is no snapshot or version 0.1 wrote
	 * it.
	 */
	private journals: SnapshotJournals | undefined;
	/**
	 * How far the project had come if an earlier state was put in its place, otherwise 0. The numbers up to it are not
	 * used again, because backups may hold other changes under them.
	 */
	private reached = 0;
	/** The last change that was not repeatable or is known to be durable: so are all before it. */
	private synced = 0;
	/** The last record found in the journal. */
	private replayedTo = 0;
	/** Whether a {@link load} was cut off, so that the database may lack what its position in the journal suggests. */
	private isHalfLoaded = false;
	/** The journal before the last {@link loadReadOnly}. */
	private readOnlyState: string | undefined;
	private hasDamagedTexts = false;
	/** Damage that a {@link load} without the lock has found. */
	private found: readonly string[] = [];
	private readonly markFile: MarkFile;

	constructor(
		engine: SqlJsStatic,
		folder: string,
		log: (message: string) => void,
		migrations: readonly string[] = schemaMigrations,
		machine: Machine = realMachine(),
	) {
		this.engine = engine;
		this.folder = folder;
		this.log = log;
		this.migrations = migrations;
		this.machine = machine;
		this.texts = new Texts(path.join(folder, 'texts'), machine.files, (error) => this.noteDamagedText(error));
		this.journal = new JournalFile(path.join(folder, 'stat.journal'), migrations.length, machine.files);
		this.markFile = new MarkFile(folder, machine);
		this.db = emptyDatabase(this.engine, this.migrations);
	}

	get context(): Context {
		return { db: this.db, texts: this.texts, seq: this.seq };
	}

	get journalBytes(): number {
		return this.journal.bytes;
	}

	/** Whether compacting now saves more at the next opening than it costs. */
	get isWorthCompacting(): boolean {
		return this.journalBytes > 1 << 20 && this.journalBytes > this.snapshotBytes / 8;
	}

	/**
	 * Reads everything from the files. With `fence`, for which it must hold the lock, it sets damaged records and files
	 * aside, writes a new snapshot, and describes in `warnings` what happened. Without `fence`, it returns false if a
	 * repair is needed.
	 */
	load(fence: Fence | undefined): boolean {
		this.isHalfLoaded = true;
		this.isHalfLoaded = !this.loadFiles(fence);
		return !this.isHalfLoaded;
	}

	private loadFiles(fence: Fence | undefined): boolean {
		const { files } = this.machine;
		this.texts.close();
		this.journal.forget();
		this.reached = 0;
		const damage = new Damage();
		// Before the journal: a mark that is written while we read is ahead of what we read.
		const mark = this.markFile.read();
		const { migratedFrom, snapshot, file } = this.loadDatabase(damage);
		const { isEmpty, header } = this.journal.readHeader();
		const snapshotSeq = this.seq;
		if (snapshot !== 'good' || (header && header.base > this.seq)) {
			// The snapshot is older than the journal, so the records between them are in the previous journal.
			this.replayFile(`${this.journal.file}.bak`, damage, false);
		}
		if (header && header.base > this.seq) {
			damage.lose(this.seq + 1, header.base, ': no sound snapshot or journal holds them');
			this.seq = header.base;
			this.synced = header.base;
		}
		this.replayedTo = header?.base ?? 0;
		const torn = this.replayFile(this.journal.file, damage, true);
		if (this.journal.header?.generation !== header?.generation) {
			// Another process wrote a snapshot while we were reading, so the parts we read do not belong together.
			if (fence) {
				throw new StatError('store.lockTaken', {});
			}
			return false;
		}
		if (snapshot === 'good' && this.journals) {
			checkJournal(this.journals, { snapshotSeq, isEmpty, header, replayedTo: this.replayedTo }, damage);
		}
		const isUntold = this.checkMark(mark, damage);
		this.checkReplies(mark, damage);
		const isOlder = migratedFrom < this.migrations.length && file !== undefined;
		const isOlderJournal = header !== undefined && (header.schema ?? 0) < this.migrations.length;
		const taken = takenJournals(this.folder, files);
		damage.messages.push(...taken.map(({ message }) => message));
		// Either the writer of the snapshot died before it could start the journal, or the snapshot is an older one.
		const isAnotherJournal =
			snapshot === 'good' && this.journals !== undefined && header?.generation !== this.journals.next;
		const mustCompact = damage.messages.length > 0 || isOlder || isOlderJournal || isAnotherJournal;
		const isWhole = torn !== undefined && decodeRecord(torn) !== undefined;
		if (isUntold) {
			damage.lose(this.seq + 1, this.reached, ': the end of stat.journal is missing');
		}
		if (!mustCompact && taken.length === 0 && !isWhole && !isUntold) {
			this.findLostReplies();
			return true;
		}
		if (!fence) {
			this.found = damage.messages;
			return false;
		}
		if (isWhole) {
			this.journal.endLastLine(fence);
			return this.loadFiles(fence);
		}
		for (const { from, to } of taken) {
			files.renameSync(path.join(this.folder, from), path.join(this.folder, to));
		}
		if (mustCompact) {
			this.repair(damage, isOlder ? migratedFrom : undefined, fence);
		} else if (mark && isUntold) {
			this.warnings.push(...damage.messages);
			this.markFile.write({ ...mark, told: this.seq }, true);
			this.findLostReplies();
		}
		return true;
	}

	/** A single warning covers all texts, because a missing segment holds thousands. */
	private noteDamagedText(error: StatError): void {
		if (!this.hasDamagedTexts) {
			this.hasDamagedTexts = true;
			this.warnings.push(`${error.message}. What it belongs to is read without it; there may be more such texts`);
		}
	}

	/**
	 * For a read-only project: uses what could be read, and reports what is damaged. Returns false if the journal is as
	 * it was the last time.
	 */
	loadReadOnly(): boolean {
		const state = this.journal.stateByName();
		if (state === this.readOnlyState) {
			this.isHalfLoaded = false;
			return false;
		}
		this.readOnlyState = state;
		let isWhole = this.load(undefined);
		// Another process may have been writing a snapshot just then.
		for (let tries = 1; tries < 3 && !isWhole && this.found.length === 0; tries++) {
			isWhole = this.load(undefined);
		}
		if (!isWhole && this.found.length > 0) {
			const messages = [
				...this.found,
				'the project has damaged files; once it is opened with leave to write, they are set right',
			];
			this.warnings.push(...messages.filter((message) => !this.warnings.includes(message)));
		}
		this.isHalfLoaded = false;
		return true;
	}

	/**
	 * Applies what other processes have written since. Returns the changed topics, or `undefined` if only a
	 * {@link load} that holds the lock can determine them. `isLocked`: we hold the lock.
	 */
	catchUp(isLocked: boolean): Set<Topic> | undefined {
		if (this.isHalfLoaded) {
			return undefined;
		}
		const topics = new Set<Topic>();
		const damage = new Damage();
		let torn: Buffer | undefined;
		const found = this.journal.readNew(isLocked, (fd, from, end) => {
			torn = this.replay(fd, from, end, damage, true, topics);
		});
		if (found === 'other') {
			return this.load(undefined) ? new Set(allTopics) : undefined;
		}
		const isWhole = isLocked && torn !== undefined && decodeRecord(torn) !== undefined;
		return damage.messages.length === 0 && !isWhole ? topics : undefined;
	}

	/**
	 * Must hold a lock that was taken from stores which may still be writing. Deletes the files that they would rename
	 * into place, moves the journal to a file that they do not have open, and starts a new text segment. What they
	 * write from now on is not part of the project, and they learn that their lock was taken before they confirm it.
	 */
	fenceOff(stores: readonly string[], fence: Fence): void {
		const { files } = this.machine;
		removeTemporariesOf(stores, this.folder, files);
		checkInside(this.folder, ['texts'], files);
		const aside = path.join(this.folder, takenJournalName(stores.at(-1) ?? '', fence));
		this.journal.moveAway(aside, this.texts.newSegment(), fence);
	}

	/** Starts a group of writes. Must hold the lock and have caught up. */
	begin(fence: Fence): void {
		checkInside(this.folder, ['texts'], this.machine.files);
		if (this.reached > 0) {
			this.compact(fence);
		}
		const { header } = this.journal;
		if (!header) {
			this.journal.start({ base: this.seq, generation: this.journals?.next ?? newGeneration() }, fence);
		}
		const torn = this.journal.open();
		if (torn.length > 0) {
			fence.check();
			this.keepTorn(torn);
			this.journal.revert();
		}
		this.texts.begin(this.journal.header?.texts ?? 1);
		this.db.exec('BEGIN');
	}

	private keepTorn(torn: Buffer): void {
		let where = '';
		try {
			where = `; they are in .stat/${keepLines(this.folder, [torn], this.machine)}`;
		} catch {
			// There is no space for a copy of a partial line that was never acknowledged.
		}
		this.log(`cut ${torn.length} bytes of an unfinished write off stat.journal${where}`);
	}

	/** Applies one write of the group; a write that fails undoes only itself. */
	apply(verbName: string, params: unknown): { result: unknown; line: Buffer | undefined; topics: readonly Topic[] } {
		const verb = verbNamed(verbName);
		if (!verb) {
			throw new Error(`no such verb: ${verbName}`);
		}
		this.db.exec('SAVEPOINT one');
		try {
			const { result, record } = verb.write({ db: this.db, texts: this.texts, seq: this.seq + 1 }, params);
			if (record === null) {
				this.db.exec('ROLLBACK TO one; RELEASE one');
				return { result, line: undefined, topics: [] };
			}
			const line = encodeLine({ seq: this.seq + 1, verb: verbName, params: record });
			this.db.exec('RELEASE one');
			this.seq++;
			return { result, line, topics: verb.topics };
		} catch (error) {
			this.db.exec('ROLLBACK TO one; RELEASE one');
			throw error;
		}
	}

	/**
	 * Writes the group and makes it effective: texts, journal and memory, in this order. It is durable as well unless
	 * `isRepeatable`: then it is durable after {@link sync}. After a failure nothing of the group remains. `confirm`
	 * receives the journal's size in bytes and returns whether the lock was ours until then. If it
	 * was not, this throws `store.lockTaken`, and whoever took the lock decides what becomes of the group.
	 */
	commit(group: readonly Buffer[], isRepeatable: boolean, fence: Fence, confirm: (bytes: number) => boolean): void {
		const before = this.seq - group.length;
		if (group.length === 0) {
			this.rollback(before);
			return;
		}
		try {
			// All files are open by now, so what is written after this check lands in them, or in a place that does not
			// count.
			fence.check();
			this.texts.flush();
			if (isRepeatable) {
				this.journal.append(group);
				this.texts.closeFlushed();
				this.journal.closeAppended();
			} else {
				// Also what earlier groups and other processes wrote: a durable change has only durable ones before it.
				this.texts.sync();
				this.journal.append(group);
				this.journal.sync();
			}
		} catch (error) {
			this.rollback(before);
			if (!isLockTaken(error)) {
				this.journal.revert();
			}
			throw error;
		} finally {
			this.texts.end();
		}
		let isOurs = false;
		try {
			isOurs = confirm(this.journal.bytes + group.reduce((sum, line) => sum + line.length, 0));
		} finally {
			if (!isOurs) {
				this.rollback(before);
				this.journal.forget();
			}
		}
		if (!isOurs) {
			throw new StatError('store.lockTaken', {});
		}
		this.db.exec('COMMIT');
		this.journal.keep(group);
		if (!isRepeatable) {
			this.synced = this.seq;
		}
	}

	/** Whether something confirmed may not be durable. */
	get isUnsynced(): boolean {
		return this.synced < this.seq;
	}

	/** Makes everything confirmed durable. Needs no lock. */
	sync(): void {
		this.texts.sync();
		this.journal.sync();
		this.synced = this.seq;
	}

	/** Discards a group that was started. */
	rollback(seq: number): void {
		this.seq = seq;
		this.texts.end();
		this.db.exec('ROLLBACK');
	}

	/** Must be called after a group, whatever its outcome. */
	end(): void {
		this.journal.close();
	}

	get sequence(): number {
		return this.seq;
	}

	/**
	 * Writes a new snapshot and an empty journal. Must hold the lock and have caught up. A crash in between is
	 * harmless, because records carry their seq, and the snapshot names the journals before and after it.
	 */
	compact(fence: Fence): void {
		const { file, header } = this.journal;
		const { files } = this.machine;
		fence.check();
		this.texts.sync();
		removeTemporaries(this.folder, fence, files);
		this.seq = Math.max(this.seq, this.reached);
		const journals = { next: newGeneration(), before: header?.generation ?? '' };
		this.snapshotBytes = saveSnapshot(path.join(this.folder, 'stat.db'), this.db, this.seq, journals, files, fence);
		this.journals = journals;
		keepCopy(file, `${file}.bak`, files, fence);
		this.journal.start({ base: this.seq, generation: journals.next, texts: header?.texts ?? 1 }, fence);
		this.reached = 0;
		this.synced = this.seq;
	}

	/** Notes how far the project has come. `isLast`: notes it even if that was done a moment ago. */
	mark(isLast: boolean): void {
		const generation = this.journal.header?.generation;
		if (generation !== undefined) {
			const unsynced = this.isUnsynced ? { unsynced: this.seq } : {};
			this.markFile.write(
				{ stat: 'mark', generation, seq: Math.min(this.synced, this.seq), ...unsynced },
				isLast,
			);
		}
	}

	/**
	 * Compares the loaded journal with the mark (the last confirmed change on record). Returns `true` if the project has
	 * gone back to an earlier state (a restored backup, an older commit, a truncated journal) and this has not been
	 * reported yet. That alone damages no file, so the project stays as it is until the next write. If there is no
	 * journal at all, its changes are added to `damage` instead.
	 */
	private checkMark(mark: Mark | undefined, damage: Damage): boolean {
		const { header } = this.journal;
		if (!mark || !this.isOfProject(mark) || mark.seq <= this.seq) {
			return false;
		}
		this.reached = mark.seq;
		if (!header) {
			damage.lose(this.seq + 1, mark.seq, ': stat.journal is missing');
			return false;
		}
		return mark.told !== this.seq;
	}

	private isOfProject({ generation }: Mark): boolean {
		const { header } = this.journal;
		return !header || generation === header.generation || generation === this.journals?.next;
	}

	/**
	 * Reports replies that a power failure took because they had not been synced: those whose journal records are gone,
	 * unless their texts are found, and those whose texts are gone.
	 */
	private checkReplies(mark: Mark | undefined, damage: Damage): void {
		const isOurs = mark !== undefined && this.isOfProject(mark);
		const missing = this.texts.missingSince(isOurs ? mark.seq : Number.POSITIVE_INFINITY);
		forgetReplies(this.context, missing);
		let count = missing.length;
		const end = (isOurs && mark.seq <= this.seq && mark.unsynced) || 0;
		if (end > this.seq) {
			this.reached = end;
			count += Math.max(0, end - this.seq - findReplies(this.context));
		}
		if (count > 0 || end > this.seq) {
			damage.missReplies(count);
		}
	}

	/** The replies that were paid for after an earlier state of the project are still in the segments. */
	private findLostReplies(): void {
		if (this.reached > 0) {
			findReplies(this.context);
		}
	}

	close(): void {
		this.texts.close();
		this.journal.close();
		this.db.close();
	}

	private loadDatabase(damage: Damage): {
		snapshot: 'good' | 'missing' | 'damaged';
		migratedFrom: number;
		file: string | undefined;
	} {
		const main = path.join(this.folder, 'stat.db');
		const { found, file, state, messages } = loadNewest(this.engine, main, this.migrations, this.machine.files);
		damage.messages.push(...messages);
		this.db.close();
		this.db = found?.db ?? emptyDatabase(this.engine, this.migrations);
		this.seq = found?.seq ?? 0;
		this.synced = this.seq;
		this.snapshotBytes = found?.bytes ?? 0;
		this.journals = found?.journals;
		return { snapshot: state, migratedFrom: found?.migratedFrom ?? this.migrations.length, file };
	}

	/**
	 * Replays a journal file from its start; returns the bytes of an incomplete last line. `current` marks the file to
	 * which new records go.
	 */
	private replayFile(file: string, damage: Damage, current: boolean): Buffer | undefined {
		const { files } = this.machine;
		const fd = openIfThere(file, files);
		if (fd === undefined) {
			return undefined;
		}
		try {
			const { size, ino } = files.fstatSync(fd);
			const first = lines(fd, 0, size, files).next();
			const header = first.value?.ended ? decodeHeader(first.value.bytes, this.migrations.length) : undefined;
			if (current && header && first.value) {
				this.journal.began(ino, header, first.value.bytes);
			} else if (current && size > 0) {
				damage.messages.push(`the first line of ${path.basename(file)} is damaged`);
			}
			const from = first.value && (header || first.value.ended) ? first.value.bytes.length + 1 : size;
			if (!header && first.value) {
				damage.badLines.push(first.value.bytes);
			}
			return this.replay(fd, Math.min(from, size), size, damage, current, new Set());
		} finally {
			files.closeSync(fd);
		}
	}

	/** Applies those of the sound records that are new. */
	private replay(
		fd: number,
		from: number,
		end: number,
		damage: Damage,
		current: boolean,
		topics: Set<Topic>,
	): Buffer | undefined {
		this.db.exec('BEGIN');
		try {
			for (const line of lines(fd, from, end, this.machine.files)) {
				if (!line.ended) {
					return line.bytes;
				}
				const record = decodeRecord(line.bytes);
				if (record && current) {
					this.replayedTo = record.seq;
				}
				if (!record || !this.applyRecord(record, damage, topics)) {
					const unknown =
						record && !verbNamed(record.verb)
							? `asks for “${record.verb.replace(/[^\w -]/g, '?').slice(0, 40)}”, which STAT ` +
								'Studio does not know,'
							: undefined;
					damage.setAside(line.bytes, current ? 'stat.journal' : 'stat.journal.bak', line.at, unknown);
				}
				if (current) {
					this.journal.passed(line);
				}
			}
			return undefined;
		} finally {
			this.db.exec('COMMIT');
		}
	}

	private applyRecord(record: JournalRecord, damage: Damage, topics: Set<Topic>): boolean {
		if (record.seq <= this.seq) {
			return true;
		}
		const verb = verbNamed(record.verb);
		if (!verb) {
			return false;
		}
		this.db.exec('SAVEPOINT one');
		try {
			verb.replay({ db: this.db, texts: this.texts, seq: record.seq, isReplay: true }, record.params);
			this.db.exec('RELEASE one');
		} catch (error) {
			this.db.exec('ROLLBACK TO one; RELEASE one');
			const why = `record ${record.seq} (${record.verb}): ${(error as Error).message}`;
			if (!(error instanceof StatError) && !damage.lost) {
				// The record's checksum and shape are right and nothing before it is missing, so the fault is ours and
				// the record is not set aside.
				throw new StatError(
					'store.notApplied',
					{ record: record.seq, operation: record.verb, reason: (error as Error).message },
					{ cause: error },
				);
			}
			this.log(why);
			return false;
		}
		if (record.seq > this.seq + 1) {
			damage.lose(this.seq + 1, record.seq - 1);
		}
		this.seq = record.seq;
		if (!verb.isRepeatable) {
			this.synced = record.seq;
		}
		for (const topic of verb.topics) {
			topics.add(topic);
		}
		return true;
	}

	/**
	 * Sets damaged data aside, writes a sound snapshot and journal, and reports what was set aside and what was
	 * rewritten. Must hold the lock.
	 */
	private repair(damage: Damage, olderSchema: number | undefined, fence: Fence): void {
		const main = path.join(this.folder, 'stat.db');
		if (olderSchema !== undefined) {
			keepCopy(main, `${main}.before-schema-${this.migrations.length}`, this.machine.files, fence);
			this.log(
				`schema ${olderSchema} brought to ${this.migrations.length}; the earlier database is stored as ` +
					`stat.db.before-schema-${this.migrations.length}`,
			);
		}
		damage.keep(this.folder, this.engine, this.migrations, this.machine);
		if (damage.lost) {
			findReplies(this.context);
		}
		this.compact(fence);
		this.warnings.push(...damage.messages);
	}
}
