import type { Run } from '../../core/run.ts';
import type { ReplyLog, Teacher } from '../../core/ports/teacher.ts';
import { StatError } from '../../core/errors/statError.ts';
import { checkEndpoint, endpointOrigin } from './endpoint.ts';
import { embeddingsAtOnce, embeddingTransport } from './embeddingTransport.ts';
import type { ModelTable } from './modelTable.ts';
import { shutdownWarning, userModelsFile } from './modelTable.ts';
import type { RequestFields } from './requestFields.ts';
import { checkFields, keyModelOf } from './requestFields.ts';
import type { OpenAiTransportOptions } from './openAiTransport.ts';
import { openAiTransport } from './openAiTransport.ts';
import { createTeacherOver } from '../ask/teacherOver.ts';
import type { Tier } from '../../core/ports/tier.ts';
import type { BatchOptions } from '../batch/batchTransport.ts';
import { batchTransport } from '../batch/batchTransport.ts';
import { Tolerances } from './tolerances.ts';

export interface OpenAiTeacherOptions {
	/**
	 * The URL without `/chat/completions`, e.g. `https://api.openai.com/v1`. It comes from the user's settings or
	 * environment, never from `.stat/`.
	 */
	readonly baseUrl: string;
	readonly model: string;
	/**
	 * `embeddings`: a teacher for `embed` calls, each of which sends one text and receives a vector
	 * (`ReplyParsers.parseEmbedding`). Default: chat completions.
	 */
	readonly serves?: 'chat' | 'embeddings' | undefined;
	/** Absent for servers that do not need a key. */
	readonly apiKey?: string | null | undefined;
	/**
	 * Replaces the model in the cache key if the model's name is not enough: a student's next checkpoint may be served
	 * under the same name.
	 */
	readonly keyModel?: string | undefined;
	/** Further fields of each chat completion, from the user's settings or environment, never from `.stat/`. */
	readonly fields?: RequestFields | undefined;
	/** `service_tier` of each chat completion. Default: the endpoint's, at the price of `default`. */
	readonly tier?: Exclude<Tier, 'batch'> | undefined;
	/**
	 * Where batches are recorded, and whether requests are put into some. Without it, requests that are in a batch are
	 * sent once more.
	 */
	readonly batches?: BatchOptions | undefined;
	readonly replies: ReplyLog;
	readonly models: ModelTable;
	/** Maximum number of calls in flight; defaults to the model table's value, or 100 if it has none. */
	readonly concurrency?: number | undefined;
	/** Longest wait for one reply, in ms; default 300,000 (`fetch` does not wait longer for headers), flex 900,000. */
	readonly timeoutMs?: number | undefined;
	/** Longest silence in the middle of a reply, in ms; default 30,000. */
	readonly stallMs?: number | undefined;
	/** Delay before the first retry, in ms; default 500. */
	readonly backoffMs?: number | undefined;
	/** Longest pause that is obeyed, in ms; default 600,000. */
	readonly longestPauseMs?: number | undefined;
	/**
	 * Sends by `fetch` rather than node:http, for places where only `fetch` goes through the user's proxy: VS Code, and
	 * Node with `NODE_USE_ENV_PROXY`. Default: only with the latter.
	 */
	readonly byFetch?: boolean | undefined;
	/** Aborting it has the same effect as {@link Teacher.dispose}. */
	readonly signal?: AbortSignal | undefined;
	readonly log?: ((level: 'debug' | 'info' | 'warn', message: string) => void) | undefined;
	readonly calls?: Run['calls'];
}

/**
 * Creates a teacher for any OpenAI-compatible endpoint.
 * @throws StatError (usage) if the URL is invalid, a key would be sent unencrypted, or a field is one that the
 * product sets itself.
 */
export function createOpenAiTeacher(options: OpenAiTeacherOptions): Teacher {
	const { model, replies, models, signal, log = () => undefined } = options;
	const apiKey = options.apiKey === undefined || options.apiKey === '' ? null : options.apiKey;
	if (apiKey !== null && /[^\x21-\x7e]/.test(apiKey)) {
		throw new StatError('teacher.keyCharacters', {});
	}
	if (model.trim() === '') {
		throw new StatError('teacher.noModelName', {});
	}
	const baseUrl = checkEndpoint(options.baseUrl, apiKey);
	const fields = checkFields({
		...options.fields,
		...(options.tier === undefined ? {} : { service_tier: options.tier }),
	});
	const facts = models.find(model);
	const tier = options.batches?.submits === true ? 'batch' : (options.tier ?? 'default');
	const warning = shutdownWarning(model, facts, new Date().toISOString().slice(0, 10));
	if (warning !== null) {
		log('warn', warning);
	}
	if (facts.input === undefined || facts.output === undefined) {
		log(
			'info',
			`the price of ${model} is unknown: budgets count calls; prices can be added in ${userModelsFile()}`,
		);
	}
	const hasTierPrice = tier === 'default' || facts.tiers?.[tier] !== undefined;
	if (facts.input !== undefined && !hasTierPrice && tier !== 'priority') {
		log('info', `the price of ${model} by ${tier} is unknown: costs are shown at the full price`);
	}
	const wire = {
		baseUrl,
		model,
		apiKey,
		facts,
		fields,
		timeout: options.timeoutMs ?? (tier === 'flex' ? 900_000 : 300_000),
		stall: options.stallMs ?? 30_000,
		byFetch: options.byFetch ?? process.env['NODE_USE_ENV_PROXY'] === '1',
		tolerances: new Tolerances(facts, log),
		log,
	};
	const endpoint = endpointOrigin(baseUrl);
	const kind =
		options.serves === 'embeddings'
			? {
					transport: embeddingTransport(wire),
					keyModel: `embeddings:${model}`,
					concurrency: embeddingsAtOnce * (options.concurrency ?? facts.concurrency ?? 8),
					// One whole request.
					start: embeddingsAtOnce,
				}
			: {
					...chatTransport(wire, options, endpoint, tier),
					keyModel: keyModelOf(options.keyModel ?? model, fields),
				};
	const teacher = createTeacherOver({
		...kind,
		model,
		endpoint,
		replies,
		facts,
		backoff: options.backoffMs,
		longestPause: options.longestPauseMs,
		log,
		calls: options.calls,
	});
	signal?.addEventListener('abort', () => void teacher.dispose(), { once: true });
	return teacher;
}

/** Number of calls that may be in batches at once. */
const inBatchesAtMost = 100_000;

function chatTransport(wire: OpenAiTransportOptions, options: OpenAiTeacherOptions, endpoint: string, tier: Tier) {
	const direct = openAiTransport(wire);
	const { batches, replies, concurrency } = options;
	if (!batches) {
		return { transport: direct, tier, concurrency };
	}
	const isStored = (keys: readonly string[]) => replies.known(keys);
	const transport = batchTransport(direct, wire, { ...batches, endpoint, isStored });
	return batches.submits
		? { transport, tier, concurrency: inBatchesAtMost, start: inBatchesAtMost }
		: { transport, tier, concurrency };
}
