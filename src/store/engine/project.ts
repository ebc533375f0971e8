import path from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { StatError } from '../../core/errors/statError.ts';
import type { Topic } from '../../core/ports/store.ts';
import { topics as allTopics } from '../../core/ports/store.ts';
import { Damage, keepLines } from './damage.ts';
import type { JournalHeader, JournalRecord } from './journal.ts';
import { decodeHeader, decodeMark, decodeRecord, encodeLine, lines, newGeneration } from './journal.ts';
import { JournalFile } from './journalFile.ts';
import type { Machine } from './machine.ts';
import { realMachine } from './machine.ts';
import type { Fence } from './projectFiles.ts';
import {
	checkInside,
	createNew,
	keepCopy,
	openIfThere,
	openToWriteIfThere,
	readIfThere,
	removeIfThere,
	temporaryName,
} from './projectFiles.ts';
import { emptyDatabase, schemaSteps } from './schema.ts';
import type { SnapshotJournals } from './snapshot.ts';
import { loadSnapshot, saveSnapshot } from './snapshot.ts';
import type { Sql } from './sql.ts';
import { Texts } from './texts.ts';
import type { Context } from '../tables/verb.ts';
import { verbNamed } from '../tables/verbs.ts';

/**
 * One process's view of `.stat`: the database in memory, and how much of the journal it holds. All of it synchronous;
 * whoever calls a method marked "under the lock" holds it.
 */
export class Project {
	readonly folder: string;
	readonly texts: Texts;
	readonly warnings: string[] = [];
	private readonly engine: SqlJsStatic;
	private readonly steps: readonly string[];
	private readonly log: (message: string) => void;
	private readonly machine: Machine;
	private db: Sql;
	private seq = 0;
	private readonly journal: JournalFile;
	private snapshotBytes = 0;
	/** Of the snapshot that was read or written; `undefined`: there is none, or it is older than this knowledge. */
	private journals: SnapshotJournals | undefined;
	/** The last record found in the journal. */
	private replayedTo = 0;
	/** When the mark was last written, by the monotonic clock. */
	private marked = Number.NEGATIVE_INFINITY;

	constructor(
		engine: SqlJsStatic,
		folder: string,
		log: (message: string) => void,
		steps: readonly string[] = schemaSteps,
		machine: Machine = realMachine(),
	) {
		this.engine = engine;
		this.folder = folder;
		this.log = log;
		this.steps = steps;
		this.machine = machine;
		this.texts = new Texts(path.join(folder, 'texts'), machine.files);
		this.journal = new JournalFile(path.join(folder, 'stat.journal'), steps.length, machine.files);
		this.db = this.empty();
	}

	get context(): Context {
		return { db: this.db, texts: this.texts, seq: this.seq };
	}

	get journalBytes(): number {
		return this.journal.bytes;
	}

	/** Does compacting spare the next opening more than it costs now? */
	get isWorthCompacting(): boolean {
		return this.journalBytes > 1 << 20 && this.journalBytes > this.snapshotBytes / 8;
	}

	/**
	 * Reads everything from the files. With the lock (`fence`), damaged records and files are set aside, a fresh snapshot
	 * is written, and `warnings` say what happened. Without it, returns false when that is needed.
	 */
	load(fence: Fence | undefined): boolean {
		this.texts.close();
		this.journal.forget();
		const damage = new Damage();
		const { migratedFrom, snapshot, file } = this.loadDatabase(damage);
		const { isEmpty, header } = this.journal.readHeader();
		const snapshotSeq = this.seq;
		if (snapshot !== 'good' || (header && header.base > this.seq)) {
			// The snapshot is older than the journal: what lies between is in the journal before it.
			this.replayFile(`${this.journal.file}.bak`, damage, false);
		}
		if (header && header.base > this.seq) {
			damage.lose(this.seq + 1, header.base, ': no sound snapshot or journal holds them');
			this.seq = header.base;
		}
		this.replayedTo = header?.base ?? 0;
		const torn = this.replayFile(this.journal.file, damage, true);
		if (snapshot === 'good' && this.journals && !this.isJournalOfSnapshot(snapshotSeq, isEmpty, header, damage)) {
			damage.lost = true;
		}
		this.checkMark(damage);
		const isOlder = migratedFrom < this.steps.length && file !== undefined;
		const isOlderJournal = header !== undefined && (header.schema ?? 0) < this.steps.length;
		const taken = this.takenJournals(damage);
		// The writer of the snapshot died before it could start the journal, or the snapshot is an older one.
		const isAnotherJournal =
			snapshot === 'good' && this.journals !== undefined && header?.generation !== this.journals.next;
		const mustCompact = damage.messages.length > 0 || isOlder || isOlderJournal || isAnotherJournal;
		const isWhole = torn !== undefined && decodeRecord(torn) !== undefined;
		if (!mustCompact && taken.length === 0 && !isWhole) {
			return true;
		}
		if (!fence) {
			return false;
		}
		if (isWhole) {
			this.endLastLine(fence);
			return this.load(fence);
		}
		for (const name of taken) {
			const { files } = this.machine;
			files.renameSync(
				path.join(this.folder, name),
				path.join(this.folder, name.replace(/^lock\.taken-/, 'stat.journal.corrupt-')),
			);
		}
		if (mustCompact) {
			this.repair(damage, isOlder ? migratedFrom : undefined, fence);
		}
		return true;
	}

