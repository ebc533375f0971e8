import type { Budget } from './budget.ts';
import type { Message } from '../text/message.ts';
import type { BatchProgress, TeacherBatches } from './runningBatches.ts';
import type { Tier } from './tier.ts';

/** The teacher's tasks. Each has one versioned prompt file in src/teacher/prompts. */
export type TeacherTask =
	| 'label'
	| 'judge'
	| 'grade'
	| 'diagnose'
	| 'rewrite'
	| 'catalogName'
	| 'catalogCluster'
	| 'propose'
	| 'proposeNear'
	| 'solve'
	| 'check';

export interface Sampling {
	readonly temperature?: number;
	readonly topP?: number;
	readonly maxTokens?: number;
}

/** One request to the teacher, before it is sent. */
export interface TeacherCall {
	/** An `embed` call has no prompt: it sends the text itself and the reply is a vector. */
	readonly task: TeacherTask | 'embed' | 'answer';
	/**
	 * What the request is about, for scripted replies, logs and set-aside lists: a question ID, or `question id/skill
	 * key/n`.
	 */
	readonly about: string;
	readonly messages: readonly Message[];
	readonly sampling: Sampling;
	/** 0-based. Part of the cache key; otherwise five samples would share one reply (promptfoo#360). */
	readonly sample: number;
	/** Name and version of the prompt, e.g. `diagnose@1`, or `…+edited:hash` for a user's copy. */
	readonly promptVersion: string;
	/** A stored reply with no text is not reused; the request is sent as another attempt. */
	readonly retryEmpty?: boolean | undefined;
}

export interface Usage {
	readonly input: number;
	/** Visible and hidden (reasoning) output tokens. Both are billed. */
	readonly output: number;
	readonly reasoning: number;
}

/** A finished reply. It is stored before it counts. */
export interface TeacherReply {
	/**
	 * Hash of the request without its endpoint: model, messages, sampling, sample index, attempt. The parser is not
	 * included, so improving the parser never repeats a call.
	 */
	readonly key: string;
	readonly task: TeacherTask | 'embed' | 'answer';
	readonly about: string;
	readonly model: string;
	/**
	 * The endpoint that sent the reply, for display; never used to connect. Not part of the key, because replies remain
	 * valid when an endpoint's address changes. Absent in old replies.
	 */
	readonly endpoint?: string | undefined;
	readonly promptVersion: string;
	readonly sampling: Sampling;
	readonly sample: number;
	/** 0 for the first attempt; retries after malformed replies count 1, 2, … */
	readonly attempt: number;
	readonly text: string;
	/** Set if a token limit cut the reply off, in which case it counts as malformed. */
	readonly truncated?: boolean | undefined;
	readonly usage: Usage | null;
	/** USD; `null` if the price is unknown. */
	readonly cost: number | null;
	/** The tier that answered; absent if it is the default one. */
	readonly tier?: Tier | undefined;
	readonly at: string;
}

/**
 * The log of finished replies. Implemented by the store; `put` resolves once no kill of the process can take the reply,
 * and within a second no power failure can.
 */
export interface ReplyLog {
	get(key: string): Promise<TeacherReply | undefined>;
	/** Returns which of `keys` already have a reply, in one round trip (for estimates). */
	known(keys: readonly string[]): Promise<ReadonlySet<string>>;
	put(reply: TeacherReply): Promise<void>;
	/**
	 * Returns the mean output tokens of this model's latest replies to a task, for estimates; `undefined` if there are
	 * too few.
	 */
	meanOutput?(model: string, task: TeacherReply['task']): Promise<number | undefined>;
	/** Opens the claims of one run. */
	claims(): ReplyClaims;
}

/**
 * Who pays for a reply. `stored`: nobody, it is there; `theirs`: another run does and was not answered yet. `by` is its
 * process, or `null` if that is this one.
 */
export type Claim =
	| { readonly state: 'ours' }
	| { readonly state: 'stored' }
	| { readonly state: 'theirs'; readonly by: { readonly pid: number; readonly host: string } | null };

/**
 * The claims of one run. A run claims replies before it pays for them, so that no two runs pay for the same one, in
 * whichever processes and on whichever machines they are. The claims of a process that dies fall.
 */
export interface ReplyClaims {
	/**
	 * Claims the replies that are not stored and that no other run has claimed. Returns who pays for each, in the order
	 * of `keys`. Claiming again what is `ours` confirms it; a claim that was not confirmed for half a minute may be lost.
	 */
	take(keys: readonly string[]): Promise<readonly Claim[]>;
	/** Releases claims, whether or not the replies were stored. */
	release(keys: readonly string[]): void;
	/** Releases all claims. */
	close(): void;
}

