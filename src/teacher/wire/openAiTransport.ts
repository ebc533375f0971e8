import type { Usage } from '../../core/ports/teacher.ts';
import type { Transport, TransportReply, TransportRequest } from '../../core/ports/transport.ts';
import { TransportError } from '../../core/ports/transport.ts';
import { wellFormed } from '../../core/text/wellFormed.ts';
import type { Completion } from './completion.ts';
import { costOf, endOf, textOf, textOfMessage, thoughtOf } from './completion.ts';
import { readBody } from './readBody.ts';
import { bodyError, choiceError } from './bodyErrors.ts';
import type { ModelFacts } from './modelTable.ts';
import { Latencies } from './latencies.ts';
import type { EndpointClientOptions } from './endpointClient.ts';
import { openClient, WireFailure } from './endpointClient.ts';
import { redactKey } from './redactKey.ts';
import { pauseMs } from './rateHeaders.ts';
import type { HeaderSource } from './send.ts';
import type { RequestFields } from './requestFields.ts';
import type { SentRequest, Tolerances } from './tolerances.ts';
import type { RequestPurpose } from './wireErrors.ts';
import { connectionError, oneLine } from './wireErrors.ts';

export interface OpenAiTransportOptions extends EndpointClientOptions {
	readonly model: string;
	readonly facts: ModelFacts;
	/** Further fields of the body, checked by `checkFields`. */
	readonly fields?: RequestFields | undefined;
	/** What the endpoint accepts; shared by everything that sends to it. */
	readonly tolerances: Tolerances;
	/** Longest wait for a whole reply, in ms. */
	readonly timeout: number;
	readonly log: (level: 'debug' | 'info' | 'warn', message: string) => void;
}

/**
 * Creates a transport for plain chat completions: model, messages and, if set, temperature, top_p, a token limit and
 * the user's own fields; nothing else that only some servers support.
 */
export function openAiTransport(options: OpenAiTransportOptions): Transport {
	const { tolerances } = options;
	const purpose = chatPurpose(options.apiKey);
	const { redact } = purpose;
	const latest = new Latencies();
	const client = openClient(options, purpose);

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
				return await client.models(signal);
			} catch (error) {
				if (error instanceof WireFailure && hasNoList.has(error.status)) {
					return [];
				}
				throw error instanceof WireFailure ? error.error : connectionError(error, redact);
			}
		},
	};

	async function complete(
		request: TransportRequest,
		sent: SentRequest,
		signal: AbortSignal,
	): Promise<TransportReply> {
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
			const body = completionBody(options, sent);
			const response = await client.post('/chat/completions', body, request.key, controller.signal);
			return readCompletion(readBody(response.body, redact) as Completion, response.headers, purpose);
		} catch (error) {
			if (timedOut) {
				throw new TransportError('transient', `no whole reply within ${Math.round(timeout / 1000)} s`, {
					maybeBilled: true,
				});
			}
			throw error;
		} finally {
			clearTimeout(timer);
			signal.removeEventListener('abort', abort);
		}
	}
}

/** Returns what an endpoint's errors mean for a chat completion. */
export function chatPurpose(apiKey: string | null): RequestPurpose {
	return { hasKey: apiKey !== null, notFound: 'teacher.noChat', redact: redactKey(apiKey) };
}

/** Returns the body of a chat completion. */
export function completionBody(
	{ fields, model }: Pick<OpenAiTransportOptions, 'fields' | 'model'>,
	{ messages, parameters }: SentRequest,
): object {
	return {
		...fields,
		model,
		messages: messages.map(({ role, content }) => ({ role, content: wellFormed(content) })),
		...parameters,
	};
}

/**
 * Returns the reply in a completion. Throws a {@link TransportError} or WireFailure if it holds none, because the model
 * declined, its provider failed, or the body is something else.
 */
export function readCompletion(completion: Completion, headers: HeaderSource, purpose: RequestPurpose): TransportReply {
	const { redact } = purpose;
	const choice = completion.choices?.[0];
	const end = choice && endOf(choice);
	if (choice && end === 'failed') {
		throw choiceError(choice.error, headers, purpose);
	}
	if (!choice?.message) {
		throw bodyError(completion, 'no choices', headers, purpose);
	}
	// Replies are stored, so an endpoint that repeats the key must not get it into the project.
	const text = redact(textOfMessage(choice.message));
	const usage = readUsage(completion.usage);
	const besides = redact(besidesOf(completion));
	const cost = costOf(completion, headers);
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
			{ text, declined: true, billed: { text: text === '' ? refusal : text, besides, usage, cost } },
		);
	}
	return {
		text,
		besides,
		usage,
		cost,
		truncated: end === 'cut',
		...tierOf(completion),
		pauseMs: pauseMs(headers, Date.now()),
	};
}

/** Returns the tier that answered, if the endpoint reports one that has a price of its own. */
function tierOf({ service_tier: tier }: Completion): Pick<TransportReply, 'tier'> {
	return tier === 'default' || tier === 'flex' || tier === 'priority' ? { tier } : {};
}

/** Returns the text of thoughts and of further choices, which endpoints bill as well. */
function besidesOf({ choices }: Completion): string {
	const [first, ...others] = choices ?? [];
	const thought = first?.message && textOf(first.message.content).trim() !== '' ? thoughtOf(first.message) : '';
	return [thought, ...others.map(({ message }) => (message ? textOfMessage(message) : ''))].join('\n').trim();
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
const hasNoList: ReadonlySet<number> = new Set([404, 405, 501]);
