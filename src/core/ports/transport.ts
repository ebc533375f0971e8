import type { ErrorCode, ErrorData } from '../errors/sentences.ts';
import type { Message } from '../text/message.ts';
import type { RunningBatches } from './runningBatches.ts';
import type { Sampling, TeacherCall } from './teacher.ts';
import type { Tier } from './tier.ts';

/**
 * The connection under a teacher: sends one request once. Retries, pauses, caching, budgets and parsing are layered
 * above it (src/teacher/ask/askAll.ts), so another kind of model (vscode.lm in src/ui) only has to implement this.
 */
export interface Transport {
	/** Resolves with a whole reply or rejects with a {@link TransportError}; stops when aborted. Never retries. */
	send(request: TransportRequest, signal: AbortSignal): Promise<TransportReply>;
	/**
	 * Returns the names of the available models; empty if the endpoint does not list them. Rejects with a
	 * {@link TransportError} if it cannot be reached or refuses.
	 */
	models(signal: AbortSignal): Promise<string[]>;
	/** True once the endpoint is known to ignore `sampling.maxTokens`, so that the limit no longer bounds the cost. */
	readonly ignoresTokenLimit?: boolean | undefined;
	/** How many requests may share one call of the endpoint; default 1. */
	readonly shared?: number | undefined;
	/** False if the next request will share a call that is about to be made. */
	readonly opensCall?: boolean | undefined;
	/** Present if requests may run at the endpoint in batches, which outlive the process. */
	readonly batches?: RunningBatches | undefined;
	/** Releases what the transport holds once nothing more is sent. */
	close?(): Promise<void>;
}

export interface TransportRequest {
	/**
	 * The reply's key, which is sent along if the protocol has a field for it, so that a gateway can recognise a
	 * repeated request.
	 */
	readonly key: string;
	readonly model: string;
	readonly messages: readonly Message[];
	/** The requested sampling settings, except that `maxTokens` is larger after it cut an attempt off. */
	readonly sampling: Sampling;
	readonly attempt: number;
	readonly call: TeacherCall;
	/** The reply decides what further ones may cost, so it should arrive soon. */
	readonly isTrial?: boolean | undefined;
}

export interface TransportReply {
	readonly text: string;
	/** Text that the endpoint sent as well and that is not part of the reply: thoughts, further choices. */
	readonly besides?: string | undefined;
	/** `cachedInput` is the part of `input` billed at the cached price. `output` includes hidden (reasoning) tokens. */
	readonly usage: {
		readonly input: number;
		readonly cachedInput: number;
		readonly output: number;
		readonly reasoning: number;
	} | null;
	/** USD, where the endpoint itself says what the reply costs (`usage.cost`). */
	readonly cost?: number | undefined;
	/** Number of calls of the endpoint that count for this reply: 0 if it shared one that counts for another; default 1. */
	readonly calls?: number | undefined;
	/** Whether a token limit cut the reply off. */
	readonly truncated: boolean;
	/** The tier that answered, if that is known; default: the one of the teacher's requests. */
	readonly tier?: Tier | undefined;
	/** Milliseconds to pause all requests, if the endpoint reports that a limit is used up. */
	readonly pauseMs?: number | undefined;
}

/**
 * Code of the StatError with which a `fatal` failure ends the run; its sentence takes `endpoint`, `model` and `reason`.
 */
export type FatalCode = {
	[Code in ErrorCode]: keyof ErrorData<Code> extends 'endpoint' | 'model' | 'reason' ? Code : never;
}[Extract<ErrorCode, `teacher.${string}`>];

/**
 * Why a request failed, as far as that decides what to do next. `message` is one line without secrets; for `fatal` it
 * is only the reason, because `details.code` has a sentence.
 */
export class TransportError extends Error {
	override readonly name = 'TransportError';
	constructor(
		/**
		 * rate: too many requests, so all requests wait; busy: overloaded, and all requests wait if the endpoint says
		 * for how long; transient: retry this request; refused: this request will never be answered; fatal: no request
		 * will be answered; missing: a scripted teacher has no reply.
		 */
		readonly kind: 'rate' | 'busy' | 'transient' | 'refused' | 'fatal' | 'missing',
		message: string,
		readonly details: {
			/** Set for `fatal`. Default: `teacher.requestFailed`. */
			readonly code?: FatalCode | undefined;
			readonly retryAfterMs?: number | undefined;
			/** For `rate`: the endpoint has no capacity for this tier, so it is worth waiting longer. */
			readonly noCapacity?: boolean | undefined;
			/**
			 * The endpoint may have done the work, and billed it, before the request failed: a timeout, a truncated or
			 * broken body, or a server error.
			 */
			readonly maybeBilled?: boolean | undefined;
			/** What the endpoint sent and bills although it is no reply, e.g. because the model declined. */
			readonly billed?: Pick<TransportReply, 'text' | 'besides' | 'usage' | 'cost'> | undefined;
			/**
			 * For `transient`: maximum number of times to send this request if it keeps failing like this, for failures
			 * that a retry rarely fixes.
			 */
			readonly tries?: number | undefined;
			/** No connection could be made. */
			readonly unreachable?: boolean | undefined;
			readonly text?: string | undefined;
			/**
			 * For `refused`: the model read the question and declined to answer; nothing is wrong with the form of the
			 * request.
			 */
			readonly declined?: boolean | undefined;
		} = {},
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}
