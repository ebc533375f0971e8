import type { Charge } from '../../core/ports/budget.ts';
import { Budget } from '../../core/ports/budget.ts';
import type { AskOptions, Outcome, TeacherCall, TeacherFailure, TeacherReply } from '../../core/ports/teacher.ts';
import { MalformedReply } from '../../core/ports/teacher.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { CallSource } from './callSource.ts';
import { ClaimedCalls } from './claimedCalls.ts';
import type { Engine } from './engine.ts';
import { Failures } from './failures.ts';
import { Purchases } from './purchases.ts';
import type { QueuedCall } from './queuedCall.ts';
import { queue, tryAnew } from './queuedCall.ts';
import { Stopper } from './retry.ts';

const lookupsAtOnce = 64;
const unreadAtMost = 1000;
const startedAtOnce = 8;
const elsewhereAtMost = 4000;

/** Runs all calls; see `Teacher.ask`. Everything in flight is stopped when the consumer stops iterating. */
export async function* askAll<T>(
	engine: Engine,
	calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
	parse: (text: string, call: TeacherCall, reply: TeacherReply) => T | Promise<T>,
	options: AskOptions,
): AsyncGenerator<Outcome<T>> {
	const ask = new Ask(engine, calls, parse, options);
	try {
		yield* ask.outcomes();
	} finally {
		await ask.close();
	}
}

class Ask<T> {
	private readonly source: CallSource;
	private readonly purchases: Purchases;
	private readonly failures: Failures;
	private readonly attempts: number;
	private readonly stopper: Stopper;
	private readonly unsubscribe: () => void;
	private readonly ready: QueuedCall[] = [];
	private readonly waiting = new Map<QueuedCall, NodeJS.Timeout>();
	private readonly claims: ClaimedCalls;
	private unread: Outcome<T>[] = [];
	/** Number of calls that were pulled and have no outcome yet. */
	private active = 0;
	private lookingUp = 0;
	private sending = 0;
	/** Once set, nothing more is sent. Calls in flight are awaited, then this is thrown. */
	private failure: unknown;
	/** Tells the consumer to look again. */
	private wake: () => void = () => undefined;
	private poked = false;
	private closed = false;
	private timer: NodeJS.Timeout | undefined;
	private patience: NodeJS.Timeout | undefined;
	private finished = 0;
	private lastProgress = 0;

	constructor(
		private readonly engine: Engine,
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		private readonly parse: (text: string, call: TeacherCall, reply: TeacherReply) => T | Promise<T>,
		private readonly options: AskOptions,
	) {
		this.attempts = Math.max(1, options.attempts ?? 3);
		this.stopper = new Stopper([options.signal, engine.disposed], () => this.cancelQueued());
		const budget = options.budget ?? new Budget({});
		budget.admit([{ model: engine.model, hasPrice: engine.bill.hasPrice }]);
		this.purchases = new Purchases(
			engine,
			budget,
			this.stopper,
			(error) => this.failing(error),
			() => this.failures.answered(),
		);
		this.failures = new Failures(engine);
		this.claims = new ClaimedCalls(engine.replies.claims(), {
			ours: (queued) => {
				this.ready.push(queued);
				this.poke();
			},
			stored: (queued) => this.lookUp(queued),
			broken: (error) => this.fail(error),
			log: engine.log,
		});
		this.source = new CallSource(calls, this.stopper, {
			call: (call) => this.accept(call),
			broken: (error) => this.fail(error),
			more: () => this.poke(),
		});
		const watched = [engine.pace, budget, ...(engine.transport.batches ? [engine.transport.batches] : [])];
		const stopWatching = watched.map((source) => source.onDidChange(() => this.poke()));
		this.unsubscribe = () => stopWatching.forEach((stop) => stop());
	}

	async *outcomes(): AsyncGenerator<Outcome<T>> {
		this.poke();
		for (;;) {
			const woken = new Promise<void>((resolve) => {
				this.wake = resolve;
			});
			const batch = this.unread;
			this.unread = [];
			yield* batch;
			if (this.unread.length > 0) {
				continue;
			}
			if (this.over) {
				this.progress(true);
				if (this.failure !== undefined) {
					throw this.failure;
				}
				return;
			}
			// Resumes pulling, which pauses while too many outcomes are unread.
			this.poke();
			await woken;
		}
	}

