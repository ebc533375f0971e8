import type { ReplyLog, Teacher } from '../../core/ports/teacher.ts';
import type { Run } from '../../core/run.ts';
import type { Tier } from '../../core/ports/tier.ts';
import type { Transport } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { askAll } from './askAll.ts';
import { Bill } from './bill.ts';
import { endOf } from './endOf.ts';
import type { Engine } from './engine.ts';
import { estimateCalls } from './estimateCalls.ts';
import type { ModelFacts } from '../wire/modelTable.ts';
import { factsAt } from '../wire/modelTable.ts';
import { Pace, startLimit } from './pace.ts';
import { TokenEstimate } from './tokenEstimate.ts';

export interface TeacherOverOptions {
	readonly transport: Transport;
	readonly model: string;
	/** For display; never used as a key. */
	readonly endpoint: string;
	readonly replies: ReplyLog;
	readonly facts: ModelFacts;
	/** The tier that is requested, which decides the price; default: `default`. */
	readonly tier?: Tier | undefined;
	/** Maximum number of calls in flight; defaults to the model table's value, or 100 if it has none. */
	readonly concurrency?: number | undefined;
	/** Number of calls in flight at first; default 20. */
	readonly start?: number | undefined;
	readonly log?: ((level: 'debug' | 'info' | 'warn', message: string) => void) | undefined;
	readonly calls?: Run['calls'];
	/** Replaces the model in the cache key if the model's name is not enough to identify it. */
	readonly keyModel?: string | undefined;
	/** Delay before the first retry after a failure, in ms; default 500. */
	readonly backoff?: number | undefined;
	/** Longest pause that is obeyed, in ms; default 10 minutes. */
	readonly longestPause?: number | undefined;
}

/**
 * Creates a teacher over any {@link Transport}. Cache, pace, retries, budget and parsing are the same for every
 * transport.
 */
export function createTeacherOver(options: TeacherOverOptions): Teacher {
	const { transport, model, endpoint, replies, tier } = options;
	const log = options.log ?? (() => undefined);
	const disposal = new AbortController();
	const tokens = new TokenEstimate();
	const bill = new Bill(options.facts, tokens, log, tier);
	const facts = factsAt(options.facts, tier ?? 'default');
	const engine: Engine = {
		model,
		endpoint,
		transport,
		replies,
		bill,
		log,
		keyModel: options.keyModel ?? model,
		pace: new Pace({
			ceiling: Math.max(1, Math.floor(options.concurrency ?? facts.concurrency ?? 100)),
			// Whoever states a concurrency knows what the endpoint takes; half of it leaves room for a mistake.
			start: options.start ?? Math.max(startLimit, Math.ceil((options.concurrency ?? 0) / 2)),
			log,
			longestPause: options.longestPause,
			shortestPause: options.backoff === undefined ? undefined : options.backoff * 2,
		}),
		tokens,
		backoff: options.backoff ?? 500,
		now: () => new Date().toISOString(),
		disposed: disposal.signal,
	};
	if (tier !== 'batch') {
		options.calls?.add(engine.pace);
	}
	const ended = (error: unknown): never => {
		throw error instanceof TransportError ? endOf(error, engine) : error;
	};
	const { batches } = transport;
	return {
		model,
		hasPrice: bill.hasPrice,
		tier,
		batches: batches && {
			list: (signal) => batches.list(signal).catch(ended),
			cancel: (batch, signal) => batches.cancel(batch, signal).catch(ended),
		},
		endpoint,
		ask: (calls, parse, options) => askAll(engine, calls, parse, options),
		estimate: (calls, expectedOutputTokens, onStored) =>
			estimateCalls(engine, facts, calls, expectedOutputTokens, onStored),
		models: (signal) => transport.models(signal).catch(ended),
		async dispose() {
			disposal.abort();
			await transport.close?.();
		},
	};
}
