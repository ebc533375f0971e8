import { randomBytes } from 'node:crypto';
import type { BatchProgress, BatchStatus, RunningBatches } from '../../core/ports/runningBatches.ts';
import type { Transport, TransportReply } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { openClient } from '../wire/endpointClient.ts';
import type { OpenAiTransportOptions } from '../wire/openAiTransport.ts';
import { chatPurpose, completionBody } from '../wire/openAiTransport.ts';
import type { SentRequest } from '../wire/tolerances.ts';
import type { RequestPurpose } from '../wire/wireErrors.ts';
import { BatchApi } from './batchApi.ts';
import type { BatchRecord } from './batchFolder.ts';
import { BatchFolder } from './batchFolder.ts';
import { missingFailure, requestLine } from './batchLines.ts';
import type { BatchTimes } from './followBatch.ts';
import { failureOf, followBatch } from './followBatch.ts';
import type { Waiter } from './openBatch.ts';
import { OpenBatch } from './openBatch.ts';

export interface BatchOptions {
	/** Where the project's batches are recorded. */
	readonly folder: string;
	/** Whether requests are put into batches. Otherwise they are sent directly, except those already in a batch. */
	readonly submits: boolean;
	/** Default: 1.5 s to gather, 2 s to the first look, a minute to settle, half a second of backoff. */
	readonly times?: Partial<BatchTimes & { readonly gather: number }> | undefined;
	/** Maximum number of requests in a batch; default 10,000. */
	readonly requests?: number | undefined;
}

/** Maximum size of a batch's input, in bytes; OpenAI accepts 200 MB. */
const bytesAtMost = 90e6;
/** Maximum size of a batch's output, in bytes: the longest text that fits into memory is a little longer. */
const outputAtMost = 500e6;

/**
 * Puts requests into batches: those that arrive without a pause of `gather` ms share one. A batch outlives the process;
 * whoever needs one of its replies later, with or without batches of its own, takes it from there.
 */
export function batchTransport(
	direct: Transport,
	wire: OpenAiTransportOptions,
	options: BatchOptions & {
		readonly endpoint: string;
		readonly isStored: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
	},
): Transport {
	const batches = new Batches(direct, wire, options);
	return {
		get ignoresTokenLimit() {
			return direct.ignoresTokenLimit;
		},
		batches,
		send: (request, signal) => batches.send(request, signal),
		models: (signal) => direct.models(signal),
		close: () => batches.close(),
	};
}

class Batches implements RunningBatches {
	private readonly folder: BatchFolder;
	private readonly api: BatchApi;
	private readonly purpose: RequestPurpose;
	private readonly times: BatchTimes & { readonly gather: number };
	/** The batches that may still have replies to give, by their requests' keys. */
	private readonly byKey = new Map<string, OpenBatch>();
	private readonly known = new Map<string, OpenBatch>();
	private readonly taken = new Set<string>();
	private readonly listeners = new Set<() => void>();
	private readonly warnedOf = new Set<string>();
	private gathered: Waiter[] = [];
	private timer: NodeJS.Timeout | undefined;
	private requests: number;

	constructor(
		private readonly direct: Transport,
		private readonly wire: OpenAiTransportOptions,
		private readonly options: Parameters<typeof batchTransport>[2],
	) {
		this.folder = new BatchFolder(options.folder);
		this.purpose = { ...chatPurpose(wire.apiKey), notFound: 'teacher.noBatches' };
		this.api = new BatchApi(openClient({ ...wire, longest: outputAtMost }, this.purpose));
		this.times = { gather: 1500, poll: 2000, settle: 60_000, backoff: 500, ...options.times };
		this.requests = options.requests ?? 10_000;
	}

	holds(key: string): boolean {
		this.refresh();
		return this.byKey.has(key);
	}

	hasTaken(key: string): boolean {
		return this.taken.has(key);
	}

	progress(): BatchProgress | undefined {
		const followed = [...this.known.values()].filter(({ following }) => following !== undefined);
		return followed.length === 0
			? undefined
			: {
					total: followed.reduce((sum, { progress }) => sum + progress.total, 0),
					done: followed.reduce((sum, { progress }) => sum + progress.done, 0),
				};
	}