	/**
	 * Called when something has changed: continues the work, even while the consumer is busy with an outcome, and wakes
	 * the consumer.
	 */
	private poke(): void {
		if (this.poked || this.closed) {
			return;
		}
		this.poked = true;
		queueMicrotask(() => {
			this.poked = false;
			if (this.closed) {
				return;
			}
			try {
				this.pull();
				this.start();
				this.progress(false);
			} catch (error) {
				this.fail(error);
			}
			this.wakeAfterPause();
			if (this.unread.length > 0 || this.over) {
				this.wake();
			}
		});
	}

	private get over(): boolean {
		return this.failure !== undefined ? this.sending === 0 : this.source.exhausted && this.active === 0;
	}

	async close(): Promise<void> {
		this.closed = true;
		this.unsubscribe();
		clearTimeout(this.timer);
		clearTimeout(this.patience);
		this.stopper.stop();
		for (const timer of this.waiting.values()) {
			clearTimeout(timer);
		}
		this.waiting.clear();
		this.claims.close();
		void this.source.leave();
	}

	/** Pulls calls from the caller as needed, slightly ahead of the free slots. */
	private pull(): void {
		const drainUntil = performance.now() + 300;
		while (!this.source.exhausted && !this.source.busy && this.failure === undefined) {
			if (this.stopper.stopped) {
				// The remaining calls of a list are yielded as failures; an endless source is abandoned after 0.3 s.
				if (performance.now() > drainUntil) {
					void this.source.leave();
					break;
				}
			} else if (
				this.lookingUp >= lookupsAtOnce ||
				this.unread.length >= unreadAtMost ||
				this.ready.length + this.waiting.size + this.claims.pending >=
					this.engine.pace.concurrency + lookupsAtOnce ||
				this.claims.elsewhere >= elsewhereAtMost
			) {
				break;
			}
			this.source.next();
		}
	}

	private accept(call: TeacherCall): void {
		this.active++;
		const queued = queue(call, this.engine.keyModel);
		if (this.stopper.stopped) {
			this.set(queued, { kind: 'cancelled', message: 'cancelled before it was sent' });
		} else {
			this.lookUp(queued);
		}
	}

	private lookUp(queued: QueuedCall): void {
		this.lookingUp++;
		this.engine.replies
			.get(queued.key)
			.then(async (reply) => {
				this.lookingUp--;
				if (reply && queued.call.retryEmpty === true && reply.text.trim() === '') {
					tryAnew(queued, this.engine.keyModel, false);
					this.lookUp(queued);
				} else if (reply) {
					await this.read(queued, reply, true);
				} else if (this.stopper.stopped) {
					this.set(queued, { kind: 'cancelled', message: 'cancelled before it was sent' });
				} else {
					this.claims.add(queued);
				}
			})
			.catch((error: unknown) => this.fail(error))
			.finally(() => this.poke());
	}

	/** Sends every call that may be sent now. */
	private start(): void {
		const { pace, transport } = this.engine;
		for (let started = 0; this.failure === undefined && !this.stopper.stopped; started++) {
			if (started >= startedAtOnce) {
				// A whole wave of replies may arrive at once, and sending the next wave must not block the event loop.
				setImmediate(() => this.poke());
				return;
			}
			const queued = this.ready[0];
			if (!queued) {
				return;
			}
			const isInBatch = transport.batches?.holds(queued.key) === true;
			if (!isInBatch && !pace.mayStart) {
				return;
			}
			if (!this.claims.isCertain(queued)) {
				this.ready.shift();
				this.claims.add(queued);
				continue;
			}
			if (isInBatch) {
				this.ready.shift();
				this.follow(queued, this.purchases.collect(queued));
				continue;
			}
			const reservation = this.purchases.reserve(queued);
			if (reservation === 'wait') {
				return;
			}
			this.ready.shift();
			if (reservation === 'never') {
				this.set(queued, {
					kind: 'budget',
					message: `not asked: it could cost more than is left of the budget`,
				});
				continue;
			}
			this.send(queued, reservation);
		}
	}

	private send(queued: QueuedCall, reservation: Charge): void {
		this.engine.pace.take();
		this.follow(queued, this.purchases.buy(queued, reservation));
	}

	private follow(queued: QueuedCall, bought: Promise<TeacherReply>): void {
		this.sending++;
		bought
			.then(
				(reply) => this.read(queued, reply, false),
				(error: unknown) => this.failed(queued, error),
			)
			.catch((error: unknown) => this.fail(error))
			.finally(() => {
				this.sending--;
				this.poke();
			});
	}

