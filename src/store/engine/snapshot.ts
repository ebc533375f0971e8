import { crc32 } from 'node:zlib';
import type { SqlJsStatic } from 'sql.js';
import type { Files } from './machine.ts';
import { realFiles } from './machine.ts';
import type { Fence } from './projectFiles.ts';
import { keepCopy, readIfThere, replaceFile, syncFolder, unfenced } from './projectFiles.ts';
import { isOurSchema, migrate, schemaMigrations, schemaVersion } from './schema.ts';
import { Sql } from './sql.ts';
import { StatError } from '../../core/errors/statError.ts';
import path from 'node:path';

/** A mark and the database's CRC-32 follow its bytes. SQLite does not read past its last page. */
const mark = Buffer.from('STATDB01');
const trailerBytes = 12;

/** The journals that may be found beside a snapshot. */
export interface SnapshotJournals {
	/** Generation of the journal that continues the snapshot. */
	readonly next: string;
	/**
	 * Generation of the journal that led to the snapshot; it is still there if the writer died between the two renames.
	 */
	readonly before: string;
}

/** Writes `stat.db` in one step and renames the previous one to `.bak`. Returns the size in bytes. */
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
			/** `undefined` if it was written before snapshots named their journals. */
			readonly journals: SnapshotJournals | undefined;
			readonly migratedFrom: number;
			readonly bytes: number;
	  }
	| { readonly state: 'missing' }
	| { readonly state: 'damaged'; readonly why: string };

/**
 * Opens a snapshot. Anything that differs from what we write counts as damaged. If the schema is newer, or is older and
 * its migration fails, this throws instead, because the file is sound.
 */
export function loadSnapshot(
	engine: SqlJsStatic,
	file: string,
	migrations: readonly string[] = schemaMigrations,
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
		if (version <= migrations.length && !isOurSchema(engine, db, migrations)) {
			db.close();
			return { state: 'damaged', why: 'its tables are not those STAT Studio makes' };
		}
		const migratedFrom = migrated(db, migrations, file);
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

/**
 * Returns the newer one of `stat.db` and its backup that is sound, what became of `stat.db`, and messages about both.
 */
export function loadNewest(
	engine: SqlJsStatic,
	main: string,
	migrations: readonly string[],
	files: Files,
): {
	readonly found: Extract<Snapshot, { state: 'good' }> | undefined;
	readonly file: string | undefined;
	readonly state: Snapshot['state'];
	readonly messages: readonly string[];
} {
	const messages: string[] = [];
	let state: Snapshot['state'] = 'missing';
	for (const file of [main, `${main}.bak`]) {
		const found = loadSnapshot(engine, file, migrations, files);
		if (found.state === 'good') {
			if (file === main) {
				return { found, file, state: 'good', messages };
			}
			const problem = state === 'missing' ? 'is missing' : 'could not be used';
			messages.push(`stat.db ${problem}: went back to stat.db.bak and the journals`);
			return { found, file, state, messages };
		}
		if (found.state === 'damaged') {
			messages.push(`${path.basename(file)} is damaged (${found.why})`);
			state = 'damaged';
		}
	}
	return { found: undefined, file: undefined, state, messages };
}

function journalsOf(db: Sql): SnapshotJournals | undefined {
	const next = db.get("SELECT value FROM meta WHERE key = 'journal'")?.[0];
	const before = db.get("SELECT value FROM meta WHERE key = 'journal.before'")?.[0];
	return typeof next === 'string' ? { next, before: String(before) } : undefined;
}

function migrated(db: Sql, migrations: readonly string[], file: string): number {
	const from = schemaVersion(db);
	try {
		return migrate(db, migrations);
	} catch (error) {
		throw error instanceof StatError
			? error
			: new StatError(
					'store.notMigrated',
					{ file: path.basename(file), from, to: migrations.length, reason: (error as Error).message },
					{ cause: error },
				);
	}
}
