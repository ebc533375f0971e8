import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { TransportError } from '../../core/ports/transport.ts';
import type { EndpointClient } from '../wire/endpointClient.ts';
import { isEndpointId } from './batchFolder.ts';

const endpointId = z.string().refine(isEndpointId);
const count = z.number().int().min(0).catch(0);
const batchSchema = z.looseObject({
	id: endpointId,
	status: z.string().max(100),
	input_file_id: z.string().nullish().catch(null),
	output_file_id: endpointId.nullish().catch(null),
	error_file_id: endpointId.nullish().catch(null),
	request_counts: z.looseObject({ total: count, completed: count, failed: count }).nullish().catch(null),
	metadata: z.record(z.string(), z.unknown()).nullish().catch(null),
	errors: z
		.looseObject({ data: z.array(z.looseObject({ code: z.string().nullish(), message: z.string().nullish() })) })
		.nullish()
		.catch(null),
});

/** A batch as its endpoint describes it; only the fields that are read. */
export type EndpointBatch = z.infer<typeof batchSchema>;

/** The field of a batch's metadata that carries our own name for it. */
export const ownName = 'stat_studio';

/** Milliseconds for a file of requests or replies, and for all other requests. */
const times = { file: 900_000, other: 60_000 };
const pages = { size: 100, most: 50 };

/** The part of an OpenAI-compatible API that concerns batches. All of it rejects like {@link EndpointClient.post}. */
export class BatchApi {
	constructor(private readonly client: EndpointClient) {}

	/** Uploads a file of requests (JSONL); returns its ID. */
	async upload(name: string, text: string, signal: AbortSignal): Promise<string> {
		const boundary = `stat-studio-${randomBytes(16).toString('hex')}`;
		const part = (disposition: string, type: string, content: string) =>
			`--${boundary}\r\ncontent-disposition: form-data; ${disposition}${type}\r\n\r\n${content}\r\n`;
		const body =
			part('name="purpose"', '', 'batch') +
			part(`name="file"; filename="${name}"`, '\r\ncontent-type: application/jsonl', text) +
			`--${boundary}--\r\n`;
		const type = `multipart/form-data; boundary=${boundary}`;
		const { body: reply } = await this.client.postText('/files', type, body, within(signal, times.file));
		return parsed(z.looseObject({ id: endpointId }), reply).id;
	}

	/** Creates a batch of chat completions from an uploaded file. */
	async create(file: string, name: string, signal: AbortSignal): Promise<EndpointBatch> {
		const body = {
			input_file_id: file,
			endpoint: '/v1/chat/completions',
			completion_window: '24h',
			metadata: { [ownName]: name },
		};
		const { body: reply } = await this.client.post('/batches', body, name, within(signal, times.other));
		return parsed(batchSchema, reply);
	}

	async get(batch: string, signal: AbortSignal): Promise<EndpointBatch> {
		const { body } = await this.client.get(`/batches/${batch}`, {}, within(signal, times.other));
		return parsed(batchSchema, body);
	}

	async cancel(batch: string, signal: AbortSignal): Promise<void> {
		await this.client.post(`/batches/${batch}/cancel`, {}, `cancel-${batch}`, within(signal, times.other));
	}

	/** Returns a batch that was created under our name or from our file, or `undefined` if the endpoint lists none. */
	async find(name: string, file: string | undefined, signal: AbortSignal): Promise<EndpointBatch | undefined> {
		let after: string | undefined;
		for (let page = 0; page < pages.most; page++) {
			const query = { limit: String(pages.size), ...(after === undefined ? {} : { after }) };
			const { body } = await this.client.get('/batches', query, within(signal, times.other));
			const list = parsed(
				z.looseObject({ data: z.array(z.unknown()), has_more: z.boolean().catch(false) }),
				body,
			);
			const batches = list.data.flatMap((value) => {
				const batch = batchSchema.safeParse(value);
				return batch.success ? [batch.data] : [];
			});
			const found = batches.find(
				({ metadata, input_file_id: input }) =>
					metadata?.[ownName] === name || (file !== undefined && input === file),
			);
			const last = batches.at(-1)?.id;
			if (found || !list.has_more || last === undefined || last === after) {
				return found;
			}
			after = last;
		}
		return undefined;
	}

	/** Downloads a file of replies (JSONL). */
	async content(file: string, signal: AbortSignal): Promise<string> {
		return (await this.client.get(`/files/${file}/content`, {}, within(signal, times.file))).body;
	}
}

function within(signal: AbortSignal, ms: number): AbortSignal {
	return AbortSignal.any([signal, AbortSignal.timeout(ms)]);
}

function parsed<T>(schema: z.ZodType<T>, body: string): T {
	let value: unknown;
	try {
		value = JSON.parse(body);
	} catch (error) {
		throw new TransportError('transient', 'the endpoint sent no JSON about a batch', {}, { cause: error });
	}
	const result = schema.safeParse(value);
	if (!result.success) {
		const { path = [], message = 'something else' } = result.error.issues[0] ?? {};
		throw new TransportError(
			'transient',
			`the endpoint sent something else than a batch (${path.join('.') || 'the body'}: ${message})`,
		);
	}
	return result.data;
}