	private async read(queued: QueuedCall, reply: TeacherReply, cached: boolean): Promise<void> {
		queued.lastText = reply.text;
		try {
			if (reply.truncated && this.options.acceptTruncated !== true) {
				throw new MalformedReply('the reply was cut off by the token limit');
			}
			const value = await this.parse(reply.text, queued.call, reply);
			this.claims.release(queued);
			this.emit({ call: queued.call, reply, value, cached });
		} catch (error) {
			if (!(error instanceof MalformedReply)) {
				throw error;
			}
			this.again(queued, error.message, reply.truncated === true);
		}
	}

	private again(queued: QueuedCall, problem: string, truncated: boolean): void {
		if (queued.attempt + 1 >= this.attempts) {
			this.set(queued, {
				kind: 'malformed',
				message: `${this.attempts === 1 ? 'malformed' : `malformed ${this.attempts} times`}: ${problem}`,
				...(queued.lastText === undefined ? {} : { text: queued.lastText }),
			});
			return;
		}
		this.engine.log('debug', `${queued.call.task} ${queued.call.about}: retried, ${problem}`);
		this.claims.release(queued);
		tryAnew(queued, this.engine.keyModel, truncated);
		this.lookUp(queued);
	}

	/** Called before the failed request's slot is released. */
	private failing(error: unknown): void {
		const end = error instanceof TransportError && !this.stopper.stopped ? this.failures.forAll(error) : null;
		if (end) {
			this.fail(end);
		}
	}

	private failed(queued: QueuedCall, error: unknown): void {
		if (this.stopper.stopped) {
			this.set(queued, { kind: 'cancelled', message: 'cancelled before the reply' });
			return;
		}
		if (!(error instanceof TransportError)) {
			this.fail(error);
			return;
		}
		const next = this.failures.forCall(queued, error);
		switch (next?.again) {
			case 'soon':
				this.ready.unshift(queued);
				return;
			case 'later':
				this.waiting.set(
					queued,
					setTimeout(() => {
						this.waiting.delete(queued);
						this.ready.push(queued);
						this.poke();
					}, next.ms),
				);
				return;
			case 'never':
				this.set(queued, next.failure);
				if (next.end) {
					this.fail(next.end);
				}
		}
	}

	private cancelQueued(): void {
		for (const queued of [...this.ready.splice(0), ...this.claims.cancel()]) {
			this.set(queued, { kind: 'cancelled', message: 'cancelled before it was sent' });
		}
		for (const [queued, timer] of this.waiting) {
			clearTimeout(timer);
			this.set(queued, { kind: 'cancelled', message: 'cancelled before the retry' });
		}
		this.waiting.clear();
		this.poke();
	}

	private fail(error: unknown): void {
		this.failure ??= error ?? new Error('the teacher failed');
		this.ready.length = 0;
		this.claims.cancel();
		for (const timer of this.waiting.values()) {
			clearTimeout(timer);
		}
		this.waiting.clear();
		// Replies in flight may still arrive, and they are paid for.
		this.patience ??= setTimeout(() => this.stopper.stop(), 5000);
		this.poke();
	}

	private set(queued: QueuedCall, failure: TeacherFailure): void {
		this.claims.release(queued);
		this.emit({ call: queued.call, failure });
	}

	private emit(outcome: Outcome<T>): void {
		this.active--;
		this.finished++;
		this.unread.push(outcome);
		this.poke();
	}

	private wakeAfterPause(): void {
		const { pause } = this.engine.pace;
		if (pause > 0 && this.timer === undefined && !this.stopper.stopped) {
			// Waits in steps of one second so that users see the countdown.
			this.timer = setTimeout(
				() => {
					this.timer = undefined;
					this.poke();
				},
				Math.min(pause, 1000),
			);
			this.progress(true);
		}
	}

	private progress(always: boolean): void {
		const now = performance.now();
		if (!this.options.onProgress || (!always && now - this.lastProgress < 100)) {
			return;
		}
		this.lastProgress = now;
		const { pause } = this.engine.pace;
		this.options.onProgress({
			calls: this.purchases.calls,
			cost: this.purchases.cost,
			unsure: this.purchases.unsure,
			finished: this.finished,
			inFlight: this.sending,
			batch: this.engine.transport.batches?.progress(),
			elsewhere: this.claims.elsewhere,
			...(pause > 0 ? { pausedFor: Math.ceil(pause / 1000) } : {}),
		});
	}
}
