import type { SqlJsStatic } from 'sql.js';
import { StatError } from '../../core/errors/statError.ts';
import { Sql } from './sql.ts';
import { evaluations, firstVerdicts, jury, rounds, skillEdits, textSums } from './migrations.ts';

/**
 * Migration i takes the database from version i to i + 1. Never edit a released migration; add a new one. packed.ts
 * stores free text. Splits: 0 train, 1 validation, 2 test. Label sources: 1 bank, 2 teacher, 3 person.
 */
export const schemaMigrations: readonly string[] = [
	`
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE question (id INTEGER PRIMARY KEY, qid TEXT NOT NULL UNIQUE, split INTEGER NOT NULL, subject TEXT, \
level NUMERIC, benchmark TEXT, gold, solution, exact, text TEXT NOT NULL);
CREATE INDEX question_order ON question (subject, level, substr(text, 1, 80), id);
CREATE INDEX question_split ON question (split, qid);
CREATE TABLE source (id INTEGER PRIMARY KEY, name UNIQUE NOT NULL);
CREATE TABLE question_source (question INTEGER NOT NULL, source INTEGER NOT NULL, PRIMARY KEY (question, \
source)) WITHOUT ROWID;
CREATE TABLE skill (id INTEGER PRIMARY KEY, subject TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (subject, name));
CREATE TABLE label (question INTEGER NOT NULL, skill INTEGER NOT NULL, source INTEGER NOT NULL, \
effective INTEGER NOT NULL, PRIMARY KEY (question, skill, source)) WITHOUT ROWID;
CREATE INDEX label_skill ON label (skill, effective, question);
CREATE TABLE labelling (question INTEGER NOT NULL, source INTEGER NOT NULL, author, at, reply, \
PRIMARY KEY (question, source)) WITHOUT ROWID;
CREATE TABLE scope (id INTEGER PRIMARY KEY, student TEXT NOT NULL, round INTEGER NOT NULL, imported INTEGER, \
UNIQUE (student, round));
CREATE TABLE answer (scope INTEGER NOT NULL, question INTEGER NOT NULL, sample INTEGER NOT NULL, \
segment INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, verdict INTEGER, log INTEGER, \
extracted, words INTEGER NOT NULL, last REAL, mean REAL, least REAL, PRIMARY KEY (scope, question, \
sample)) WITHOUT ROWID;
CREATE TABLE tally (scope INTEGER NOT NULL, question INTEGER NOT NULL, samples INTEGER NOT NULL, \
right INTEGER NOT NULL, PRIMARY KEY (scope, question)) WITHOUT ROWID;
CREATE TABLE classification (scope INTEGER PRIMARY KEY, method TEXT NOT NULL, settings TEXT NOT NULL, \
at TEXT NOT NULL);
CREATE TABLE difficulty (scope INTEGER NOT NULL, question INTEGER NOT NULL, difficult INTEGER, \
PRIMARY KEY (scope, question)) WITHOUT ROWID;
CREATE TABLE diagnosis (scope INTEGER NOT NULL, question INTEGER NOT NULL, body NOT NULL, PRIMARY KEY (scope, \
question)) WITHOUT ROWID;
CREATE TABLE correction (id INTEGER PRIMARY KEY, scope INTEGER NOT NULL, question INTEGER NOT NULL, body NOT NULL);
CREATE INDEX correction_question ON correction (scope, question);
CREATE TABLE finding (scope INTEGER NOT NULL, question INTEGER NOT NULL, diagnosed INTEGER NOT NULL, \
corrected INTEGER NOT NULL, disputed INTEGER NOT NULL, missing INTEGER NOT NULL, PRIMARY KEY (scope, \
question)) WITHOUT ROWID;
CREATE TABLE missing (scope INTEGER NOT NULL, skill INTEGER NOT NULL, question INTEGER NOT NULL, \
place INTEGER NOT NULL, PRIMARY KEY (scope, skill, question)) WITHOUT ROWID;
CREATE INDEX missing_question ON missing (scope, question, place);
CREATE TABLE set_aside (id INTEGER PRIMARY KEY, operation NOT NULL, key NOT NULL, file, line INTEGER, field, \
message NOT NULL, text, at TEXT NOT NULL, UNIQUE (operation, key));
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE reply (key TEXT PRIMARY KEY, segment INTEGER NOT NULL, offset INTEGER NOT NULL, \
length INTEGER NOT NULL) WITHOUT ROWID;
`,
	// Curation. Statuses: 0 waiting, 1 accepted, 2 edited, 3 rejected. Decisions outlive their items, so that a rebuilt
	// dataset finds them again.
	`
CREATE TABLE item (id INTEGER PRIMARY KEY, dataset TEXT NOT NULL, qid TEXT NOT NULL, status INTEGER NOT NULL, \
flags TEXT NOT NULL, agree INTEGER NOT NULL, solutions INTEGER NOT NULL, subject TEXT, skill TEXT, \
question TEXT NOT NULL, digest TEXT NOT NULL, body NOT NULL, UNIQUE (dataset, qid));
CREATE INDEX item_status ON item (dataset, status, id);
CREATE TABLE item_decision (id INTEGER PRIMARY KEY, dataset TEXT NOT NULL, qid TEXT NOT NULL, \
status INTEGER NOT NULL, body NOT NULL);
CREATE INDEX item_decision_item ON item_decision (dataset, qid, id);
`,
	`
CREATE TABLE annotation (id INTEGER PRIMARY KEY, aid TEXT NOT NULL, scope INTEGER NOT NULL, \
question INTEGER NOT NULL, corrections INTEGER NOT NULL, body NOT NULL);
CREATE INDEX annotation_question ON annotation (scope, question);
CREATE INDEX annotation_aid ON annotation (aid);
`,
	firstVerdicts,
	skillEdits,
	jury,
	evaluations,
	rounds,
	textSums,
];