	/** Whether the journal continues the snapshot that was read; reports it where it does not. */
	private isJournalOfSnapshot(
		snapshotSeq: number,
		isEmpty: boolean,
		header: JournalHeader | undefined,
		damage: Damage,
	): boolean {
		const { next, before } = this.journals ?? {};
		if (isEmpty) {
			damage.messages.push(
				`stat.journal is missing: changes made after change ${snapshotSeq} are lost, if there were any`,
			);
			return false;
		}
		// The journal before the snapshot is right where the writer died before it could start the next; it reaches it then.
		const isBefore = header?.generation === before && this.replayedTo >= snapshotSeq;
		if (header && header.generation !== next && !isBefore && header.base <= snapshotSeq) {
			damage.messages.push(
				`stat.journal does not belong to stat.db: changes made after change ${snapshotSeq} are lost, if there were any`,
			);
			return false;
		}
		return true;
	}

	/** A record whose newline alone is missing is whole: gives it one. */
	private endLastLine(fence: Fence): void {
		const { files } = this.machine;
		const fd = openToWriteIfThere(this.journal.file, files);
		if (fd === undefined) {
			return;
		}
		try {
			fence.check();
			files.writeSync(fd, Buffer.from('\n'), 0, 1, files.fstatSync(fd).size);
			files.fdatasyncSync(fd);
		} finally {
			files.closeSync(fd);
		}
	}

	/** For a project that may not be written to: keeps what could be read, and says what is wrong. */
	loadReadOnly(): void {
		const before = this.warnings.length;
		if (!this.load(undefined) && this.warnings.length === before) {
			this.warnings.push(
				'the project has damaged files or an older schema; open it once with leave to write and ' +
					'they are set right',
			);
		}
	}

