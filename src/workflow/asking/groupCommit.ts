/**
 * Writes rows as they come, one write in flight: what arrives meanwhile goes into the next. Rows are durable about as
 * soon as they can be, and a slow disk makes the writes larger, not the queue longer than the callers.
 */
export class GroupCommit<Row> {
	private waiting: Row[] = [];
	private writing: Promise<void> | undefined;
	private failed: { readonly error: unknown } | undefined;

	constructor(private readonly write: (rows: readonly Row[]) => Promise<unknown>) {}

	/** Throws what an earlier write failed with. */
	add(row: Row): void {
		if (this.failed) {
			throw this.failed.error;
		}
		this.waiting.push(row);
		this.writing ??= this.writeWaiting();
	}

	/** Resolves when everything added is durable; throws what a write failed with. */
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
