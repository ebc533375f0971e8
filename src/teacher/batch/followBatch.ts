import { setTimeout as sleep } from 'node:timers/promises';
import type { FatalCode } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { WireFailure } from '../wire/endpointClient.ts';
import type { RequestPurpose } from '../wire/wireErrors.ts';
import { connectionError, oneLine } from '../wire/wireErrors.ts';
import type { BatchApi, EndpointBatch } from './batchApi.ts';
import type { BatchFolder, BatchRecord } from './batchFolder.ts';
import { readOutput } from './batchLines.ts';
import type { OpenBatch } from './openBatch.ts';

/** Times in ms. */
export interface BatchTimes {
	/** The first pause between two looks at a batch; the pauses grow thirtyfold. */
	readonly poll: number;
	/** How long a batch that may have been created is looked for before it is taken for not created. */
	readonly settle: number;
	/** The first pause after a failed request. */
	readonly backoff: number;
}

interface Tools {
	readonly api: BatchApi;
	readonly folder: BatchFolder;
	readonly purpose: RequestPurpose;
	readonly endpoint: string;
	readonly times: BatchTimes;
	readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
	readonly changed: () => void;
}

/** `unsent`: the endpoint has no such batch, so its requests are to be sent in another one. */
export type Followed = 'ended' | 'unsent';

/**
 * Takes a batch from wherever it is (recorded, uploaded, perhaps created, running, ended) to its output, which is then
 * stored beside its record. Every step is recorded before it is taken, so a kill at any moment neither loses the batch
 * nor sends it again. Rejects with a {@link TransportError} if the endpoint refuses the batch, and when aborted.
 */
export async function followBatch(open: OpenBatch, tools: Tools, signal: AbortSignal): Promise<Followed> {
	const { folder, purpose } = tools;
	const stored = open.record.ended === undefined ? undefined : folder.output(open.record);
	if (stored === undefined) {
		const batch = open.record.batch ?? (await create(open, tools, signal));
		if (batch === undefined) {
			folder.remove(open.record);
			return 'unsent';
		}
		await fetchOutput(open, await untilEnded(open, batch, tools, signal), tools, signal);
	} else {
		open.outcomes = readOutput(stored, new Set(open.record.keys), purpose).outcomes;
	}
	return 'ended';
}

function note(open: OpenBatch, { folder }: Pick<Tools, 'folder'>, more: Partial<BatchRecord>): void {
	open.record = { ...open.record, ...more };
	folder.write(open.record);
}

/** Returns the ID of the batch at the endpoint; `undefined` if it was never created, and cannot be by this process. */
async function create(open: OpenBatch, tools: Tools, signal: AbortSignal): Promise<string | undefined> {
	const { api, log, endpoint, purpose } = tools;
	const { id } = open.record;
	if (open.record.creating === undefined) {
		if (!open.input) {
			return undefined;
		}
		const { text } = open.input;
		const file = await again(tools, signal, 'uploading the requests', () =>
			api.upload(`stat-studio-${id}.jsonl`, text, signal),
		);
		note(open, tools, { file, creating: new Date().toISOString() });
		try {
			const batch = await api.create(file, id, signal);
			note(open, tools, { batch: batch.id });
			open.input.text = '';
			log(
				'info',
				`batch ${batch.id}: ${open.record.keys.length} requests sent to ${endpoint}, to be answered within a ` +
					'day; this command may be ended, and the same command continues',
			);
			return batch.id;
		} catch (error) {
			const { error: failure, status } = failureOf(error, purpose);
			if (signal.aborted) {
				throw error;
			}
			if (status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status)) {
				tools.folder.remove(open.record);
				throw fatal(failure, 'teacher.batchRefused');
			}
			log('warn', `it is unknown whether the batch was created (${failure.message}): looking for it`);
		}
	}
	const found = await lookFor(open, tools, signal);
	if (found !== undefined) {
		note(open, tools, { batch: found });
		log('info', `batch ${found} was sent to ${endpoint} at ${open.record.at}: it is continued, not sent again`);
	}
	return found;
}

/** Looks for a batch that may have been created, until it cannot appear any more. */
async function lookFor(open: OpenBatch, tools: Tools, signal: AbortSignal): Promise<string | undefined> {
	const { api, times } = tools;
	const { id, file, creating = '' } = open.record;
	// Without a readable time, the whole span is waited for.
	const begun = Math.min(Date.now(), Date.parse(creating) || Date.now());
	for (let pause = times.poll; ; pause = Math.min(pause * 1.3, times.settle / 4)) {
		const found = await again(tools, signal, 'listing the batches', () => api.find(id, file, signal));
		if (found) {
			return found.id;
		}
		if (Date.now() - begun >= times.settle) {
			return undefined;
		}
		await sleep(pause, undefined, { signal });
	}
}

