import type { Message } from '../text/message.ts';

/** The teacher's tasks. Each has one versioned prompt file in src/teacher/prompts. */
export type TeacherTask =
	| 'label'
	| 'judge'
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
	/** `embed`: no prompt; the text itself, whose reply is a vector. */
	readonly task: TeacherTask | 'embed' | 'answer';
	/**
	 * The subject of the request, for scripted replies, logs and set-aside lists: a question id, or `question id/skill
	 * key/n`.
	 */
	readonly about: string;
	readonly messages: readonly Message[];
	readonly sampling: Sampling;
	/** 0-based; part of the cache key, or five samples would be one (promptfoo#360). */
	readonly sample: number;
	/** Name and version of the prompt, e.g. `diagnose@1`; `…+edited:hash` for a user's copy. */
	readonly promptVersion: string;
	/** A stored reply without text is not used again: the request is sent as another attempt. */
	readonly retryEmpty?: boolean | undefined;
}

export interface Usage {
	readonly input: number;
	/** Visible and hidden (reasoning) output tokens; both are billed. */
	readonly output: number;
	readonly reasoning: number;
}

/** A finished reply. It is on disk before it counts. */
export interface TeacherReply {
	/**
	 * Hash of the request without its endpoint: model, messages, sampling, sample index, attempt. The parser is not
	 * part of it, so a better parser never repeats a call.
	 */
	readonly key: string;
	readonly task: TeacherTask | 'embed' | 'answer';
	readonly about: string;
	readonly model: string;
	/**
	 * Where it came from, for display; never used to connect. Not part of the key: a reply outlives its address. Absent
	 * in old replies.
	 */
	readonly endpoint?: string | undefined;
	readonly promptVersion: string;
	readonly sampling: Sampling;
	readonly sample: number;
	/** 0 for the first attempt; retries of malformed replies count 1, 2 … */
	readonly attempt: number;
	readonly text: string;
	/** Set if a token limit cut the reply off; it then counts as malformed. */
	readonly truncated?: boolean | undefined;
	readonly usage: Usage | null;
	/** USD; `null`: the price is unknown. */
	readonly cost: number | null;
	readonly at: string;
}

/** The log of finished replies. Implemented by the store; `put` resolves once the reply is durable. */
export interface ReplyLog {
	get(key: string): Promise<TeacherReply | undefined>;
	/** Which of `keys` are already answered (for estimates), in one round trip. */
	known(keys: readonly string[]): Promise<ReadonlySet<string>>;
	put(reply: TeacherReply): Promise<void>;
}

/** The outcome of one call. Calls in = outcomes out, always. */
export type Outcome<T> =
	| { readonly call: TeacherCall; readonly reply: TeacherReply; readonly value: T; readonly cached: boolean }
	| { readonly call: TeacherCall; readonly failure: TeacherFailure };

export interface TeacherFailure {
	/**
	 * malformed: every attempt failed to parse; refused: the endpoint will not answer this (4xx, content filter);
	 * unreachable: no retries left; budget: not sent; cancelled; missing: a scripted teacher has no reply.
	 */
	readonly kind: 'malformed' | 'refused' | 'unreachable' | 'budget' | 'cancelled' | 'missing';
	readonly message: string;
	/** The last reply's text, if there was one. */
	readonly text?: string;
}

/** Thrown by a parser to have the call retried. */
export class MalformedReply extends Error {
	override readonly name = 'MalformedReply';
}

export interface Estimate {
	/** Calls to pay for. */
	readonly calls: number;
	/** Further calls that are already answered and free. */
	readonly cached: number;
	readonly tokens: { readonly input: number; readonly output: number };
	/** USD, within about 30 %; `null`: the price is unknown. */
	readonly cost: number | null;
}

export interface AskOptions {
	readonly signal: AbortSignal;
	/**
	 * Maximum spend of this run, in USD, or in calls if the price is unknown. Calls in flight are reserved, so it
	 * cannot be exceeded.
	 */
	readonly budget?: number | undefined;
	/**
	 * Accepts a reply that the token limit cut off: what a student does not finish is still its answer. Default: it is
	 * malformed.
	 */
	readonly acceptTruncated?: boolean | undefined;
	/** Total attempts for a malformed reply; default 3. */
	readonly attempts?: number | undefined;
	readonly onProgress?: ((spent: Spent) => void) | undefined;
}

/** Paid during this run; cached replies cost nothing and are not counted as calls. */
export interface Spent {
	readonly calls: number;
	readonly cost: number | null;
	readonly finished: number;
	readonly inFlight: number;
	/** Set while everything waits for a rate limit: seconds left. */
	readonly pausedFor?: number | undefined;
}

/**
 * The stronger model that labels, diagnoses and writes. Implemented in src/teacher (OpenAI-compatible, scripted) and
 * src/ui (vscode.lm).
 */
export interface Teacher {
	readonly model: string;
	/** For display: an origin, `scripted:FILE`, `VS Code: …`. Never a key. */
	readonly endpoint: string;
	/**
	 * Yields outcomes in order of completion, each durable when it is yielded. After a cancel or at the end of the
	 * budget the rest are yielded as failures. Throws a StatError, after yielding everything finished, only if no
	 * further call can succeed: the endpoint refuses the key or the model, its credit is used up, it is down, or the
	 * disk is full.
	 */
	ask<T>(
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		parse: (text: string, call: TeacherCall, reply: TeacherReply) => T | Promise<T>,
		options: AskOptions,
	): AsyncIterable<Outcome<T>>;
	estimate(
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		expectedOutputTokens: number,
	): Promise<Estimate>;
	/**
	 * Model names that the endpoint offers; empty if it has no such list. Rejects with a StatError if it cannot be
	 * reached or refuses.
	 */
	models(signal: AbortSignal): Promise<string[]>;
	dispose(): Promise<void>;
}
