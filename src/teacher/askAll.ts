import type { AskOptions, Outcome, ReplyLog, TeacherCall, TeacherFailure, TeacherReply } from '../core/teacher.ts';
import { MalformedReply } from '../core/teacher.ts';
import type { Transport, TransportReply } from '../core/transport.ts';
import { TransportError } from '../core/transport.ts';
import { StatError } from '../core/run.ts';
import { Budget } from './budget.ts';
import { CallSource } from './callSource.ts';
import type { ModelFacts } from './modelTable.ts';
import { priceOf } from './modelTable.ts';
import type { Pace } from './pace.ts';
import { requestKey } from './requestKey.ts';
import { retryDelay, Stopper } from './retry.ts';
import type { TokenEstimate } from './tokenEstimate.ts';
import { estimateTokens } from './tokenEstimate.ts';

/** What all asks of one teacher share. */
export interface Engine {
	readonly model: string;
	/** The model in the cache key: the model, or for scripted replies also the file's content. */
	readonly keyModel: string;
	readonly endpoint: string;
	readonly transport: Transport;
	readonly replies: ReplyLog;
	readonly facts: ModelFacts;
	readonly pace: Pace;
	readonly tokens: TokenEstimate;
	/** Requests on their way, by key: a second ask for the same waits for the first. */
	readonly onTheirWay: Map<string, Promise<TeacherReply>>;
	readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
	/** First back-off after a failure, ms. */
	readonly backoff: number;
	/** ISO 8601. */
	readonly now: () => string;
	/** Aborted when the teacher is disposed of. */
	readonly disposed: AbortSignal;
}

interface Job {
	readonly call: TeacherCall;
	attempt: number;
	key: string;
	/** Failures of the wire for this attempt. */
	failures: number;
	/** Times a rate limit sent it back. */
	limited: number;
	/** Multiplies the token limit after a reply was cut off by it. */
	room: number;
	lastText: string | undefined;
	/** When the project had no reply yet (performance.now()). */
	lookedUp: number;
	/** The reply was found, not paid for. */
	cached: boolean;
}

const lookupsAtOnce = 64;
const unreadAtMost = 1000;
const startedAtOnce = 8;
/** Of this many calls all refused and none answered, the fault is the request's form, not the questions. */
const refusedAtMost = 10;

/** Asks all calls; see `Teacher.ask`. Everything started is stopped when the consumer stops iterating. */
export async function* askAll<T>(engine: Engine, calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>, parse: (text: string, call: TeacherCall) => T | Promise<T>, options: AskOptions): AsyncGenerator<Outcome<T>> {
	const ask = new Ask(engine, calls, parse, options);
	try {
		yield* ask.outcomes();
	} finally {
		await ask.close();
	}
}

class Ask<T> {
	private readonly source: CallSource;
	private readonly budget: Budget;
	private readonly attempts: number;
	private readonly stopper: Stopper;
	private readonly unsubscribe: () => void;
	private readonly ready: Job[] = [];
	private readonly waiting = new Map<Job, NodeJS.Timeout>();
	private unread: Outcome<T>[] = [];
	/** Pulled and not yet an outcome. */
	private active = 0;
	private lookingUp = 0;
	private sending = 0;
	/** Set: nothing more is sent, what is on its way is waited for, then this is thrown. */
	private failure: unknown;
	/** Tells the consumer to look again. */
	private wake: () => void = () => undefined;
	private poked = false;
	private closed = false;
	private timer: NodeJS.Timeout | undefined;
	private patience: NodeJS.Timeout | undefined;
	private paidCalls = 0;
	private paid = 0;
	private finished = 0;
	private refused = 0;
	private unreachable = 0;
	private saidTrouble = false;
	private lastProgress = 0;