/** Migrates an open database; returns the version that it had. */
export function migrate(db: Sql, migrations: readonly string[] = schemaMigrations): number {
	const from = schemaVersion(db);
	if (from > migrations.length) {
		throw new StatError('store.newer', {
			file: 'stat.db',
			part: 'schema',
			version: from,
			known: migrations.length,
		});
	}
	if (from < migrations.length) {
		db.exec(`BEGIN; ${migrations.slice(from).join('\n')} PRAGMA user_version=${migrations.length}; COMMIT;`);
	}
	return from;
}

export function schemaVersion(db: Sql): number {
	return db.number('PRAGMA user_version');
}

/** The bytes of an empty database and the list of its tables, by schema version; the migrations of a build never change. */
const blanks = new WeakMap<readonly string[], Map<number, { readonly bytes: Uint8Array; readonly list: string }>>();

function blank(
	engine: SqlJsStatic,
	migrations: readonly string[],
	version: number,
): { bytes: Uint8Array; list: string } {
	let versions = blanks.get(migrations);
	if (!versions) {
		versions = new Map();
		blanks.set(migrations, versions);
	}
	let made = versions.get(version);
	if (!made) {
		const db = new Sql(engine);
		try {
			migrate(db, migrations.slice(0, version));
			made = { list: tablesOf(db), bytes: db.export() };
		} finally {
			db.close();
		}
		versions.set(version, made);
	}
	return made;
}

function tablesOf(db: Sql): string {
	return JSON.stringify(db.all('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name'));
}

/** Returns a database that has the tables of the newest schema and no rows. */
export function emptyDatabase(engine: SqlJsStatic, migrations: readonly string[] = schemaMigrations): Sql {
	return new Sql(engine, blank(engine, migrations, migrations.length).bytes);
}

/**
 * Whether the database has exactly the schema of its version. A foreign database could hold triggers and views that run
 * with our statements, so a database that differs in any way is not opened.
 */
export function isOurSchema(engine: SqlJsStatic, db: Sql, migrations: readonly string[] = schemaMigrations): boolean {
	return blank(engine, migrations, schemaVersion(db)).list === tablesOf(db);
}