async function untilEnded(
	open: OpenBatch,
	id: string,
	tools: Tools,
	signal: AbortSignal,
): Promise<EndpointBatch & { readonly status: NonNullable<BatchRecord['ended']> }> {
	const { api, times } = tools;
	for (let pause = times.poll; ; pause = Math.min(pause * 1.3, times.poll * 30)) {
		const batch = await again(tools, signal, `looking at batch ${id}`, () => api.get(id, signal)).catch(
			(error: unknown) => {
				throw error instanceof TransportError && error.details.code === 'teacher.noBatches'
					? new TransportError('fatal', `${id}: ${error.message}`, { code: 'teacher.batchGone' })
					: error;
			},
		);
		const { total = 0, completed = 0, failed = 0 } = batch.request_counts ?? {};
		const progress = { total: Math.max(total, open.record.keys.length), done: completed + failed };
		if (progress.done !== open.progress.done || progress.total !== open.progress.total) {
			open.progress = progress;
			tools.changed();
		}
		const { status } = batch;
		if (status === 'completed' || status === 'expired' || status === 'cancelled' || status === 'failed') {
			return { ...batch, status };
		}
		open.wasRunning = true;
		await sleep(pause, undefined, { signal });
	}
}

async function fetchOutput(
	open: OpenBatch,
	batch: EndpointBatch & { readonly status: NonNullable<BatchRecord['ended']> },
	tools: Tools,
	signal: AbortSignal,
): Promise<void> {
	const { api, folder, purpose, log } = tools;
	const files = [batch.output_file_id, batch.error_file_id].filter((file) => typeof file === 'string');
	const texts: string[] = [];
	for (const file of files) {
		texts.push(await again(tools, signal, `fetching batch ${batch.id}`, () => api.content(file, signal)));
	}
	if (batch.status === 'failed' && texts.length === 0) {
		folder.remove(open.record);
		throw failedBatch(batch, purpose);
	}
	// An endpoint that repeats the key must not get it into the project.
	const text = purpose.redact(texts.join('\n'));
	folder.writeOutput(open.record, text);
	note(open, tools, { ended: batch.status });
	const { outcomes, foreign } = readOutput(text, new Set(open.record.keys), purpose);
	open.outcomes = outcomes;
	const replies = [...outcomes.values()].filter((outcome) => 'reply' in outcome).length;
	const strange = foreign > 0 ? `; ${foreign} lines belong to no request and are left out` : '';
	const all = open.record.keys.length;
	log(
		replies < all || foreign > 0 ? 'warn' : 'info',
		`batch ${batch.id} ${batch.status === 'completed' ? 'is complete' : `ended as ${batch.status}`}: ` +
			`${replies} of ${all} requests were answered${strange}`,
	);
}

function failedBatch({ errors }: EndpointBatch, { redact }: RequestPurpose): TransportError {
	const [first] = errors?.data ?? [];
	const says = oneLine(redact(`${first?.code ?? ''} ${first?.message ?? 'no reason was reported'}`));
	return /token_limit_exceeded|enqueued token limit/i.test(says)
		? new TransportError('rate', `the batch is larger than what the account may have waiting (${says})`)
		: new TransportError('fatal', says, { code: 'teacher.batchFailed' });
}

/** Repeats a request that costs nothing until it succeeds or is refused. */
async function again<T>(tools: Tools, signal: AbortSignal, what: string, request: () => Promise<T>): Promise<T> {
	for (let failures = 1; ; failures++) {
		try {
			return await request();
		} catch (thrown) {
			signal.throwIfAborted();
			const { error } = failureOf(thrown, tools.purpose);
			if (error.kind === 'fatal') {
				throw error;
			}
			if (error.kind === 'refused') {
				throw fatal(error, 'teacher.batchRefused');
			}
			tools.log(failures % 5 === 3 ? 'warn' : 'debug', `${what}: ${error.message}; tried again`);
			const pause = error.details.retryAfterMs ?? tools.times.backoff * 2 ** Math.min(failures, 20);
			await sleep(Math.min(60_000, pause), undefined, { signal });
		}
	}
}

/** Reads why a request about a batch failed. */
export function failureOf(
	thrown: unknown,
	purpose: RequestPurpose,
): { readonly error: TransportError; readonly status: number } {
	return thrown instanceof WireFailure
		? { error: thrown.error, status: thrown.status }
		: { error: connectionError(thrown, purpose.redact), status: 0 };
}

function fatal(error: TransportError, code: FatalCode): TransportError {
	return error.kind === 'fatal' ? error : new TransportError('fatal', error.message, { code }, { cause: error });
}
