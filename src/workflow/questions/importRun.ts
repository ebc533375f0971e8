import type { FieldsUsed, ImportBatch } from '../../core/ports/files.ts';
import type { RowProblem } from '../../core/questions/imported.ts';
import type { Run } from '../../core/run.ts';
import { throwIfCancelled } from '../../core/errors/statError.ts';
import type { Conflict } from '../../core/ports/store/questions.ts';
import type { Store } from '../../core/ports/store/store.ts';

/** Maximum number of problems and conflicts listed in a result; the set-aside list contains all problems. */
const listed = 1000;

/**
 * Tracks what every import needs besides its rows: progress in bytes, rows set aside (they are also stored, and removed
 * when the same line of the same file is imported later), and conflicts with their location.
 */
export class ImportRun {
	readonly problems: RowProblem[] = [];
	readonly conflicts: (Conflict & { file: string; line: number })[] = [];
	/** Number of rows that were set aside. */
	skipped = 0;
	/** Number of rows that came in, and of those whose question has a reference answer, in the file or the project. */
	readonly references = { rows: 0, of: 0 };
	private conflictCount = 0;
	private readonly fieldsOf = new Map<string, FieldsUsed>();
	private readonly earlier = new Map<string, string>();
	private readonly again = new Set<string>();

	private constructor(
		private readonly store: Pick<Store, 'read' | 'write'>,
		private readonly operation: string,
		private readonly files: readonly string[],
		private readonly run: Run,
	) {}

	static async start(
		store: Pick<Store, 'read' | 'write'>,
		operation: string,
		files: readonly string[],
		run: Run,
	): Promise<ImportRun> {
		const imported = new ImportRun(store, operation, files, run);
		for (let offset = 0; ; offset += 1000) {
			const { total, rows } = await store.read('setAside', { operation, offset, limit: 1000 });
			for (const row of rows) {
				if (row.file !== null && files.includes(row.file)) {
					imported.earlier.set(row.key, row.file);
				}
			}
			if (offset + rows.length >= total || rows.length === 0) {
				return imported;
			}
		}
	}

	/**
	 * Yields every batch of every file. Reports progress and checks for cancellation between batches, and collects
	 * problems along the way.
	 */
	async *batches<Row>(
		open: (file: string) => AsyncIterable<ImportBatch<Row>>,
	): AsyncGenerator<{ readonly file: string; readonly batch: ImportBatch<Row> }> {
		for (const [index, file] of this.files.entries()) {
			for await (const batch of open(file)) {
				throwIfCancelled(this.run);
				await this.takeProblems(batch.problems);
				if (batch.fields !== undefined) {
					this.fieldsOf.set(file, batch.fields);
				}
				yield { file, batch };
				this.run.progress({
					label: 'Importing',
					done: batch.bytes,
					total: batch.bytesTotal,
					detail: this.files.length > 1 ? `${file} (${index + 1} of ${this.files.length})` : file,
				});
			}
			throwIfCancelled(this.run);
		}
	}

	/**
	 * Records the conflicts of one write, whose row i came from line `rows[i].line` of `file`. Refused rows (`split`)
	 * are set aside like unreadable ones.
	 */
	async takeConflicts(
		file: string,
		rows: readonly { readonly line: number; readonly text: string }[],
		conflicts: readonly Conflict[],
		refused: number,
	): Promise<void> {
		this.skipped += refused;
		this.conflictCount += conflicts.length;
		for (const conflict of conflicts) {
			if (this.conflicts.length < listed) {
				this.conflicts.push({ ...conflict, file, line: rows[conflict.index]?.line ?? 0 });
			}
		}
		await this.setAside(
			conflicts
				.filter(({ field }) => field === 'split')
				.map(({ index, kept, offered }) => ({
					file,
					line: rows[index]?.line ?? 0,
					field: 'split',
					message:
						`this question is a ${kept} question already, so it cannot join ${offered}: training ` +
						'and evaluation never share a question',
					excerpt: rows[index]?.text.slice(0, 2000),
				})),
		);
	}

	/** The fields of all files. */
	get fields(): FieldsUsed {
		const used = new Set([...this.fieldsOf.values()].flatMap((fields) => fields.used));
		const unused = new Set([...this.fieldsOf.values()].flatMap((fields) => fields.unused));
		return { used: [...used], unused: [...unused].filter((name) => !used.has(name)) };
	}

	/** Counts rows that came in. */
	count(rows: number, withReference: number): void {
		this.references.of += rows;
		this.references.rows += withReference;
	}

	/** Clears set-aside rows of earlier runs that this run imported from the same files, and reports what remains. */
	async finish(): Promise<void> {
		const cleared = [...this.earlier.keys()].filter((key) => !this.again.has(key));
		if (cleared.length > 0) {
			await this.store.write('clearSetAside', { operation: this.operation, keys: cleared });
		}
		for (const problem of this.problems.slice(0, 20)) {
			const place = `${problem.file}:${problem.line}: ${problem.field ? `${problem.field}: ` : ''}`;
			const imported = problem.kept ? ' (the row came in without it)' : '';
			this.run.log('warn', `${place}${problem.message}${imported}`);
		}
		for (const conflict of this.conflicts.slice(0, 20)) {
			this.run.log(
				'warn',
				`${conflict.file}:${conflict.line}: ${conflict.field} differs: stored ` +
					`"${clip(conflict.kept)}", offered "${clip(conflict.offered)}"`,
			);
		}
		if (this.conflictCount > 20) {
			this.run.log('warn', `${this.conflictCount} conflicts in all; what was known first stays`);
		}
		if (this.skipped > 0) {
			this.run.log('warn', `${this.skipped} rows did not come in`);
		}
		const warning = noReferences(this.references, this.fields);
		if (warning !== undefined) {
			this.run.log('warn', warning);
		}
	}

	private async takeProblems(problems: readonly RowProblem[]): Promise<void> {
		const rows = problems.filter(({ kept }) => !kept);
		this.skipped += rows.length;
		this.problems.push(...problems.slice(0, Math.max(0, listed - this.problems.length)));
		await this.setAside(rows);
	}

	private async setAside(problems: readonly RowProblem[]): Promise<void> {
		if (problems.length === 0) {
			return;
		}
		const at = this.run.now();
		const rows = problems.map(({ file, line, field, message, excerpt }) => ({
			operation: this.operation,
			key: `${file}:${line}:${field}`,
			file,
			line,
			field,
			message,
			text: excerpt ?? null,
			at,
		}));
		rows.forEach(({ key }) => this.again.add(key));
		await this.store.write('setAside', { rows });
	}
}

/**
 * Returns the warning that no row has a reference answer, with the fields that may hold it; `undefined` if one has, or no
 * row came in.
 */
export function noReferences(
	{ rows, of }: { readonly rows: number; readonly of: number },
	{ unused }: FieldsUsed,
): string | undefined {
	if (of === 0 || rows > 0) {
		return undefined;
	}
	const fields = unused.slice(0, 12).map((name) => name.slice(0, 60));
	return (
		`none of the ${of} rows has a reference answer, so no answer to these questions can be graded. ` +
		(fields.length === 0
			? 'The file has no other fields with text'
			: `Fields that were not used: ${fields.join(', ')}; if one holds the reference, map gold to it`)
	);
}

function clip(text: string): string {
	const line = text.replace(/\s+/g, ' ');
	return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
