import type { Usage } from '../../core/ports/teacher.ts';
import type { Transport, TransportReply, TransportRequest } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { wellFormed } from '../../core/text/wellFormed.ts';
import type { Completion } from './completion.ts';
import { endOf, textOf, textOfMessage } from './completion.ts';
import { readBody } from './readBody.ts';
import { bodyError, choiceError } from './bodyErrors.ts';
import type { ModelFacts } from './modelTable.ts';
import { Latencies } from './latencies.ts';
import { once, openClient, wireFailure, WireFailure } from './openAiClient.ts';
import { pauseMs } from './rateHeaders.ts';
import type { SentRequest } from './tolerances.ts';
import { Tolerances } from './tolerances.ts';
import type { RequestPurpose } from './wireErrors.ts';
import { connectionError, oneLine } from './wireErrors.ts';

export interface OpenAiTransportOptions {
	/** Validated by `checkEndpoint`. */
	readonly baseUrl: string;
	readonly model: string;
	readonly apiKey: string | null;
	readonly facts: ModelFacts;
	/** Longest wait for a whole reply, in ms. */
	readonly timeout: number;
	/** Longest silence in the middle of a body, in ms. */
	readonly stall: number;
	readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

/**
 * Creates a transport for plain chat completions with the `openai` client: model, messages and, if set, temperature,
 * top_p and a token limit; nothing that only some servers support.
 */
export function openAiTransport(options: OpenAiTransportOptions): Transport {
	const { model, apiKey, facts, log } = options;
	// A placeholder like "x" is not a secret.
	const redact = (text: string) => (apiKey && apiKey.length >= 6 ? text.replaceAll(apiKey, '[key]') : text);
	const purpose: RequestPurpose = { hasKey: apiKey !== null, notFound: 'teacher.noChat', redact };
	const tolerances = new Tolerances(facts, log);
	const latest = new Latencies();
	const client = once(() => openClient(options));

	return {
		get ignoresTokenLimit() {
			return tolerances.ignoresTokenLimit;
		},
		async send(request, signal) {
			for (;;) {
				const sent = tolerances.body(request.sampling, request.messages);
				const began = performance.now();
				try {
					const reply = await complete(request, sent, signal);
					latest.add(performance.now() - began);
					return reply;
				} catch (error) {
					const { error: failure, badRequest } =
						error instanceof WireFailure
							? error
							: { error: connectionError(error, redact), badRequest: undefined };
					if (badRequest === undefined || !tolerances.learn(badRequest, sent)) {
						throw failure;
					}
				}
			}
		},
		async models(signal) {
			try {
				const list = await (await client()).models.list({ signal, timeout: 15_000, maxRetries: 0 });
				return list.data
					.map((entry) => entry.id)
					.filter((id) => typeof id === 'string')
					.sort();
			} catch (error) {
				const failure = wireFailure(error, purpose);
				if (failure instanceof WireFailure && hasNoList(error)) {
					return [];
				}
				throw failure instanceof WireFailure ? failure.error : connectionError(error, redact);
			}
		},
	};

	async function complete(
		request: TransportRequest,
		{ messages, parameters }: SentRequest,
		signal: AbortSignal,
	): Promise<TransportReply> {
		const openai = await client();
		const timeout = latest.timeout(options.timeout);
		const controller = new AbortController();
		const abort = () => controller.abort();
		signal.addEventListener('abort', abort, { once: true });
		let timedOut = false;
		const timer = setTimeout(() => {
			timedOut = true;
			abort();
		}, timeout);
		try {
			// The cast is needed because roles in `messages` are plain strings and the parameters use the endpoint's
			// names.
			const body = {
				model,
				messages: messages.map(({ role, content }) => ({ role, content: wellFormed(content) })),
				...parameters,
			} as Parameters<typeof openai.chat.completions.create>[0] & { stream?: false };
			const response = await openai.chat.completions
				.create(body, {
					signal: controller.signal,
					timeout: timeout + 5000,
					maxRetries: 0,
					headers: { 'idempotency-key': request.key },
				})
				.asResponse();
			return readCompletion(readBody(await response.text(), redact) as Completion, response.headers);
		} catch (error) {
			if (timedOut) {
				throw new TransportError('transient', `no whole reply within ${Math.round(timeout / 1000)} s`, {
					maybeBilled: true,
				});
			}
			throw wireFailure(error, purpose);
		} finally {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
		}
	}

	function readCompletion(completion: Completion, headers: Headers): TransportReply {
		const choice = completion.choices?.[0];
		const end = choice && endOf(choice);
		if (choice && end === 'failed') {
			throw choiceError(choice.error, headers, purpose);
		}
		if (!choice?.message) {
			throw bodyError(completion, 'no choices', headers, purpose);
		}
		const text = textOfMessage(choice.message);
		if (text === '' && completion.error != null) {
			throw choiceError(completion.error, headers, purpose);
		}
		const refusal = textOf(choice.message.refusal);
		if (end === 'filtered' || (text === '' && refusal !== '')) {
			throw new TransportError(
				'refused',
				end === 'filtered'
					? 'the content filter cut the reply'
					: `the teacher declined: ${oneLine(redact(refusal))}`,
				{ text, declined: true },
			);
		}
		return {
			text,
			usage: readUsage(completion.usage),
			truncated: end === 'cut',
			pauseMs: pauseMs(headers, Date.now()),
		};
	}
}

/** Hidden tokens that some endpoints leave out of `completion_tokens` are still included in the total. */
function readUsage(usage: Completion['usage']): (Usage & { cachedInput: number }) | null {
	const count = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : 0);
	if (!usage || typeof usage.prompt_tokens !== 'number') {
		return null;
	}
	const input = count(usage.prompt_tokens);
	return {
		input,
		cachedInput: count(usage.prompt_tokens_details?.cached_tokens),
		output: Math.max(count(usage.completion_tokens), count(usage.total_tokens) - input),
		reasoning: count(usage.completion_tokens_details?.reasoning_tokens),
	};
}

/** Servers without a list of models respond with one of these statuses. */
function hasNoList(error: unknown): boolean {
	return [404, 405, 501].includes(Number((error as { status?: unknown }).status));
}
