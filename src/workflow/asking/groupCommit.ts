/** Milliseconds between the starts of two writes. */
const pause = 500;

/**
 * Writes rows as they arrive, with one write in flight at a time and at most two a second; rows that arrive meanwhile
 * join the next write. What they are made from is already stored, so a kill costs no more than making them again.
 */
export class GroupCommit<Row> {
	private waiting: Row[] = [];
	private writing: Promise<void> | undefined;
	private failed: { readonly error: unknown } | undefined;
	private isDraining = false;
	private wake: () => void = () => undefined;
	private last = Number.NEGATIVE_INFINITY;

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
		this.isDraining = true;
		this.wake();
		await this.writing;
		if (this.failed) {
			throw this.failed.error;
		}
	}

	private async writeWaiting(): Promise<void> {
		try {
			while (this.waiting.length > 0) {
				await this.rest();
				const rows = this.waiting;
				this.waiting = [];
				await this.write(rows);
			}
		} catch (error) {
			this.failed = { error };
		}
		this.writing = undefined;
	}

	private async rest(): Promise<void> {
		const left = this.last + pause - performance.now();
		if (left > 0 && !this.isDraining) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, left);
				this.wake = () => {
					clearTimeout(timer);
					resolve();
				};
			});
		}
		this.last = performance.now();
	}
}
