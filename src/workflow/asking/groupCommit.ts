/**
 * Writes rows as they arrive, with one write in flight at a time; rows that arrive meanwhile join the next write. Rows
 * become durable about as soon as possible, and a slow disk makes the writes larger rather than the queue longer.
 */
export class GroupCommit<Row> {
	private waiting: Row[] = [];
	private writing: Promise<void> | undefined;
	private failed: { readonly error: unknown } | undefined;

	constructor(private readonly write: (rows: readonly Row[]) => Promise<unknown>) {}

	/** Throws the error of an earlier write, if there was one. */
	add(row: Row): void {
		if (this.failed) {
			throw this.failed.error;
		}
		this.waiting.push(row);
		this.writing ??= this.writeWaiting();
	}

	/** Resolves when everything added is durable; throws the error of a failed write. */
	async drain(): Promise<void> {
		await this.writing;
		if (this.failed) {
			throw this.failed.error;
		}
	}

	private async writeWaiting(): Promise<void> {
		try {
			while (this.waiting.length > 0) {
				const rows = this.waiting;
				this.waiting = [];
				await this.write(rows);
			}
		} catch (error) {
			this.failed = { error };
		}
		this.writing = undefined;
	}
}