	onDidChange(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	send: Transport['send'] = (request, signal) => {
		const isHeld = this.holds(request.key);
		if (!isHeld && (!this.options.submits || request.isTrial === true)) {
			this.taken.delete(request.key);
			const sent = this.direct.send(request, signal);
			// Beside batches, a direct request costs the full price.
			return this.options.submits ? sent.then((reply) => ({ tier: 'default', ...reply })) : sent;
		}
		return new Promise<TransportReply>((resolve, reject) => {
			if (signal.aborted) {
				reject(gaveUp());
				return;
			}
			this.taken.add(request.key);
			const waiter = { request, signal, resolve, reject };
			signal.addEventListener('abort', () => reject(gaveUp()), { once: true });
			const open = this.byKey.get(request.key);
			if (open) {
				this.waitFor(open, waiter);
			} else {
				this.gather(waiter);
			}
		});
	};

	async list(signal: AbortSignal): Promise<BatchStatus[]> {
		this.refresh();
		const open = new Set(this.byKey.values());
		return Promise.all(
			[...open].flatMap(({ record }) => (record.batch === undefined ? [] : [this.statusOf(record, signal)])),
		);
	}

	async cancel(batch: string, signal: AbortSignal): Promise<void> {
		await this.api.cancel(batch, signal).catch((error: unknown) => {
			throw failureOf(error, this.purpose).error;
		});
	}

	private async statusOf({ batch = '', at, keys, ended }: BatchRecord, signal: AbortSignal): Promise<BatchStatus> {
		const known = { batch, at, requests: keys.length };
		if (ended !== undefined) {
			return { ...known, done: keys.length, status: `${ended}, fetched`, isRunning: false };
		}
		const { status, request_counts: counts } = await this.api.get(batch, signal).catch((error: unknown) => {
			throw failureOf(error, this.purpose).error;
		});
		const isRunning = !['completed', 'expired', 'cancelled', 'failed'].includes(status);
		return { ...known, done: (counts?.completed ?? 0) + (counts?.failed ?? 0), status, isRunning };
	}

	/** Removes the batches whose replies are all stored. */
	async close(): Promise<void> {
		clearTimeout(this.timer);
		for (const open of this.known.values()) {
			if (open.following === undefined && open.record.ended !== undefined && open.outcomes) {
				await this.removeIfStored(open);
			}
		}
	}

	/** Takes up what this or another process has recorded since. */
	private refresh(): void {
		if (!this.folder.hasChanged) {
			return;
		}
		const { endpoint } = this.options;
		for (const record of this.folder.records()) {
			if (this.known.has(record.id)) {
				continue;
			}
			const open = new OpenBatch(record);
			this.known.set(record.id, open);
			if (record.model !== this.wire.model) {
				continue;
			}
			if (record.endpoint !== endpoint) {
				this.warnOnce(
					record.endpoint,
					`a batch of ${record.keys.length} requests was sent to ${record.endpoint} at ${record.at}: its replies ` +
						`are fetched only by a command that asks that address`,
				);
				continue;
			}
			this.register(open);
		}
	}

	private register(open: OpenBatch): void {
		open.record.keys.forEach((key) => this.byKey.set(key, open));
	}

	private forget(open: OpenBatch, keys: readonly string[] = open.record.keys): void {
		for (const key of keys) {
			if (this.byKey.get(key) === open) {
				this.byKey.delete(key);
			}
		}
	}

	private gather(waiter: Waiter): void {
		this.gathered.push(waiter);
		clearTimeout(this.timer);
		if (this.gathered.length >= this.requests) {
			this.submit();
		} else {
			this.timer = setTimeout(() => this.submit(), this.times.gather);
		}
	}

	private submit(): void {
		clearTimeout(this.timer);
		const waiters = this.gathered.filter(({ signal }) => !signal.aborted);
		this.gathered = [];
		let chunk: { waiter: Waiter; line: string; sent: SentRequest }[] = [];
		let bytes = 0;
		for (const waiter of waiters) {
			const sent = this.wire.tolerances.body(waiter.request.sampling, waiter.request.messages);
			const line = requestLine(waiter.request.key, completionBody(this.wire, sent));
			const length = Buffer.byteLength(line);
			if (chunk.length >= this.requests || (chunk.length > 0 && bytes + length > bytesAtMost)) {
				this.start(chunk);
				[chunk, bytes] = [[], 0];
			}
			chunk.push({ waiter, line, sent });
			bytes += length;
		}
		if (chunk.length > 0) {
			this.start(chunk);
		}
	}

	private start(
		chunk: readonly { readonly waiter: Waiter; readonly line: string; readonly sent: SentRequest }[],
	): void {
		// Two calls for one request share its line.
		const lines = new Map(chunk.map(({ waiter, line, sent }) => [waiter.request.key, { line, sent }]));
		const open = new OpenBatch(
			{
				version: 1,
				id: randomBytes(12).toString('hex'),
				endpoint: this.options.endpoint,
				model: this.wire.model,
				at: new Date().toISOString(),
				keys: [...lines.keys()],
			},
			{
				text: [...lines.values()].map(({ line }) => line).join(''),
				sent: new Map([...lines].map(([key, { sent }]) => [key, sent])),
			},
		);
		try {
			this.folder.write(open.record);
		} catch (error) {
			chunk.forEach(({ waiter }) => waiter.reject(error));
			return;
		}
		this.known.set(open.record.id, open);
		this.register(open);
		chunk.forEach(({ waiter }) => this.waitFor(open, waiter));
	}

	private waitFor(open: OpenBatch, waiter: Waiter): void {
		open.add(waiter, () => {
			if (open.waiters.size === 0) {
				open.following?.abort();
			}
		});
		if (open.outcomes) {
			this.deliver(open);
		} else if (open.following === undefined) {
			void this.follow(open);
		}
	}

	private async follow(open: OpenBatch): Promise<void> {
		const controller = new AbortController();
		open.following = controller;
		this.changed();
		try {
			const tools = {
				api: this.api,
				folder: this.folder,
				purpose: this.purpose,
				endpoint: this.options.endpoint,
				times: this.times,
				log: this.wire.log,
				changed: () => this.changed(),
			};
			const followed = await followBatch(open, tools, controller.signal);
			if (followed === 'unsent') {
				this.forget(open);
				open.takeAll().forEach((waiter) => this.resend(waiter));
			} else {
				this.deliver(open);
			}
		} catch (error) {
			this.failed(open, error, controller.signal);
		} finally {
			open.following = undefined;
			this.changed();
			if (open.waiters.size > 0 && this.known.has(open.record.id)) {
				// Requested again while nobody followed any more.
				void this.follow(open);
			}
		}
	}

	private failed(open: OpenBatch, error: unknown, signal: AbortSignal): void {
		if (signal.aborted) {
			if (open.record.creating === undefined) {
				// Nothing was sent but perhaps a file, which costs nothing.
				this.drop(open);
				open.takeAll().forEach((waiter) => this.resend(waiter));
			}
			return;
		}
		if (error instanceof TransportError && error.kind === 'rate') {
			this.requests = Math.max(1, Math.ceil(open.record.keys.length / 2));
		}
		const isRecorded = open.record.batch !== undefined && error instanceof TransportError && error.kind === 'fatal';
		if (!isRecorded || error.details.code === 'teacher.batchFailed') {
			this.drop(open);
		}
		open.takeAll().forEach(({ reject }) => reject(error));
	}

	/** Hands out what the batch holds. Requests without a reply are no longer held, so they can be sent again. */
	private deliver(open: OpenBatch): void {
		const { outcomes, record } = open;
		if (!outcomes) {
			return;
		}
		this.forget(
			open,
			record.keys.filter((key) => !hasReply(open, key)),
		);
		const all = open.takeAll();
		// The replies go first: they show that the form of the requests is right.
		for (const { request, resolve } of all) {
			const outcome = outcomes.get(request.key);
			if (outcome && 'reply' in outcome) {
				resolve(outcome.reply);
			}
		}
		for (const waiter of all) {
			const outcome = outcomes.get(waiter.request.key) ?? {
				failure: missingFailure(record.ended ?? 'completed'),
			};
			if ('reply' in outcome) {
				continue;
			}
			const { request, reject } = waiter;
			const { error, badRequest } = outcome.failure;
			const { tolerances } = this.wire;
			const sent = open.input?.sent.get(request.key) ?? tolerances.body(request.sampling, request.messages);
			if (badRequest !== undefined && tolerances.learn(badRequest, sent)) {
				this.resend(waiter);
			} else if (record.ended === 'cancelled' && open.wasRunning) {
				reject(new TransportError('fatal', record.batch ?? record.id, { code: 'teacher.batchCancelled' }));
			} else {
				reject(error);
			}
		}
	}

	private resend({ request, signal, resolve, reject }: Waiter): void {
		this.send(request, signal).then(resolve, reject);
	}

	private drop(open: OpenBatch): void {
		this.forget(open);
		this.known.delete(open.record.id);
		this.folder.remove(open.record);
	}

	private async removeIfStored(open: OpenBatch): Promise<void> {
		const keys = open.record.keys.filter((key) => hasReply(open, key));
		const stored = await this.options.isStored(keys);
		if (keys.every((key) => stored.has(key))) {
			this.drop(open);
		}
	}

	private warnOnce(about: string, message: string): void {
		if (!this.warnedOf.has(about)) {
			this.warnedOf.add(about);
			this.wire.log('warn', message);
		}
	}

	private changed(): void {
		this.listeners.forEach((listener) => listener());
	}
}

function hasReply({ outcomes }: OpenBatch, key: string): boolean {
	const outcome = outcomes?.get(key);
	return outcome !== undefined && 'reply' in outcome;
}

function gaveUp(): TransportError {
	return new TransportError('transient', 'no longer waited for');
}