	/**
	 * Applies what other processes have written since. Returns the topics changed, or `undefined` when only a
	 * {@link load} under the lock can tell. `isLocked`: we hold it.
	 */
	catchUp(isLocked: boolean): Set<Topic> | undefined {
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
	 * Under a lock taken from stores that may still be writing: deletes the files they would rename into place, moves the
	 * journal to a file that they do not have open, and starts a text segment of its own. What they write from now on is
	 * not part of the project, and they learn that their lock was taken before they confirm it.
	 */
	fenceOff(stores: readonly string[], fence: Fence): void {
		const { files } = this.machine;
		for (const store of stores) {
			for (const name of ['stat.db', 'stat.db.bak', 'stat.journal', 'stat.journal.bak']) {
				removeIfThere(temporaryName(path.join(this.folder, name), store), files);
			}
		}
		checkInside(this.folder, ['texts'], files);
		const aside = path.join(this.folder, `lock.taken-${stores.at(-1) ?? ''}-${fence.store}-`);
		this.journal.moveAway(aside, this.texts.newSegment(), fence);
	}

	/** Under the lock, caught up: makes ready for a group of writes. */
	begin(fence: Fence): void {
		checkInside(this.folder, ['texts'], this.machine.files);
		const { header } = this.journal;
		if (!header) {
			this.journal.start({ base: this.seq, generation: this.journals?.next ?? newGeneration() }, fence);
		}
		const torn = this.journal.open();
		if (torn.length > 0) {
			fence.check();
			this.keepTorn(torn);
			this.journal.takeBack();
		}
		this.texts.begin(this.journal.header?.texts ?? 1);
		this.db.exec('BEGIN');
	}

	private keepTorn(torn: Buffer): void {
		let kept = '';
		try {
			kept = `; they are kept in .stat/${keepLines(this.folder, [torn], this.machine)}`;
		} catch {
			// No room for a copy of half a line that nobody was told is stored.
		}
		this.log(`cut ${torn.length} bytes of an unfinished write off stat.journal${kept}`);
	}

	/** Runs one write of the group; a failing one takes back only itself. */
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
	 * Makes the group durable, then counts it: texts, journal, memory, in this order. On failure nothing of it remains.
	 * `confirm` is told the journal's bytes and tells whether the lock was ours until then; where it was not, throws
	 * `store.lockTaken`, and whoever took the lock decides what became of the group.
	 */
	commit(group: readonly Buffer[], fence: Fence, confirm: (journalBytes: number) => boolean): void {
		const before = this.seq - group.length;
		if (group.length === 0) {
			this.rollback(before);
			return;
		}
		try {
			// All files are open by now: what is written after this check lands in them, or nowhere that counts.
			fence.check();
			this.texts.flush();
			this.journal.append(group);
		} catch (error) {
			this.rollback(before);
			if (!isLockTaken(error)) {
				this.journal.takeBack();
			}
			throw error;
		} finally {
			this.texts.end();
		}
		if (!confirm(this.journal.bytes + group.reduce((sum, line) => sum + line.length, 0))) {
			this.rollback(before);
			this.journal.forget();
			throw new StatError('store.lockTaken', {});
		}
		this.db.exec('COMMIT');
		this.journal.keep(group);
	}

	/** Forgets a group that was begun. */
	rollback(seq: number): void {
		this.seq = seq;
		this.texts.end();
		this.db.exec('ROLLBACK');
	}

	/** After a group, whatever came of it. */
	end(): void {
		this.journal.close();
	}

	get sequence(): number {
		return this.seq;
	}

	/**
	 * Under the lock, caught up: a new snapshot and an empty journal. A crash in between is harmless: records carry
	 * their seq, and the snapshot names the journal before it and the one after it.
	 */
	compact(fence: Fence): void {
		const { file, header } = this.journal;
		const { files } = this.machine;
		this.removeLeftovers(fence);
		const journals = { next: newGeneration(), before: header?.generation ?? '' };
		this.snapshotBytes = saveSnapshot(path.join(this.folder, 'stat.db'), this.db, this.seq, journals, files, fence);
		this.journals = journals;
		keepCopy(file, `${file}.bak`, files, fence);
		this.journal.start({ base: this.seq, generation: journals.next, texts: header?.texts ?? 1 }, fence);
	}

	/** Half-written files of stores that died, or whose lock was taken: they may be as large as the project. */
	private removeLeftovers(fence: Fence): void {
		const { files } = this.machine;
		for (const name of files.readdirSync(this.folder)) {
			const store = /^stat\..*\.([0-9a-f]{12})\.tmp$/.exec(name)?.[1];
			if (store !== undefined && store !== fence.store) {
				removeIfThere(path.join(this.folder, name), files);
			}
		}
	}

	/**
	 * Notes how far the project has come, at most once a second: a journal that ends before this was cut. Not synced: a
	 * mark that is behind is still true.
	 */
	mark(isLast: boolean): void {
		const generation = this.journal.header?.generation;
		const now = this.machine.monotonic();
		if (generation === undefined || (!isLast && now - this.marked < 1000)) {
			return;
		}
		this.marked = now;
		const { files } = this.machine;
		const bytes = encodeLine({ stat: 'mark', generation, seq: this.seq });
		try {
			const fd = openToWriteIfThere(this.markFile, files) ?? createNew(this.markFile, files);
			if (fd !== undefined) {
				try {
					files.ftruncateSync(fd, 0);
					files.writeSync(fd, bytes, 0, bytes.length, 0);
				} finally {
					files.closeSync(fd);
				}
			}
		} catch {
			// Nothing depends on it but a warning.
		}
	}

	private get markFile(): string {
		return path.join(this.folder, 'lock.mark');
	}

	private checkMark(damage: Damage): void {
		let bytes: Buffer | undefined;
		try {
			bytes = readIfThere(this.markFile, this.machine.files);
		} catch {
			return;
		}
		const mark = bytes && decodeMark(bytes.subarray(0, -1));
		const { header } = this.journal;
		const isMarkOfProject =
			!header || mark?.generation === header.generation || mark?.generation === this.journals?.next;
		if (mark && isMarkOfProject && mark.seq > this.seq) {
			damage.lose(
				this.seq + 1,
				mark.seq,
				header ? ': the end of stat.journal is missing' : ': stat.journal is missing',
			);
			this.seq = mark.seq;
		}
	}

	/** Journals that were written to after their lock was taken: reports them. Returns their names. */
	private takenJournals(damage: Damage): string[] {
		const { files } = this.machine;
		return files.readdirSync(this.folder).filter((name) => {
			const length = Number(/^lock\.taken-[0-9a-f]+-[0-9a-f]+-(\d+)$/.exec(name)?.[1] ?? Number.NaN);
			const size = files.lstatSync(path.join(this.folder, name), { throwIfNoEntry: false })?.size ?? 0;
			if (!(size > length)) {
				return false;
			}
			damage.messages.push(
				'a process went on writing after its lock had been taken; it was told that nothing of this is stored. ' +
					`What it wrote is kept in .stat/${name.replace(/^lock\.taken-/, 'stat.journal.corrupt-')}`,
			);
			return true;
		});
	}

	close(): void {
		this.texts.close();
		this.journal.close();
		this.db.close();
	}

	private empty(): Sql {
		return emptyDatabase(this.engine, this.steps);
	}

	private loadDatabase(damage: Damage): {
		snapshot: 'good' | 'missing' | 'damaged';
		migratedFrom: number;
		file: string | undefined;
	} {
		const main = path.join(this.folder, 'stat.db');
		let state: 'good' | 'missing' | 'damaged' = 'missing';
		for (const file of [main, `${main}.bak`]) {
			const found = loadSnapshot(this.engine, file, this.steps, this.machine.files);
			if (found.state === 'good') {
				this.db.close();
				this.db = found.db;
				this.seq = found.seq;
				this.snapshotBytes = found.bytes;
				this.journals = found.journals;
				if (file !== main) {
					damage.messages.push(
						`stat.db ${state === 'missing' ? 'is missing' : 'could not be used'}: went back to ` +
							'stat.db.bak and the journals',
					);
				}
				return { snapshot: file === main ? 'good' : state, migratedFrom: found.migratedFrom, file };
			}
			if (found.state === 'damaged') {
				damage.messages.push(`${path.basename(file)} is damaged (${found.why})`);
				state = 'damaged';
			}
		}
		this.db.close();
		this.db = this.empty();
		this.seq = 0;
		this.journals = undefined;
		return { snapshot: state, migratedFrom: this.steps.length, file: undefined };
	}

	/**
	 * Replays a journal file from its start; returns the bytes of a torn tail. `current`: it is the one we go on
	 * writing.
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
			const header = first.done ? undefined : decodeHeader(first.value.bytes, this.steps.length);
			if (current && header && first.value?.ended) {
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

	/** Applies the good records that are new. */
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
			verb.replay({ db: this.db, texts: this.texts, seq: record.seq }, record.params);
			this.db.exec('RELEASE one');
		} catch (error) {
			this.db.exec('ROLLBACK TO one; RELEASE one');
			const why = `record ${record.seq} (${record.verb}): ${(error as Error).message}`;
			if (!(error instanceof StatError) && !damage.lost) {
				// Sound by its checksum and its shape, and nothing before it is missing: the fault is ours, the record
				// is not to be set aside.
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
		for (const topic of verb.topics) {
			topics.add(topic);
		}
		return true;
	}

	/** Under the lock: sets damaged things aside, writes a sound snapshot and journal, and reports it. */
	private repair(damage: Damage, olderSchema: number | undefined, fence: Fence): void {
		const main = path.join(this.folder, 'stat.db');
		if (olderSchema !== undefined) {
			keepCopy(main, `${main}.before-schema-${this.steps.length}`, this.machine.files, fence);
			this.log(
				`schema ${olderSchema} brought to ${this.steps.length}; the database before is kept as ` +
					`stat.db.before-schema-${this.steps.length}`,
			);
		}
		damage.keep(this.folder, this.engine, this.steps, this.machine);
		if (damage.lost) {
			this.findReplies();
		}
		this.compact(fence);
		this.warnings.push(...damage.messages);
	}

	/** Paid replies outlive the records that named them: their segments name them too. */
	private findReplies(): void {
		this.db.exec('BEGIN');
		try {
			verbNamed('reindexReplies')?.write(this.context, {});
		} finally {
			this.db.exec('COMMIT');
		}
	}
}

/** Whether an error says that another process took the lock. */
export function isLockTaken(error: unknown): boolean {
	return error instanceof StatError && error.code === 'store.lockTaken';
}
