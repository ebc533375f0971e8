import type { ErrorCode, ErrorData } from '../errors/sentences.ts';
import type { Message } from '../text/message.ts';
import type { Sampling, TeacherCall } from './teacher.ts';

/**
 * The wire under a teacher: sends one request once. Retrying, pausing, caching, budgets and parsing stand above it
 * (src/teacher/ask/askAll.ts), so another kind of model (vscode.lm in src/ui) is only this.
 */
export interface Transport {
	/** Resolves with a whole reply or rejects with a {@link TransportError}; stops when aborted. Never retries. */
	send(request: TransportRequest, signal: AbortSignal): Promise<TransportReply>;
	/**
	 * Model names on offer; empty where it has no such list. Rejects with a {@link TransportError} where it cannot be
	 * reached or refuses.
	 */
	models(signal: AbortSignal): Promise<string[]>;
	/** True once `sampling.maxTokens` is no longer obeyed, so that it bounds no cost. */
	readonly ignoresTokenLimit?: boolean | undefined;
}

export interface TransportRequest {
	/** The reply's key; sent along where a wire has a place for it, so that a gateway can tell a request sent again. */
	readonly key: string;
	readonly model: string;
	readonly messages: readonly Message[];
	/** As asked, but for `maxTokens`, which is more when an earlier attempt was cut off by it. */
	readonly sampling: Sampling;
	readonly attempt: number;
	readonly call: TeacherCall;
}

export interface TransportReply {
	readonly text: string;
	/** `cachedInput`: part of `input` billed at the cached price. `output` holds hidden (reasoning) tokens too. */
	readonly usage: {
		readonly input: number;
		readonly cachedInput: number;
		readonly output: number;
		readonly reasoning: number;
	} | null;
	/** The reply was cut off by a token limit. */
	readonly truncated: boolean;
	/** Milliseconds everything should wait before asking on, where the endpoint says that a limit is used up. */
	readonly pauseMs?: number | undefined;
}

/** The error that a `fatal` request ends everything with: its sentence takes `endpoint`, `model` and `reason`. */
export type FatalCode = {
	[Code in ErrorCode]: keyof ErrorData<Code> extends 'endpoint' | 'model' | 'reason' ? Code : never;
}[Extract<ErrorCode, `teacher.${string}`>];

/**
 * Why a request failed, as far as it matters for what to do next. `message` is one line without secrets; for `fatal`
 * only the reason, since `details.code` has a sentence.
 */
export class TransportError extends Error {
	override readonly name = 'TransportError';
	constructor(
		/**
		 * rate: too many requests, everything waits; busy: overloaded, everything waits where it says how long;
		 * transient: try this one again; refused: this request will never be answered; fatal: none will; missing: a
		 * scripted teacher has no reply.
		 */
		readonly kind: 'rate' | 'busy' | 'transient' | 'refused' | 'fatal' | 'missing',
		message: string,
		readonly details: {
			/** With `fatal`. Default: `teacher.requestFailed`. */
			readonly code?: FatalCode | undefined;
			readonly retryAfterMs?: number | undefined;
			/** The endpoint may have worked (and billed) before it failed: a timeout, a cut or broken body. */
			readonly maybeBilled?: boolean | undefined;
			/** No connection at all. */
			readonly unreachable?: boolean | undefined;
			readonly text?: string | undefined;
			/** With `refused`: the model read the question and declined; nothing is wrong with the request's form. */
			readonly declined?: boolean | undefined;
		} = {},
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}
