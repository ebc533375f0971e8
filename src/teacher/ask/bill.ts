import type { Charge } from '../../core/ports/budget.ts';
import type { Tier } from '../../core/ports/tier.ts';
import type { TransportReply } from '../../core/ports/transport.ts';
import type { ModelFacts } from '../wire/modelTable.ts';
import { factsAt, priceOf } from '../wire/modelTable.ts';
import { leastTokens } from './leastTokens.ts';
import type { QueuedCall } from './queuedCall.ts';
import type { TokenEstimate } from './tokenEstimate.ts';
import { estimateTokens } from './tokenEstimate.ts';

/** The parts of a reply for which an endpoint bills. */
export type BilledParts = Pick<TransportReply, 'text' | 'besides' | 'usage' | 'cost' | 'tier' | 'calls'>;

export interface BilledReply {
	/**
	 * USD: what the endpoint says that it bills, or else the price with the reported share of cached input; `null` if
	 * neither is known.
	 */
	readonly cost: number | null;
	/**
	 * What counts against a budget. All input counts at full price, because nothing shows whether it was cached; what
	 * is only estimated counts with a margin, and a cost that the endpoint names counts only if it is higher.
	 */
	readonly charge: Charge;
}

/** Share of the least possible number of tokens from which reported usage is believed. */
const believed = 0.75;
/** By how much a true number of tokens may exceed the estimate: LaTeX has fewer characters per token than prose. */
const margin = 1.3;
/** Longest text, in tokens, that every embedding model reads to its end. */
const embeddedInFull = 256;

/**
 * What one teacher's calls cost. The usage that an endpoint reports is believed only as far as the visible text allows:
 * the text of a reply is the least that it bills.
 */
export class Bill {
	private obeys = false;
	private exceededLimit = false;
	private isDoubted = false;
	/** The dearest reply by task, in USD. */
	private readonly dearest = new Map<string, number>();

	/** The facts with the prices of the tier that is requested. */
	private readonly facts: ModelFacts;

	constructor(
		private readonly full: ModelFacts,
		private readonly tokens: TokenEstimate,
		private readonly log: (level: 'warn', message: string) => void,
		/** The tier that is requested. */
		readonly tier: Tier = 'default',
	) {
		this.facts = factsAt(full, tier);
	}

	get hasPrice(): boolean {
		return this.facts.input !== undefined && this.facts.output !== undefined;
	}

	/** Whether some reply was no longer than its token limit; until then, the most that a call can cost is a guess. */
	get obeysLimit(): boolean {
		return this.obeys;
	}

	/**
	 * Returns the most that a call is expected to cost: by its token limit, or as much as the dearest reply to such a
	 * task. `isLimited`: whether the endpoint is sent the limit.
	 */
	most({ call, room }: QueuedCall, isLimited: boolean): Charge {
		if (!this.hasPrice) {
			return { usd: null, calls: 1 };
		}
		const limit = this.limitOf({ call, room });
		const output =
			limit === undefined || !isLimited || this.exceededLimit
				? Math.max(limit ?? 0, this.tokens.outputCeiling(call.task, this.facts.maxOutput ?? 4096))
				: limit;
		// The first reply is not awaited for a day: it comes directly, at the full price.
		const facts = this.tier === 'batch' && !this.obeys ? this.full : this.facts;
		const usd = priceOf(facts, { input: this.tokens.inputCeiling(call.messages), cachedInput: 0, output });
		const dearest = this.dearest.get(call.task) ?? (this.exceededLimit ? Math.max(0, ...this.dearest.values()) : 0);
		return { usd: Math.max(usd ?? 0, dearest), calls: 1 };
	}

	/** Returns what a reply costs, and learns from it. */
	of(queued: QueuedCall, reply: BilledParts): BilledReply {
		const { call } = queued;
		const output = (count: (text: string) => number) =>
			call.task === 'embed' ? 0 : count(reply.text) + count(reply.besides ?? '');
		const input = call.messages.reduce((total, { content }) => total + leastTokens(content), 0);
		const least = {
			input: call.task === 'embed' ? Math.min(input, embeddedInFull) : input,
			output: output(leastTokens),
		};
		const reported = reply.usage;
		const isPlausible =
			reported !== null && reported.input >= believed * least.input && reported.output >= believed * least.output;
		if (reported && !isPlausible && !this.isDoubted && this.hasPrice) {
			this.isDoubted = true;
			this.log(
				'warn',
				`the endpoint reports ${reported.input} + ${reported.output} tokens for a request and a reply of at least ` +
					`${least.input} + ${least.output}: costs are estimated from the texts`,
			);
		}
		const isBelieved = isPlausible && !this.isDoubted;
		const floor = isBelieved ? least : { input: this.tokens.input(call.messages), output: output(estimateTokens) };
		const billed = {
			input: Math.max(reported?.input ?? 0, floor.input),
			cachedInput: isBelieved ? reported.cachedInput : 0,
			output: Math.max(reported?.output ?? 0, floor.output),
		};
		const facts = this.factsOf(reply);
		const uncached = priceOf(facts, { ...billed, cachedInput: 0 });
		const usd = uncached === null ? null : Math.max(reply.cost ?? 0, uncached * (isBelieved ? 1 : margin));
		const charge = { usd, calls: reply.calls ?? 1 };
		this.learn(queued, { ...billed, input: isBelieved ? billed.input : 0 }, charge);
		return { cost: reply.cost ?? priceOf(facts, billed), charge };
	}

	/**
	 * Returns the facts with the prices of the tier that answered. An endpoint is not believed that it was a cheaper one
	 * than requested, except for a batch, which this side has sent.
	 */
	private factsOf({ tier = this.tier }: BilledParts): ModelFacts {
		if (tier === this.tier) {
			return this.facts;
		}
		const other = factsAt(this.full, tier);
		const isDearer = (other.output ?? 0) >= (this.facts.output ?? 0);
		return tier === 'batch' || isDearer ? other : this.facts;
	}

	private learn(queued: QueuedCall, used: { readonly input: number; readonly output: number }, charge: Charge): void {
		const { task, messages } = queued.call;
		const limit = this.limitOf(queued);
		// The number may be an estimate, and some endpoints count a few tokens more.
		if (limit !== undefined && used.output > limit * margin + 16) {
			this.exceededLimit = true;
		} else {
			this.obeys = true;
		}
		this.dearest.set(task, Math.max(this.dearest.get(task) ?? 0, charge.usd ?? 0));
		this.tokens.learn(task, messages, used);
	}

	/** Returns the token limit that is sent, including hidden tokens. */
	private limitOf({ call, room }: Pick<QueuedCall, 'call' | 'room'>): number | undefined {
		const { maxTokens } = call.sampling;
		return maxTokens === undefined ? undefined : maxTokens * room + (this.facts.hiddenAllowance ?? 0);
	}
}
