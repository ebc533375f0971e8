import type { ErrorCode, ErrorData } from '../errors/sentences.ts';
import type { Message } from '../text/message.ts';
import type { Sampling, TeacherCall } from './teacher.ts';

/**
 * The wire under a teacher: sends one request once. Retries, pauses, caching, budgets and parsing are layered above it
 * (src/teacher/ask/askAll.ts), so another kind of model (vscode.lm in src/ui) only implements this.
 */
export interface Transport {
	/** Resolves with a whole reply or rejects with a {@link TransportError}; stops when aborted. Never retries. */
	send(request: TransportRequest, signal: AbortSignal): Promise<TransportReply>;
	/**
	 * Model names on offer; empty if there is no such list. Rejects with a {@link TransportError} if it cannot be
	 * reached or refuses.
	 */
	models(signal: AbortSignal): Promise<string[]>;
	/** True once the endpoint no longer obeys `sampling.maxTokens`, so that it bounds no cost. */
	readonly ignoresTokenLimit?: boolean | undefined;
}

export interface TransportRequest {
	/**
	 * The reply's key, sent along if the wire has a field for it, so that a gateway can recognise a repeated request.
	 */
	readonly key: string;
	readonly model: string;
	readonly messages: readonly Message[];
	/** As requested, except that `maxTokens` is larger after an attempt that was cut off by it. */
	readonly sampling: Sampling;
	readonly attempt: number;
	readonly call: TeacherCall;
}

export interface TransportReply {
	readonly text: string;
	/** `cachedInput`: the part of `input` billed at the cached price. `output` includes hidden (reasoning) tokens. */
	readonly usage: {
		readonly input: number;
		readonly cachedInput: number;
		readonly output: number;
		readonly reasoning: number;
	} | null;
	/** The reply was cut off by a token limit. */
	readonly truncated: boolean;
	/** Milliseconds to pause all requests if the endpoint reports that a limit is used up. */
	readonly pauseMs?: number | undefined;
}

/**
 * The code of the StatError that a `fatal` request ends the run with; its sentence takes `endpoint`, `model` and
 * `reason`.
 */
export type FatalCode = {
	[Code in ErrorCode]: keyof ErrorData<Code> extends 'endpoint' | 'model' | 'reason' ? Code : never;
}[Extract<ErrorCode, `teacher.${string}`>];

/**
 * Why a request failed, as far as it matters for what to do next. `message` is one line without secrets; for `fatal` it
 * is only the reason, since `details.code` has a sentence.
 */
export class TransportError extends Error {
	override readonly name = 'TransportError';
	constructor(
		/**
		 * rate: too many requests, all requests wait; busy: overloaded, all requests wait if it says how long;
		 * transient: retry this one; refused: this request will never be answered; fatal: no request will; missing: a
		 * scripted teacher has no reply.
		 */
		readonly kind: 'rate' | 'busy' | 'transient' | 'refused' | 'fatal' | 'missing',
		message: string,
		readonly details: {
			/** For `fatal`. Default: `teacher.requestFailed`. */
			readonly code?: FatalCode | undefined;
			readonly retryAfterMs?: number | undefined;
			/** The endpoint may have worked, and billed, before it failed: a timeout, a cut or broken body. */
			readonly maybeBilled?: boolean | undefined;
			/**
			 * For `transient`: the most times to send this request if it keeps failing like this, for what a repetition
			 * hardly mends.
			 */
			readonly tries?: number | undefined;
			/** No connection at all. */
			readonly unreachable?: boolean | undefined;
			readonly text?: string | undefined;
			/** For `refused`: the model read the question and declined; the form of the request is fine. */
			readonly declined?: boolean | undefined;
		} = {},
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}
