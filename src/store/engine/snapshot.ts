import { crc32 } from 'node:zlib';
import type { SqlJsStatic } from 'sql.js';
import { keepCopy, readIfThere, replaceFile, syncFolder } from './projectFiles.ts';
import { isOurSchema, migrate, schemaMigrations, schemaVersion } from './schema.ts';
import { Sql } from './sql.ts';
import { StatError } from '../../core/errors/statError.ts';
import path from 'node:path';
import * as fs from 'node:fs';

/** A mark and the database's CRC-32 follow its bytes. SQLite does not read past its last page. */
const mark = Buffer.from('STATDB01');
const trailerBytes = 12;

/** Writes `stat.db` in one step and keeps the previous one as `.bak`. */
export function saveSnapshot(file: string, db: Sql, seq: number): number {
	db.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('seq', ?)", seq);
	const bytes = db.export();
	const trailer = Buffer.alloc(trailerBytes);
	mark.copy(trailer);
	trailer.writeUInt32LE(crc32(bytes), mark.length);
	if (fs.existsSync(file)) {
		keepCopy(file, `${file}.bak`);
	}
	replaceFile(file, [bytes, trailer]);
	syncFolder(path.dirname(file));
	return bytes.length;
}

export type Snapshot =
	| {
			readonly state: 'good';
			readonly db: Sql;
			readonly seq: number;
			readonly migratedFrom: number;
			readonly bytes: number;
	  }
	| { readonly state: 'missing' }
	| { readonly state: 'damaged'; readonly why: string };

/**
 * Opens a snapshot. Anything that differs from what we write counts as damaged. A newer schema, or an older one whose
 * migration fails, throws instead: the file is sound.
 */
export function loadSnapshot(
	engine: SqlJsStatic,
	file: string,
	migrations: readonly string[] = schemaMigrations,
): Snapshot {
	let bytes: Buffer | undefined;
	try {
		bytes = readIfThere(file);
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
