import type { Budget, Charge } from '../../core/ports/budget.ts';
import type { Spent, TeacherReply } from '../../core/ports/teacher.ts';
import type { TransportReply } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import type { Engine } from './engine.ts';
import type { Pace } from './pace.ts';
import type { QueuedCall } from './queuedCall.ts';
import type { Stopper } from './retry.ts';

/** The paid replies of one run. They stay within its budget and are on disk before they count. */
export class Purchases {
	private count = 0;
	private replies = 0;
	private paid = 0;
	private unpriced = 0;
	private maybePaid = { calls: 0, usd: 0 };

	/**
	 * `failing` handles what a failure means for all calls. It is called before the slot is released, because otherwise
	 * one more call would be sent. `answered` is called for each reply.
	 */
	constructor(
		private readonly engine: Engine,
		private readonly budget: Budget,
		private readonly stopper: Stopper,
		private readonly failing: (error: unknown) => void,
		private readonly answered: () => void,
	) {}

	/** Whether the next reply has to show that the endpoint keeps to a token limit. */
	private get isTrial(): boolean {
		const { bill } = this.engine;
		return this.budget.limitsCost && bill.hasPrice && !bill.obeysLimit;
	}

	/** Number of calls answered and paid for. */
	get calls(): number {
		return this.count;
	}

	/** USD; `null` if the price is unknown. */
	get cost(): number | null {
		const isKnown = this.engine.bill.hasPrice || this.replies > 0;
		return isKnown && this.unpriced === 0 ? this.paid : null;
	}

	/** See {@link Spent.unsure}. */
	get unsure(): Spent['unsure'] {
		return this.maybePaid;
	}

	/**
	 * Reserves the most the call can cost. For `wait` and `never`, see {@link Budget.reserve}. While nothing shows that
	 * the endpoint keeps to a token limit, one call at a time is sent.
	 */
	reserve(queued: QueuedCall): Charge | 'wait' | 'never' {
		const { bill, pace, transport } = this.engine;
		if (this.isTrial && pace.running > 0) {
			return 'wait';
		}
		const { usd } = bill.most(queued, transport.ignoresTokenLimit !== true);
		const most = { usd, calls: transport.opensCall === false ? 0 : 1 };
		const answer = this.budget.reserve(most);
		return answer === 'reserved' ? most : answer;
	}

	/** Fetches the reply to a request that was sent before in a batch. What it costs still counts. */
	collect(queued: QueuedCall): Promise<TeacherReply> {
		return this.buy(queued, nothing, noSlot);
	}

	/**
	 * Sends one request in a slot that was taken, and resolves once its reply is stored. The slot is held until the reply
	 * arrives.
	 */
	async buy(
		queued: QueuedCall,
		reservation: Charge,
		slot: Pick<Pace, 'release' | 'arrived' | 'stored'> = this.engine.pace,
	): Promise<TeacherReply> {
		const { engine } = this;
		const { call } = queued;
		let got: TransportReply;
		try {
			const { sampling } = call;
			const request = {
				key: queued.key,
				model: engine.model,
				messages: call.messages,
				sampling:
					sampling.maxTokens === undefined
						? sampling
						: { ...sampling, maxTokens: sampling.maxTokens * queued.room },
				attempt: queued.attempt,
				call,
				isTrial: this.isTrial,
			};
			got = await this.stopper.race((signal) => engine.transport.send(request, signal));
		} catch (error) {
			this.budget.settle(reservation, this.billOf(error, queued, reservation));
			this.failing(error);
			slot.release();
			throw error;
		}
		this.answered();
		engine.pace.answered();
		if (got.pauseMs !== undefined && got.pauseMs > 0) {
			engine.pace.pauseFor(got.pauseMs, 'the endpoint says its limit is used up');
		}
		const { cost, charge } = engine.bill.of(queued, got);
		this.budget.settle(reservation, charge);
		const tier = got.tier ?? engine.bill.tier;
		this.count += charge.calls;
		this.replies++;
		this.paid += cost ?? 0;
		this.unpriced += cost === null ? 1 : 0;
		const reply: TeacherReply = {
			key: queued.key,
			task: call.task,
			about: call.about,
			model: engine.model,
			endpoint: engine.endpoint,
			promptVersion: call.promptVersion,
			sampling: call.sampling,
			sample: call.sample,
			attempt: queued.attempt,
			text: got.text,
			...(got.truncated ? { truncated: true } : {}),
			usage: got.usage && { input: got.usage.input, output: got.usage.output, reasoning: got.usage.reasoning },
			cost,
			...(tier === 'default' ? {} : { tier }),
			at: engine.now(),
		};
		slot.arrived();
		try {
			await engine.replies.put(reply);
		} finally {
			slot.stored();
		}
		return reply;
	}

	/** Returns what a failed request counts against the budget: what it was sent, or the most that it can cost. */
	private billOf(error: unknown, queued: QueuedCall, reservation: Charge): Charge {
		const { billed, maybeBilled } = error instanceof TransportError ? error.details : {};
		const isInBatch = this.engine.transport.batches?.hasTaken(queued.key) === true;
		if (!billed && maybeBilled !== true && (isInBatch || !this.stopper.stopped)) {
			return nothing;
		}
		const charge = billed ? this.engine.bill.of(queued, billed).charge : reservation;
		this.maybePaid = { calls: this.maybePaid.calls + charge.calls, usd: this.maybePaid.usd + (charge.usd ?? 0) };
		return charge;
	}
}

const nothing: Charge = { usd: 0, calls: 0 };
const noSlot = { release: () => undefined, arrived: () => undefined, stored: () => undefined };
