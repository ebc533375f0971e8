import type { Database, SqlJsStatic, SqlValue, Statement } from 'sql.js';

/** A sql.js database with its prepared statements. Parameters are bound by position; rows are returned as arrays. */
export class Sql {
	private readonly statements = new Map<string, Statement>();
	private readonly database: Database;

	constructor(engine: SqlJsStatic, bytes?: Uint8Array) {
		this.database = new engine.Database(bytes);
		// The file is in memory and the journal makes it durable, so SQLite need not sync, lock or write its own
		// journal.
		this.database.exec(
			`${bytes ? '' : 'PRAGMA page_size=8192;'} PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF; ` +
				'PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-64000; PRAGMA ' +
				'trusted_schema=OFF; PRAGMA recursive_triggers=OFF;',
		);
	}

	/** Runs several statements without parameters. */
	exec(sql: string): void {
		this.database.exec(sql);
	}

	run(sql: string, ...params: SqlValue[]): void {
		const statement = this.prepare(sql);
		try {
			statement.bind(params);
			statement.step();
		} finally {
			statement.reset();
		}
	}

	/** Returns the number of rows that the last {@link run} changed. */
	changed(): number {
		return this.database.getRowsModified();
	}

	/** Returns the first row. */
	get(sql: string, ...params: SqlValue[]): SqlValue[] | undefined {
		const statement = this.prepare(sql);
		try {
			statement.bind(params);
			return statement.step() ? statement.get() : undefined;
		} finally {
			statement.reset();
		}
	}

	/** Returns the first column of the first row as a number, or 0 if there is no row. */
	number(sql: string, ...params: SqlValue[]): number {
		return Number(this.get(sql, ...params)?.[0] ?? 0);
	}

	all(sql: string, ...params: SqlValue[]): SqlValue[][] {
		const rows: SqlValue[][] = [];
		this.each(sql, params, (row) => {
			rows.push(row);
		});
		return rows;
	}

	/** Visits the rows one by one until `visit` returns true. `visit` must not run the same statement. */
	each(sql: string, params: SqlValue[], visit: (row: SqlValue[]) => boolean | void): void {
		const statement = this.prepare(sql);
		try {
			statement.bind(params);
			while (statement.step()) {
				if (visit(statement.get()) === true) {
					return;
				}
			}
		} finally {
			statement.reset();
		}
	}

	/** Returns the file's bytes. Must not be called inside a transaction. */
	export(): Uint8Array {
		return this.database.export();
	}

	close(): void {
		for (const statement of this.statements.values()) {
			statement.free();
		}
		this.statements.clear();
		this.database.close();
	}

	private prepare(sql: string): Statement {
		let statement = this.statements.get(sql);
		if (!statement) {
			// Filters make many variants of one query; the oldest statement is dropped first.
			if (this.statements.size > 300) {
				const [oldest] = this.statements.keys();
				if (oldest !== undefined) {
					this.statements.get(oldest)?.free();
					this.statements.delete(oldest);
				}
			}
			statement = this.database.prepare(sql);
			this.statements.set(sql, statement);
		}
		return statement;
	}
}