	constructor(private readonly engine: Engine, calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>, private readonly parse: (text: string, call: TeacherCall) => T | Promise<T>, private readonly options: AskOptions) {
		this.budget = new Budget(options.budget);
		this.attempts = Math.max(1, options.attempts ?? 3);
		this.stopper = new Stopper([options.signal, engine.disposed], () => this.cancelQueued());
		this.source = new CallSource(calls, this.stopper, { call: (call) => this.accept(call), broken: (error) => this.fail(error), more: () => this.poke() });
		this.unsubscribe = engine.pace.onDidChange(() => this.poke());
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
				if (this.failure !== undefined) {
					throw this.failure;
				}
				break;
			}
			// What was held back because nobody read may come now.
			this.poke();
			await woken;
		}
		this.progress(true);
	}

	/** Something changed: goes on with the work (also while the consumer is busy with an outcome) and wakes the consumer. */
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
		void this.source.leave();
	}

	/** Takes calls from the caller as they are needed, a little ahead of the slots. */
	private pull(): void {
		const drainUntil = performance.now() + 300;
		while (!this.source.exhausted && !this.source.busy && this.failure === undefined) {
			if (this.stopper.stopped) {
				// The rest of a list comes as failures; a source without end is left after 0.3 s.
				if (performance.now() > drainUntil) {
					void this.source.leave();
					break;
				}
			} else if (this.lookingUp >= lookupsAtOnce || this.unread.length >= unreadAtMost || this.ready.length + this.waiting.size >= this.engine.pace.concurrency + lookupsAtOnce) {
				break;
			}
			this.source.next();
		}
	}

	private accept(call: TeacherCall): void {
		this.active++;
		const job: Job = { call, attempt: 0, key: requestKey(this.engine.keyModel, call, 0), failures: 0, limited: 0, room: 1, lastText: undefined, lookedUp: 0, cached: false };
		if (this.stopper.stopped) {
			this.set(job, { kind: 'cancelled', message: 'cancelled before it was asked' });
		} else {
			this.lookUp(job);
		}
	}

	private lookUp(job: Job): void {
		this.lookingUp++;
		this.engine.replies.get(job.key).then(async (reply) => {
			this.lookingUp--;
			if (reply) {
				await this.read(job, reply, true);
			} else if (this.stopper.stopped) {
				this.set(job, { kind: 'cancelled', message: 'cancelled before it was asked' });
			} else {
				job.lookedUp = performance.now();
				this.ready.push(job);
			}
		}).catch((error: unknown) => this.fail(error)).finally(() => this.poke());
	}

	/** Sends what may be sent now. */
	private start(): void {
		const { pace, onTheirWay } = this.engine;
		for (let started = 0; this.failure === undefined && !this.stopper.stopped; started++) {
			if (started >= startedAtOnce) {
				// A whole wave of answers may have come together: sending the next one must not hold up the event loop.
				setImmediate(() => this.poke());
				return;
			}
			const job = this.ready[0];
			if (!job) {
				return;
			}
			const shared = onTheirWay.get(job.key);
			if (shared) {
				this.ready.shift();
				this.share(job, shared);
				continue;
			}
			if (!pace.mayStart) {
				return;
			}
			const reservation = this.mostItCosts(job);
			const answer = this.budget.reserve(reservation);
			if (answer === 'wait') {
				return;
			}
			this.ready.shift();
			if (answer === 'never') {
				this.set(job, { kind: 'budget', message: `not asked: it could cost more than is left of the budget` });
				continue;
			}
			this.send(job, reservation);
		}
	}

	/** The same request is on its way already: one reply does for both. */
	private share(job: Job, shared: Promise<TeacherReply>): void {
		this.sending++;
		this.stopper.race(shared).then((reply) => this.read(job, reply, true), () => {
			// What became of the other one is its own affair: this one asks for itself.
			if (this.stopper.stopped) {
				this.set(job, { kind: 'cancelled', message: 'cancelled' });
			} else {
				this.ready.unshift(job);
			}
		}).catch((error: unknown) => this.fail(error)).finally(() => {
			this.sending--;
			this.poke();
		});
	}

	private send(job: Job, reservation: number): void {
		const { pace, onTheirWay } = this.engine;
		pace.take();
		this.sending++;
		const reply = this.fetch(job, reservation);
		onTheirWay.set(job.key, reply);
		reply.then((reply) => {
			onTheirWay.delete(job.key);
			return this.read(job, reply, job.cached);
		}, (error: unknown) => {
			onTheirWay.delete(job.key);
			this.failed(job, error);
		}).catch((error: unknown) => this.fail(error)).finally(() => {
			this.sending--;
			this.poke();
		});
	}

	/** One request; resolves once its reply is on disk. Its slot is held until then: a kill loses no more paid replies than there are slots. */
	private async fetch(job: Job, reservation: number): Promise<TeacherReply> {
		const { engine } = this;
		const { call } = job;
		let got: TransportReply;
		try {
			// Another process may have been answered while this one waited its turn.
			const known = performance.now() - job.lookedUp > 100 ? await engine.replies.get(job.key) : undefined;
			if (known) {
				job.cached = true;
				this.budget.settle(reservation, 0);
				engine.pace.release();
				return known;
			}
			const { sampling } = call;
			const request = { key: job.key, model: engine.model, messages: call.messages, sampling: sampling.maxTokens === undefined ? sampling : { ...sampling, maxTokens: sampling.maxTokens * job.room }, attempt: job.attempt, call };
			got = await this.stopper.race((signal) => engine.transport.send(request, signal));
		} catch (error) {
			// What may have been billed stays reserved: a cap that forgets it could be overshot.
			const billed = (error instanceof TransportError && error.details.maybeBilled === true) || this.stopper.stopped;
			this.budget.settle(reservation, billed ? reservation : 0);
			this.slowDown(error);
			engine.pace.release();
			throw error;
		}
		engine.pace.answered();
		if (got.pauseMs !== undefined && got.pauseMs > 0) {
			engine.pace.pauseFor(got.pauseMs, 'the endpoint says its limit is used up');
		}
		const usage = got.usage ?? { input: engine.tokens.input(call.messages), cachedInput: 0, output: estimateTokens(got.text), reasoning: 0 };
		const cost = priceOf(engine.facts, usage);
		this.budget.settle(reservation, this.unitIsDollars ? (cost ?? 0) : 1);
		this.paidCalls++;
		this.paid += cost ?? 0;
		this.unreachable = 0;
		if (got.usage) {
			engine.tokens.learn(call.task, call.messages, got.usage);
		}
		const reply: TeacherReply = {
			key: job.key, task: call.task, about: call.about, model: engine.model, promptVersion: call.promptVersion, sampling: call.sampling, sample: call.sample, attempt: job.attempt,
			text: got.text, ...(got.truncated ? { truncated: true } : {}), usage: got.usage && { input: got.usage.input, output: got.usage.output, reasoning: got.usage.reasoning }, cost, at: engine.now(),
		};
		try {
			await engine.replies.put(reply);
		} finally {
			engine.pace.release();
		}
		return reply;
	}

	private async read(job: Job, reply: TeacherReply, cached: boolean): Promise<void> {
		job.lastText = reply.text;
		try {
			if (reply.truncated && this.options.acceptTruncated !== true) {
				throw new MalformedReply('the reply was cut off by the token limit');
			}
			const value = await this.parse(reply.text, job.call);
			this.emit({ call: job.call, reply, value, cached });
		} catch (error) {
			if (!(error instanceof MalformedReply)) {
				throw error;
			}
			this.again(job, error.message, reply.truncated === true);
		}
	}

	private again(job: Job, problem: string, truncated: boolean): void {
		if (job.attempt + 1 >= this.attempts) {
			this.set(job, { kind: 'malformed', message: `${this.attempts === 1 ? 'malformed' : `malformed ${this.attempts} times`}: ${problem}`, ...(job.lastText === undefined ? {} : { text: job.lastText }) });
			return;
		}
		this.engine.log('debug', `${job.call.task} ${job.call.about}: asked again, ${problem}`);
		job.attempt++;
		job.failures = 0;
		job.room *= truncated ? 2 : 1;
		job.key = requestKey(this.engine.keyModel, job.call, job.attempt);
		this.lookUp(job);
	}

	/** What a failure means for all calls; told before its slot is free, or one more would slip through. */
	private slowDown(error: unknown): void {
		if (!(error instanceof TransportError) || this.stopper.stopped) {
			return;
		}
		const { pace, endpoint, backoff } = this.engine;
		if (error.kind === 'fatal') {
			this.fail(new StatError(`${endpoint}: ${error.message}`, 'failed', { cause: error }));
		} else if (error.kind === 'rate') {
			pace.limited(error.details.retryAfterMs);
		} else if (error.kind === 'busy') {
			pace.pauseFor(error.details.retryAfterMs ?? backoff, 'the endpoint is overloaded');
		}
	}

	private failed(job: Job, error: unknown): void {
		const { engine } = this;
		if (this.stopper.stopped) {
			this.set(job, { kind: 'cancelled', message: 'cancelled while it was asked' });
			return;
		}
		if (!(error instanceof TransportError)) {
			this.fail(error);
			return;
		}
		const { unreachable, text } = error.details;
		switch (error.kind) {
			case 'fatal':
				return;
			case 'missing':
				this.set(job, { kind: 'missing', message: error.message });
				return;
			case 'refused':
				this.set(job, { kind: 'refused', message: error.message, ...(text === undefined ? {} : { text }) });
				// A teacher that declines has read the question: nothing is wrong with the request's form.
				if (error.details.declined !== true && ++this.refused >= refusedAtMost && this.paidCalls === 0) {
					this.fail(new StatError(`${engine.endpoint}: the first ${refusedAtMost} calls were all refused; the last time: ${error.message}`, 'failed', { cause: error }));
				}
				return;
			case 'rate':
				if (++job.limited <= 100) {
					this.ready.unshift(job);
					return;
				}
				break;
			case 'busy':
			case 'transient':
				break;
		}
		this.retry(job, error, unreachable === true);
	}

	/** Its slot is free while it waits. */
	private retry(job: Job, error: TransportError, unreachable: boolean): void {
		const { engine } = this;
		const never = unreachable && this.paidCalls === 0;
		if (++job.failures <= (never ? 3 : 8)) {
			engine.log('debug', `${job.call.task} ${job.call.about}: ${error.message}; tried again`);
			// Minutes of tries are patience with a server that starts; with a wrong address they would look like a hang.
			if (job.failures === 3 && this.paidCalls === 0 && !this.saidTrouble) {
				this.saidTrouble = true;
				engine.log('warn', `${engine.endpoint}: no answer so far (${error.message}); trying on`);
			}
			const timer = setTimeout(() => {
				this.waiting.delete(job);
				this.ready.push(job);
				this.poke();
			}, retryDelay(job.failures, engine.backoff));
			this.waiting.set(job, timer);
			return;
		}
		this.set(job, { kind: 'unreachable', message: `given up after ${job.failures} tries: ${error.message}` });
		if (++this.unreachable >= (this.paidCalls === 0 ? 1 : 10)) {
			this.fail(new StatError(`${engine.endpoint}: no answer (${error.message}); ${this.paidCalls === 0 ? 'check that it runs and that its address is right' : 'what was answered is kept: run it again to go on'}`, 'failed', { cause: error }));
		}
	}

	private cancelQueued(): void {
		for (const job of this.ready.splice(0)) {
			this.set(job, { kind: 'cancelled', message: 'cancelled before it was asked' });
		}
		for (const [job, timer] of this.waiting) {
			clearTimeout(timer);
			this.set(job, { kind: 'cancelled', message: 'cancelled before it was asked again' });
		}
		this.waiting.clear();
		this.poke();
	}

	private fail(error: unknown): void {
		this.failure ??= error ?? new StatError('the teacher failed', 'failed');
		this.ready.length = 0;
		for (const timer of this.waiting.values()) {
			clearTimeout(timer);
		}
		this.waiting.clear();
		// What is on its way may still come: it is paid for.
		this.patience ??= setTimeout(() => this.stopper.stop(), 5000);
		this.poke();
	}

	private set(job: Job, failure: TeacherFailure): void {
		this.emit({ call: job.call, failure });
	}

	private emit(outcome: Outcome<T>): void {
		this.active--;
		this.finished++;
		this.unread.push(outcome);
		this.poke();
	}

	private get unitIsDollars(): boolean {
		return this.engine.facts.input !== undefined && this.engine.facts.output !== undefined;
	}

	/** In dollars where the price is known, else 1 call. */
	private mostItCosts(job: Job): number {
		const { facts, tokens } = this.engine;
		if (!this.unitIsDollars) {
			return 1;
		}
		const { maxTokens } = job.call.sampling;
		const output = maxTokens === undefined || this.engine.transport.ignoresTokenLimit === true ? tokens.outputCeiling(job.call.task, facts.maxOutput ?? 4096) : maxTokens * job.room + (facts.hiddenAllowance ?? 0);
		return priceOf(facts, { input: tokens.inputCeiling(job.call.messages), cachedInput: 0, output }) ?? 1;
	}

	private wakeAfterPause(): void {
		const { pause } = this.engine.pace;
		if (pause > 0 && this.timer === undefined && !this.stopper.stopped) {
			// In steps of a second, so that people see the seconds count down.
			this.timer = setTimeout(() => {
				this.timer = undefined;
				this.poke();
			}, Math.min(pause, 1000));
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
		this.options.onProgress({ calls: this.paidCalls, cost: this.unitIsDollars ? this.paid : null, finished: this.finished, inFlight: this.sending, ...(pause > 0 ? { pausedFor: Math.ceil(pause / 1000) } : {}) });
	}
}
