import type { Message } from '../text/message.ts';

/** What the teacher can be asked. Each has one versioned prompt file in src/teacher/prompts. */
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

/** One question to the teacher, before it is asked. */
export interface TeacherCall {
	/** `embed`: no prompt, the text itself; the reply is its vector. */
	readonly task: TeacherTask | 'embed' | 'answer';
	/**
	 * What it is about, for scripted replies, logs and set-aside lists: a question id, or `question id/skill key/n`.
	 */
	readonly about: string;
	readonly messages: readonly Message[];
	readonly sampling: Sampling;
	/** 0-based; in the cache key, or five samples would be one (promptfoo#360). */
	readonly sample: number;
	/** Name and version of the prompt, e.g. `diagnose@1`; `…+edited:hash` for a user's copy. */
	readonly promptVersion: string;
}

export interface Usage {
	readonly input: number;
	/** Visible and hidden (reasoning) output tokens: both are paid for. */
	readonly output: number;
	readonly reasoning: number;
}

/** A finished reply. It is on disk before it counts. */
export interface TeacherReply {
	/**
	 * Hash of endpoint-independent request: model, messages, sampling, sample index, attempt. Parsing comes after: a
	 * better parser never repeats a call.
	 */
	readonly key: string;
	readonly task: TeacherTask | 'embed' | 'answer';
	readonly about: string;
	readonly model: string;
	/**
	 * Who gave it, as people are shown; never used to connect. Not in the key: a reply outlives its address. Replies of
	 * before have none.
	 */
	readonly endpoint?: string | undefined;
	readonly promptVersion: string;
	readonly sampling: Sampling;
	readonly sample: number;
	/** 0 for the first time of asking; malformed replies are asked again with 1, 2… */
	readonly attempt: number;
	readonly text: string;
	/** Set where a token limit cut the reply off: such a reply counts as malformed. */
	readonly truncated?: boolean | undefined;
	readonly usage: Usage | null;
	/** USD; `null`: the price is unknown. */
	readonly cost: number | null;
	readonly at: string;
}

/** Where finished replies are kept. Implemented by the store; `put` resolves once the reply is durable. */
export interface ReplyLog {
	get(key: string): Promise<TeacherReply | undefined>;
	/** Keys of `keys` that are already known (for estimates), in one round trip. */
	known(keys: readonly string[]): Promise<ReadonlySet<string>>;
	put(reply: TeacherReply): Promise<void>;
}

/** What became of one call. Calls in = outcomes out, always. */
export type Outcome<T> =
	| { readonly call: TeacherCall; readonly reply: TeacherReply; readonly value: T; readonly cached: boolean }
	| { readonly call: TeacherCall; readonly failure: TeacherFailure };

export interface TeacherFailure {
	/**
	 * malformed: every attempt failed to parse; refused: the endpoint will not answer this (4xx, content filter);
	 * unreachable: retries used up; budget: stopped before it was sent; cancelled; missing: a scripted teacher has no
	 * reply.
	 */
	readonly kind: 'malformed' | 'refused' | 'unreachable' | 'budget' | 'cancelled' | 'missing';
	readonly message: string;
	/** The last reply's text, where there was one. */
	readonly text?: string;
}

/** Thrown by a parser to have the call asked again. */
export class MalformedReply extends Error {
	override readonly name = 'MalformedReply';
}

export interface Estimate {
	/** To be paid for. */
	readonly calls: number;
	/** Answered already, besides those: free. */
	readonly cached: number;
	readonly tokens: { readonly input: number; readonly output: number };
	/** USD, give or take 30 %; `null`: the price is unknown. */
	readonly cost: number | null;
}

export interface AskOptions {
	readonly signal: AbortSignal;
	/**
	 * Cap for this ask, in USD, or in calls where the price is unknown. Calls in flight are reserved, so it cannot be
	 * overshot.
	 */
	readonly budget?: number | undefined;
	/**
	 * A reply cut off by the token limit is a reply: what a student does not finish is its answer. Default: it is
	 * malformed.
	 */
	readonly acceptTruncated?: boolean | undefined;
	/** Times a malformed reply is asked for in all; default 3. */
	readonly attempts?: number | undefined;
	readonly onProgress?: ((spent: Spent) => void) | undefined;
}

/** Paid during this ask; cached replies cost nothing and are not calls. */
export interface Spent {
	readonly calls: number;
	readonly cost: number | null;
	readonly finished: number;
	readonly inFlight: number;
	/** Set while everything waits for a rate limit: seconds left. */
	readonly pausedFor?: number | undefined;
}

/** A stronger model that is asked. Implemented in src/teacher: OpenAI-compatible, scripted; vscode.lm in src/ui. */
export interface Teacher {
	readonly model: string;
	/** What people are shown: an origin, `scripted:FILE`, `VS Code: …`. Never a key. */
	readonly endpoint: string;
	/**
	 * Asks as they come, in any order of completion; each outcome is durable when it is yielded. After a cancel or at
	 * the end of the budget the rest come as failures. Throws (StatError, after yielding what was finished) only where
	 * no further call can succeed: the endpoint refuses the key or the model, its credit is used up, it is down, or the
	 * disk is full.
	 */
	ask<T>(
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		parse: (text: string, call: TeacherCall) => T | Promise<T>,
		options: AskOptions,
	): AsyncIterable<Outcome<T>>;
	estimate(
		calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
		expectedOutputTokens: number,
	): Promise<Estimate>;
	/**
	 * Model names the endpoint offers; empty where it has no such list. Rejects with a StatError where it cannot be
	 * reached or refuses.
	 */
	models(signal: AbortSignal): Promise<string[]>;
	dispose(): Promise<void>;
}
