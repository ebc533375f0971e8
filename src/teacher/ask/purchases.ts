import type { TeacherReply } from '../../core/ports/teacher.ts';
import type { TransportReply } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { Budget } from './budget.ts';
import type { Bought, Engine } from './engine.ts';
import { priceOf } from '../wire/modelTable.ts';
import type { QueuedCall } from './queuedCall.ts';
import type { Stopper } from './retry.ts';
import { estimateTokens } from './tokenEstimate.ts';

/** The paid replies of one run. They stay within its budget and are on disk before they count. */
export class Purchases {
	private readonly budget: Budget;
	private count = 0;
	private paid = 0;

	/**
	 * `failing` handles what a failure means for all calls. It is called before the slot is released, because otherwise
	 * one more call would be sent.
	 */
	constructor(
		private readonly engine: Engine,
		limit: number | undefined,
		private readonly stopper: Stopper,
		private readonly failing: (error: unknown) => void,
	) {
		this.budget = new Budget(limit);
	}

	/** Number of calls answered and paid for. */
	get calls(): number {
		return this.count;
	}

	/** USD; `null` if the price is unknown. */
	get cost(): number | null {
		return this.unitIsDollars ? this.paid : null;
	}

	/** Reserves the most the call can cost. For `wait` and `never`, see {@link Budget.reserve}. */
	reserve(queued: QueuedCall): number | 'wait' | 'never' {
		const most = this.mostItCosts(queued);
		const answer = this.budget.reserve(most);
		return answer === 'reserved' ? most : answer;
	}

	/**
	 * Sends one request in a slot that was taken, and resolves once its reply is on disk. The slot is held until then,
	 * so a kill loses no more paid replies than there are slots.
	 */
	async buy(queued: QueuedCall, reservation: number): Promise<Bought> {
		const { engine } = this;
		const { call } = queued;
		let got: TransportReply;
		try {
			// Another process may have received the reply while this call waited for its turn.
			const known = performance.now() - queued.lookedUp > 100 ? await engine.replies.get(queued.key) : undefined;
			if (known) {
				this.budget.settle(reservation, 0);
				engine.pace.release();
				return { reply: known, cached: true };
			}
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
			};
			got = await this.stopper.race((signal) => engine.transport.send(request, signal));
		} catch (error) {
			// An amount that may have been billed stays reserved; if it were ignored, the cap could be exceeded.
			const billed =
				(error instanceof TransportError && error.details.maybeBilled === true) || this.stopper.stopped;
			this.budget.settle(reservation, billed ? reservation : 0);
			this.failing(error);
			engine.pace.release();
			throw error;
		}
		engine.pace.answered();
		if (got.pauseMs !== undefined && got.pauseMs > 0) {
			engine.pace.pauseFor(got.pauseMs, 'the endpoint says its limit is used up');
		}
		const usage = got.usage ?? {
			input: engine.tokens.input(call.messages),
			cachedInput: 0,
			output: estimateTokens(got.text),
			reasoning: 0,
		};
		const cost = priceOf(engine.facts, usage);
		this.budget.settle(reservation, this.unitIsDollars ? (cost ?? 0) : 1);
		this.count++;
		this.paid += cost ?? 0;
		if (got.usage) {
			engine.tokens.learn(call.task, call.messages, got.usage);
		}
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
			at: engine.now(),
		};
		try {
			await engine.replies.put(reply);
		} finally {
			engine.pace.release();
		}
		return { reply, cached: false };
	}

	private get unitIsDollars(): boolean {
		return this.engine.facts.input !== undefined && this.engine.facts.output !== undefined;
	}

	/** Returns the maximum cost in dollars if the price is known, otherwise 1 (call). */
	private mostItCosts({ call, room }: QueuedCall): number {
		const { facts, tokens, transport } = this.engine;
		if (!this.unitIsDollars) {
			return 1;
		}
		const { maxTokens } = call.sampling;
		const output =
			maxTokens === undefined || transport.ignoresTokenLimit === true
				? tokens.outputCeiling(call.task, facts.maxOutput ?? 4096)
				: maxTokens * room + (facts.hiddenAllowance ?? 0);
		return priceOf(facts, { input: tokens.inputCeiling(call.messages), cachedInput: 0, output }) ?? 1;
	}
}
