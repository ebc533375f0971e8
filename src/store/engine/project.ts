import * as fs from 'node:fs';
import path from 'node:path';
import type { SqlJsStatic } from 'sql.js';
import { StatError } from '../../core/errors/statError.ts';
import type { Topic } from '../../core/ports/store/store.ts';
import { topics as allTopics } from '../../core/ports/store/store.ts';
import { Damage } from './damage.ts';
import type { JournalRecord } from './journal.ts';
import { decodeHeader, decodeRecord, encodeLine, lines } from './journal.ts';
import { JournalFile } from './journalFile.ts';
import { checkInside, keepCopy, openForReading } from './projectFiles.ts';
import { migrate, schemaMigrations } from './schema.ts';
import { loadSnapshot, saveSnapshot } from './snapshot.ts';
import { Sql } from './sql.ts';
import { Texts } from './texts.ts';
import type { Context } from '../tables/verb.ts';
import { verbNamed } from '../tables/verbs.ts';

/**
 * One process's view of `.stat`: the database in memory, and how much of the journal it contains. All methods are
 * synchronous; the caller of a method marked "under the lock" holds it.
 */
export class Project {
	readonly folder: string;
	readonly texts: Texts;
	readonly warnings: string[] = [];
	private readonly engine: SqlJsStatic;
	private readonly migrations: readonly string[];
	private readonly log: (message: string) => void;
	private db: Sql;
	private seq = 0;
	private readonly journal: JournalFile;
	private snapshotBytes = 0;

	constructor(
		engine: SqlJsStatic,
		folder: string,
		log: (message: string) => void,
		migrations: readonly string[] = schemaMigrations,
	) {
		this.engine = engine;
		this.folder = folder;
		this.log = log;
		this.migrations = migrations;
		this.texts = new Texts(path.join(folder, 'texts'));
		this.journal = new JournalFile(path.join(folder, 'stat.journal'), migrations.length);
		this.db = this.empty();
	}

	get context(): Context {
		return { db: this.db, texts: this.texts, seq: this.seq };
	}

	get journalBytes(): number {
		return this.journal.bytes;
	}

	/** Whether compacting now saves the next opening more than it costs. */
	get isWorthCompacting(): boolean {
		return this.journalBytes > 1 << 20 && this.journalBytes > this.snapshotBytes / 8;
	}

	/**
	 * Reads everything from the files. With `repair`, which needs the lock, damaged records and files are set aside, a
	 * new snapshot is written, and `warnings` describe what happened. Without it, returns false if a repair is needed.
	 */
	load(repair: boolean): boolean {
		this.texts.close();
		this.journal.forget();
		const damage = new Damage();
		const { migratedFrom, snapshot, file } = this.loadDatabase(damage);
		const header = this.journal.header();
		if (snapshot !== 'good' || (header && header.base > this.seq)) {
			// The snapshot is older than the journal: the records between them are in the previous journal.
			this.replayFile(`${this.journal.file}.bak`, damage, false);
		}
		if (header && header.base > this.seq) {
			damage.lose(this.seq + 1, header.base, ': no sound snapshot or journal holds them');
			this.seq = header.base;
		}
		const torn = this.replayFile(this.journal.file, damage, true);
		const isOlder = migratedFrom < this.migrations.length && file !== undefined;
		if (damage.messages.length === 0 && !isOlder) {
			return true;
		}
		if (!repair) {
			return false;
		}
		this.repair(damage, torn, isOlder ? migratedFrom : undefined);
		return true;
	}

	/** For a read-only project: uses what could be read and reports what is damaged. */
	loadReadOnly(): void {
		const before = this.warnings.length;
		if (!this.load(false) && this.warnings.length === before) {
			this.warnings.push(
				'the project has damaged files or an older schema; open it once with leave to write and ' +
					'they are set right',
			);
		}
	}

	/**
	 * Applies what other processes have written since. Returns the changed topics, or `undefined` if only {@link load}
	 * under the lock can tell.
	 */
	catchUp(): Set<Topic> | undefined {
		const topics = new Set<Topic>();
		const damage = new Damage();
		if (
			this.journal.readNew((fd, from, end) => void this.replay(fd, from, end, damage, true, topics)) === 'other'
		) {
			return this.reload();
		}
		return damage.messages.length === 0 ? topics : undefined;
	}

	/** Starts a group of writes. Under the lock, after catching up. */
	begin(): void {
		checkInside(this.folder, ['texts']);
		if (this.journal.bytes === 0) {
			this.journal.start(this.seq);
		}
		const torn = this.journal.cutTornTail();
		if (torn > 0) {
			this.log(`cut ${torn} bytes of an unfinished write off stat.journal`);
		}
		this.texts.begin();
		this.db.exec('BEGIN');
	}

