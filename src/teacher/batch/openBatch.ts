import type { BatchProgress } from '../../core/ports/runningBatches.ts';
import type { TransportReply, TransportRequest } from '../../core/ports/transport.ts';
import type { SentRequest } from '../wire/tolerances.ts';
import type { BatchRecord } from './batchFolder.ts';
import type { LineOutcome } from './batchLines.ts';

/** A request whose reply is to come from a batch. */
export interface Waiter {
	readonly request: TransportRequest;
	readonly signal: AbortSignal;
	readonly resolve: (reply: TransportReply) => void;
	readonly reject: (error: unknown) => void;
}

/** One batch, as far as this process knows and follows it. */
export class OpenBatch {
	readonly waiters = new Map<string, Waiter[]>();
	/** What the batch holds, once it has ended. */
	outcomes: ReadonlyMap<string, LineOutcome> | undefined;
	progress: BatchProgress;
	/** Set while the batch is followed; aborting it leaves the batch running. */
	following: AbortController | undefined;
	/** Whether it was seen running, so that whoever ended it did so while we waited. */
	wasRunning = false;

	constructor(
		public record: BatchRecord,
		/** What is to be sent, if this process made the batch. */
		readonly input?: { text: string; readonly sent: ReadonlyMap<string, SentRequest> },
	) {
		this.progress = { total: record.keys.length, done: 0 };
	}

	/** Adds a request to those that wait. `left` is called when it is aborted. */
	add(waiter: Waiter, left: () => void): void {
		const { key } = waiter.request;
		this.waiters.set(key, [...(this.waiters.get(key) ?? []), waiter]);
		waiter.signal.addEventListener(
			'abort',
			() => {
				const rest = (this.waiters.get(key) ?? []).filter((other) => other !== waiter);
				if (rest.length > 0) {
					this.waiters.set(key, rest);
				} else {
					this.waiters.delete(key);
				}
				left();
			},
			{ once: true },
		);
	}

	/** Takes out everything that waits. */
	takeAll(): Waiter[] {
		const all = [...this.waiters.values()].flat();
		this.waiters.clear();
		return all;
	}
}
