import type { SqlJsStatic } from 'sql.js';
import { crc32 } from './crc32.ts';
import type { Files } from './machine.ts';
import { realFiles } from './machine.ts';
import type { Fence } from './projectFiles.ts';
import { keepCopy, readIfThere, replaceFile, syncFolder, unfenced } from './projectFiles.ts';
import { isOurSchema, migrate, schemaSteps, schemaVersion } from './schema.ts';
import { Sql } from './sql.ts';
import { StatError } from '../../core/errors/statError.ts';
import path from 'node:path';

/** After the database's bytes: a mark and their CRC-32. SQLite does not read past its last page. */
const mark = Buffer.from('STATDB01');
const trailerBytes = 12;

/** The journals that a snapshot may stand beside. */
export interface SnapshotJournals {
	/** Generation of the journal that continues it. */
	readonly next: string;
	/** Generation of the journal that led to it: it is still there when the writer died between the two renames. */
	readonly before: string;
}

/** Writes `stat.db` in one step, keeping the one before as `.bak`. Returns its bytes. */
export function saveSnapshot(
	file: string,
	db: Sql,
	seq: number,
	journals: SnapshotJournals,
	files: Files = realFiles,
	fence: Fence = unfenced,
): number {
	for (const [key, value] of [
		['seq', seq],
		['journal', journals.next],
		['journal.before', journals.before],
	] as const) {
		db.run('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)', key, value);
	}
	const bytes = db.export();
	const trailer = Buffer.alloc(trailerBytes);
	mark.copy(trailer);
	trailer.writeUInt32LE(crc32(bytes), mark.length);
	keepCopy(file, `${file}.bak`, files, fence);
	replaceFile(file, [bytes, trailer], files, fence);
	syncFolder(path.dirname(file), files);
	return bytes.length;
}

export type Snapshot =
	| {
			readonly state: 'good';
			readonly db: Sql;
			readonly seq: number;
			/** `undefined`: written before snapshots knew their journal. */
			readonly journals: SnapshotJournals | undefined;
			readonly migratedFrom: number;
			readonly bytes: number;
	  }
	| { readonly state: 'missing' }
	| { readonly state: 'damaged'; readonly why: string };

/**
 * Opens a snapshot. Anything that is not exactly what we write counts as damaged; a newer schema throws, and so does an
 * older one that cannot be brought up to date: the file is sound, the fault is ours.
 */
export function loadSnapshot(
	engine: SqlJsStatic,
	file: string,
	steps: readonly string[] = schemaSteps,
	files: Files = realFiles,
): Snapshot {
	let bytes: Buffer | undefined;
	try {
		bytes = readIfThere(file, files);
	} catch (error) {
		return { state: 'damaged', why: (error as Error).message };
	}
	if (!bytes) {
		return { state: 'missing' };
	}
	const end = bytes.length - trailerBytes;
	if (end < 512 || !bytes.subarray(end, end + mark.length).equals(mark)) {
		return { state: 'damaged', why: 'it is cut short or was written by something else' };
	}
	const content = bytes.subarray(0, end);
	if (bytes.readUInt32LE(end + mark.length) !== crc32(content)) {
		return { state: 'damaged', why: 'its checksum is wrong' };
	}
	let db: Sql | undefined;
	try {
		db = new Sql(engine, content);
		const version = schemaVersion(db);
		if (version <= steps.length && !isOurSchema(engine, db, steps)) {
			db.close();
			return { state: 'damaged', why: 'its tables are not those STAT Studio makes' };
		}
		const migratedFrom = migrated(db, steps, file);
		return {
			state: 'good',
			db,
			seq: db.number("SELECT value FROM meta WHERE key = 'seq'"),
			journals: journalsOf(db),
			migratedFrom,
			bytes: end,
		};
	} catch (error) {
		db?.close();
		if (error instanceof StatError) {
			throw error;
		}
		return { state: 'damaged', why: (error as Error).message };
	}
}

function journalsOf(db: Sql): SnapshotJournals | undefined {
	const next = db.get("SELECT value FROM meta WHERE key = 'journal'")?.[0];
	const before = db.get("SELECT value FROM meta WHERE key = 'journal.before'")?.[0];
	return typeof next === 'string' ? { next, before: String(before) } : undefined;
}

function migrated(db: Sql, steps: readonly string[], file: string): number {
	const from = schemaVersion(db);
	try {
		return migrate(db, steps);
	} catch (error) {
		throw error instanceof StatError
			? error
			: new StatError(
					'store.notMigrated',
					{ file: path.basename(file), from, to: steps.length, reason: (error as Error).message },
					{ cause: error },
				);
	}
}