	/** Applies one write of the group; a failed one undoes only itself. */
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
	 * Makes the group durable and then effective: texts, journal and memory, in this order. After a failure nothing of
	 * it remains.
	 */
	commit(group: readonly Buffer[]): void {
		const before = this.seq - group.length;
		if (group.length === 0) {
			this.rollback(before);
			return;
		}
		try {
			this.texts.flush();
			this.journal.append(group);
			this.db.exec('COMMIT');
			this.journal.keep(group);
		} catch (error) {
			this.rollback(before);
			this.journal.revert();
			throw error;
		}
	}

	/** Discards a started group. */
	rollback(seq: number): void {
		this.seq = seq;
		this.db.exec('ROLLBACK');
	}

	get sequence(): number {
		return this.seq;
	}

	/**
	 * Writes a new snapshot and an empty journal. Under the lock, after catching up. A crash in between is harmless:
	 * records carry their seq.
	 */
	compact(): void {
		const { file } = this.journal;
		this.snapshotBytes = saveSnapshot(path.join(this.folder, 'stat.db'), this.db, this.seq);
		if (fs.existsSync(file)) {
			keepCopy(file, `${file}.bak`);
		}
		this.journal.start(this.seq);
	}

	close(): void {
		this.texts.close();
		this.journal.close();
		this.db.close();
	}

	private empty(): Sql {
		const db = new Sql(this.engine);
		migrate(db, this.migrations);
		return db;
	}

	private loadDatabase(damage: Damage): {
		snapshot: 'good' | 'missing' | 'damaged';
		migratedFrom: number;
		file: string | undefined;
	} {
		const main = path.join(this.folder, 'stat.db');
		let state: 'good' | 'missing' | 'damaged' = 'missing';
		for (const file of [main, `${main}.bak`]) {
			const found = loadSnapshot(this.engine, file, this.migrations);
			if (found.state === 'good') {
				this.db.close();
				this.db = found.db;
				this.seq = found.seq;
				this.snapshotBytes = found.bytes;
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
		return { snapshot: state, migratedFrom: this.migrations.length, file: undefined };
	}

	private reload(): Set<Topic> | undefined {
		return this.load(false) ? new Set(allTopics) : undefined;
	}

	/**
	 * Replays a journal file from its start; returns the bytes of a torn tail. `current` marks the file to which new
	 * records go.
	 */
	private replayFile(file: string, damage: Damage, current: boolean): Buffer | undefined {
		if (!fs.existsSync(file)) {
			return undefined;
		}
		const fd = openForReading(file);
		try {
			const { size, ino } = fs.fstatSync(fd);
			const first = lines(fd, 0, size).next();
			const header = first.done ? undefined : decodeHeader(first.value.bytes, this.migrations.length);
			if (current && header && first.value?.ended) {
				this.journal.began(ino, first.value.bytes);
			} else if (current && size > 0) {
				damage.messages.push(`the first line of ${path.basename(file)} is damaged`);
			}
			const from = first.value && (header || first.value.ended) ? first.value.bytes.length + 1 : size;
			if (!header && first.value) {
				damage.badLines.push(first.value.bytes);
			}
			return this.replay(fd, Math.min(from, size), size, damage, current, new Set());
		} finally {
			fs.closeSync(fd);
		}
	}

	/** Applies the sound records that are new. */
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
			for (const line of lines(fd, from, end)) {
				if (!line.ended) {
					return line.bytes;
				}
				const record = decodeRecord(line.bytes);
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
				// The record's checksum and shape are right and nothing before it is missing: the fault is ours, so it
				// is not set aside.
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

	/** Sets damaged data aside, writes a sound snapshot and journal, and reports both. Under the lock. */
	private repair(damage: Damage, torn: Buffer | undefined, olderSchema: number | undefined): void {
		const main = path.join(this.folder, 'stat.db');
		if (olderSchema !== undefined) {
			keepCopy(main, `${main}.before-schema-${this.migrations.length}`);
			this.log(
				`schema ${olderSchema} brought to ${this.migrations.length}; the earlier database is stored as ` +
					`stat.db.before-schema-${this.migrations.length}`,
			);
		}
		damage.keep(this.folder, torn, this.engine, this.migrations);
		if (damage.lost) {
			this.findReplies();
		}
		this.compact();
		this.warnings.push(...damage.messages);
	}

	/** Paid replies outlive the records that name them, since their segments name them too. */
	private findReplies(): void {
		this.db.exec('BEGIN');
		try {
			verbNamed('reindexReplies')?.write(this.context, {});
		} finally {
			this.db.exec('COMMIT');
		}
	}
}
