import { createHash } from 'node:crypto';
import type { Transport, TransportReply, TransportRequest } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { wellFormed } from '../../core/text/wellFormed.ts';
import { openClient, WireFailure } from './endpointClient.ts';
import type { OpenAiTransportOptions } from './openAiTransport.ts';
import { bodyError } from './bodyErrors.ts';
import { readBody } from './readBody.ts';
import { redactKey } from './redactKey.ts';
import { pauseMs } from './rateHeaders.ts';
import { estimateTokens } from '../ask/tokenEstimate.ts';
import { vectorText } from '../replies/vectorText.ts';
import type { RequestPurpose } from './wireErrors.ts';
import { connectionError } from './wireErrors.ts';

/** Maximum number of texts and characters in one request: endpoints accept 2,048 texts, but only 300,000 tokens. */
export const embeddingsAtOnce = 64;
const charactersAtOnce = 200_000;
/** Milliseconds for which a text waits for others to share its request. */
const gathering = 15;

/** The fields of a reply that are read. */
interface Embeddings {
	readonly data?: readonly { readonly index?: unknown; readonly embedding?: unknown }[];
	readonly usage?: { readonly prompt_tokens?: unknown } | null;
}

interface Waiting {
	readonly request: TransportRequest;
	readonly signal: AbortSignal;
	readonly resolve: (reply: TransportReply) => void;
	readonly reject: (error: unknown) => void;
}

/**
 * Creates a transport for embeddings. To the layers above, each text is its own request (with a cache key, retries and a
 * share of the budget), but texts that arrive within 15 ms are sent in one HTTP request. If a text is refused, for
 * instance because it is too long for the model, the others are not affected: the request is halved until that text is
 * alone.
 */
export function embeddingTransport(options: OpenAiTransportOptions): Transport {
	const { model, apiKey } = options;
	const redact = redactKey(apiKey);
	const purpose: RequestPurpose = { hasKey: apiKey !== null, notFound: 'teacher.noEmbeddings', redact };
	const client = openClient(options, purpose);
	let waiting: Waiting[] = [];
	let timer: NodeJS.Timeout | undefined;

	return {
		shared: embeddingsAtOnce,
		get opensCall() {
			return waiting.length === 0;
		},
		// An embedding has no output to limit, so its cost is that of its text.
		send: (request, signal) =>
			new Promise((resolve, reject) => {
				waiting.push({ request, signal, resolve, reject });
				if (waiting.length >= embeddingsAtOnce) {
					flush();
				} else {
					timer ??= setTimeout(flush, gathering);
				}
			}),
		async models(signal) {
			try {
				return await client.models(signal);
			} catch {
				return [];
			}
		},
	};

	function flush(): void {
		clearTimeout(timer);
		timer = undefined;
		const batch = waiting;
		waiting = [];
		let from = 0;
		let characters = 0;
		batch.forEach(({ request }, at) => {
			const length = textOf(request).length;
			if (at > from && characters + length > charactersAtOnce) {
				void embed(batch.slice(from, at));
				[from, characters] = [at, 0];
			}
			characters += length;
		});
		void embed(batch.slice(from));
	}

	async function embed(batch: readonly Waiting[]): Promise<void> {
		batch
			.filter(({ signal }) => signal.aborted)
			.forEach(({ reject }) => reject(new TransportError('transient', 'given up before it was sent')));
		const pending = batch.filter(({ signal }) => !signal.aborted);
		if (pending.length === 0) {
			return;
		}
		try {
			const replies = await post(pending);
			pending.forEach(({ resolve }, at) => resolve(replies[at] as TransportReply));
		} catch (error) {
			const failure = error instanceof WireFailure ? error.error : connectionError(error, redact);
			if (failure.kind === 'refused' && pending.length > 1) {
				const half = pending.length >> 1;
				await Promise.all([embed(pending.slice(0, half)), embed(pending.slice(half))]);
			} else {
				pending.forEach(({ reject }) => reject(failure));
			}
		}
	}

	async function post(batch: readonly Waiting[]): Promise<TransportReply[]> {
		const controller = new AbortController();
		// Aborted once nobody is waiting for any of its texts.
		const leave = () => batch.every(({ signal }) => signal.aborted) && controller.abort();
		batch.forEach(({ signal }) => signal.addEventListener('abort', leave, { once: true }));
		let timedOut = false;
		const late = setTimeout(() => {
			timedOut = true;
			controller.abort();
		}, options.timeout);
		try {
			const key = createHash('sha256')
				.update(batch.map(({ request }) => request.key).join())
				.digest('hex')
				.slice(0, 40);
			const input = batch.map(({ request }) => wellFormed(textOf(request)));
			const response = await client.post(
				'/embeddings',
				{ model, input, encoding_format: 'float' },
				key,
				controller.signal,
			);
			const body = readBody(response.body, redact) as Embeddings;
			if (!Array.isArray(body.data) || body.data.length === 0) {
				throw bodyError(body, 'no embeddings', response.headers, purpose);
			}
			return read(body, batch, pauseMs(response.headers, Date.now()));
		} catch (error) {
			throw timedOut
				? new TransportError('transient', `no whole reply within ${Math.round(options.timeout / 1000)} s`, {
						maybeBilled: true,
					})
				: error;
		} finally {
			clearTimeout(late);
			batch.forEach(({ signal }) => signal.removeEventListener('abort', leave));
		}
	}
}

/**
 * Returns one vector per text; the endpoint may send vectors with an index in any order. The total token count is divided
 * among the texts in proportion to their lengths.
 */
function read({ data, usage }: Embeddings, batch: readonly Waiting[], pause: number | undefined): TransportReply[] {
	const vectors = new Map(
		(Array.isArray(data) ? (data as NonNullable<Embeddings['data']>) : []).map(({ index, embedding }, at) => [
			typeof index === 'number' ? index : at,
			embedding,
		]),
	);
	const told = typeof usage?.prompt_tokens === 'number' && usage.prompt_tokens >= 0 ? usage.prompt_tokens : null;
	const sizes = batch.map(({ request }) => estimateTokens(textOf(request)));
	const all = sizes.reduce((sum, size) => sum + size, 0);
	let [before, assigned] = [0, 0];
	const isNested = [...vectors.values()].some((vector) => Array.isArray(vector) && vector.some(Array.isArray));
	if (isNested || vectors.size !== batch.length) {
		const number = isNested ? 'several vectors for a text' : `${vectors.size} vectors for ${batch.length} texts`;
		throw new TransportError('fatal', number, { code: 'teacher.embedsTokens', maybeBilled: true });
	}
	return batch.map((_, at) => {
		const vector = vectors.get(at);
		if (!Array.isArray(vector) || !vector.every((number) => typeof number === 'number')) {
			throw new TransportError('transient', 'the endpoint sent an embedding that is not a list of numbers', {
				maybeBilled: true,
			});
		}
		before += sizes[at] ?? 0;
		const input = told === null ? null : Math.round((told * before) / Math.max(1, all)) - assigned;
		assigned += input ?? 0;
		return {
			text: vectorText(vector as number[]),
			usage: input === null ? null : { input, cachedInput: 0, output: 0, reasoning: 0 },
			truncated: false,
			calls: at === 0 ? 1 : 0,
			...(pause === undefined ? {} : { pauseMs: pause }),
		};
	});
}

function textOf({ messages }: TransportRequest): string {
	return messages.map(({ content }) => content).join('\n');
}
