import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { Stopper } from './retry.ts';

interface Takes {
	call(call: TeacherCall): void;
	/** Called when the caller's own iterator throws. */
	broken(error: unknown): void;
	/** Called after a call that was being awaited arrives, or when the source ends or fails. */
	more(): void;
}

/**
 * The caller's calls, pulled one at a time and only on request, so that a list of 25,000 prompts is never held in
 * memory.
 */
export class CallSource {
	private readonly iterator: Iterator<TeacherCall> | AsyncIterator<TeacherCall>;
	private isExhausted = false;
	private waiting = false;

	constructor(
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		private readonly stopper: Stopper,
		private readonly takes: Takes,
	) {
		this.iterator = Symbol.asyncIterator in calls ? calls[Symbol.asyncIterator]() : calls[Symbol.iterator]();
	}

	get exhausted(): boolean {
		return this.isExhausted;
	}

	/** Whether the next call is being awaited. */
	get busy(): boolean {
		return this.waiting;
	}

	next(): void {
		let next: IteratorResult<TeacherCall> | Promise<IteratorResult<TeacherCall>>;
		try {
			next = this.iterator.next();
		} catch (error) {
			this.isExhausted = true;
			this.takes.broken(error);
			return;
		}
		if (!(next instanceof Promise)) {
			this.take(next);
			return;
		}
		this.waiting = true;
		this.stopper
			.race(next)
			.then(
				(result) => this.take(result),
				(error: unknown) => {
					this.isExhausted = true;
					if (!this.stopper.stopped) {
						this.takes.broken(error);
					}
				},
			)
			.catch((error: unknown) => this.takes.broken(error))
			.finally(() => {
				this.waiting = false;
				this.takes.more();
			});
	}

	/**
	 * Tells the iterator that no more calls are needed. Callers do not await this, because an async generator suspended
	 * at its own await would keep them waiting.
	 */
	async leave(): Promise<void> {
		if (!this.isExhausted) {
			this.isExhausted = true;
			try {
				await this.iterator.return?.();
			} catch {
				// Nobody needs the iterator any more.
			}
		}
	}

	private take(result: IteratorResult<TeacherCall>): void {
		if (result.done) {
			this.isExhausted = true;
		} else {
			this.takes.call(result.value);
		}
	}
}