/** The outcome of one call. Every call has exactly one outcome. */
export type Outcome<T> =
	| { readonly call: TeacherCall; readonly reply: TeacherReply; readonly value: T; readonly cached: boolean }
	| { readonly call: TeacherCall; readonly failure: TeacherFailure };

export interface TeacherFailure {
	/**
	 * malformed: every attempt failed to parse; refused: the endpoint will not answer this request (4xx, content
	 * filter); unreachable: no retries left; budget: not sent; cancelled; missing: a scripted teacher has no reply;
	 * damaged: not sent, because the text to ask about cannot be read.
	 */
	readonly kind: 'malformed' | 'refused' | 'unreachable' | 'budget' | 'cancelled' | 'missing' | 'damaged';
	readonly message: string;
	/** Text of the last reply, if there was one. */
	readonly text?: string;
}

/** Thrown by a parser so that the call is retried. */
export class MalformedReply extends Error {
	override readonly name = 'MalformedReply';
}

export interface Estimate {
	/** Number of calls to pay for. */
	readonly calls: number;
	/** Number of additional calls whose replies are already stored, so they cost nothing. */
	readonly cached: number;
	readonly tokens: { readonly input: number; readonly output: number };
	/** USD, accurate to about 30%; `null` if the price is unknown. */
	readonly cost: number | null;
}

export interface AskOptions {
	readonly signal: AbortSignal;
	/** Limits what the calls may cost, together with the other requests that share it. */
	readonly budget?: Budget | undefined;
	/**
	 * Accepts a reply that the token limit cut off: an answer that a student does not finish is still its answer. By
	 * default, such a reply is malformed.
	 */
	readonly acceptTruncated?: boolean | undefined;
	/** Maximum number of attempts when replies are malformed; default 3. */
	readonly attempts?: number | undefined;
	readonly onProgress?: ((spent: Spent) => void) | undefined;
}

/** What was paid during this run. Cached replies cost nothing and are not counted as calls. */
export interface Spent {
	readonly calls: number;
	readonly cost: number | null;
	/** Calls that ended without a reply but may have been billed, and the most that they can have cost, in USD. */
	readonly unsure: { readonly calls: number; readonly usd: number };
	readonly finished: number;
	readonly inFlight: number;
	/** How far the batches are that are being waited for. */
	readonly batch?: BatchProgress | undefined;
	/** Number of calls that another run makes and whose replies are waited for. */
	readonly elsewhere: number;
	/** Seconds left while all calls wait for a rate limit; absent otherwise. */
	readonly pausedFor?: number | undefined;
}

/**
 * The stronger model that labels, diagnoses and writes. Implemented in src/teacher (OpenAI-compatible, scripted) and
 * src/ui (vscode.lm).
 */
export interface Teacher {
	readonly model: string;
	/** Whether the model's price is known. */
	readonly hasPrice: boolean;
	/** The tier that is requested, if the endpoint has several. */
	readonly tier?: Tier | undefined;
	/** Absent if the teacher has no endpoint or no project. */
	readonly batches?: TeacherBatches | undefined;
	/** For display: an origin, `scripted:FILE` or `VS Code: …`. Never used as a key. */
	readonly endpoint: string;
	/**
	 * Yields outcomes in order of completion, each of them stored when it is yielded. After a cancellation or once the
	 * budget is used up, the remaining calls are yielded as failures. Throws a StatError, after yielding everything
	 * finished, only if no further call can succeed: the endpoint refuses the key or the model, its credit is used up,
	 * it is down, or the disk is full.
	 */
	ask<T>(
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		parse: (text: string, call: TeacherCall, reply: TeacherReply) => T | Promise<T>,
		options: AskOptions,
	): AsyncIterable<Outcome<T>>;
	/** Estimates the cost of calls and makes none. `onStored` receives the text of each reply that is already stored. */
	estimate(
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		expectedOutputTokens: number,
		onStored?: (text: string, call: TeacherCall) => void,
	): Promise<Estimate>;
	/**
	 * Returns the names of the models that the endpoint offers; empty if it does not list them. Rejects with a
	 * StatError if the endpoint cannot be reached or refuses.
	 */
	models(signal: AbortSignal): Promise<string[]>;
	dispose(): Promise<void>;
}
