import type { OpenAI } from 'openai';
import type { APIPromise } from 'openai/core/api-promise';
import type { TransportError } from '../../core/ports/transport.ts';
import { splitVersion } from './endpoint.ts';
import { fetchSend } from './fetchSend.ts';
import { httpSend } from './httpSend.ts';
import type { HeaderSource, Send, SendResponse } from './send.ts';
import type { ErrorBody, RequestPurpose } from './wireErrors.ts';
import { statusError } from './wireErrors.ts';

export interface EndpointClientOptions {
	/** Validated by `checkEndpoint`. */
	readonly baseUrl: string;
	readonly apiKey: string | null;
	/** Longest silence in the middle of a body, in ms. */
	readonly stall: number;
	/** Maximum length of a body, in bytes; default 64 MB. */
	readonly longest?: number | undefined;
	/** See {@link OpenAiTeacherOptions.byFetch}. */
	readonly byFetch: boolean;
}

/** Speaks HTTP with one OpenAI-compatible endpoint. */
export interface EndpointClient {
	/**
	 * Posts JSON to `path` (`/chat/completions`) and resolves with a successful response. `key` is sent as
	 * Idempotency-Key. Rejects with a {@link WireFailure} for any other status.
	 */
	post(path: string, body: object, key: string, signal: AbortSignal): Promise<SendResponse>;
	/** Posts a text of any media type. Otherwise like {@link post}. */
	postText(path: string, type: string, text: string, signal: AbortSignal): Promise<SendResponse>;
	/** Requests `path`. Rejects like {@link post}. */
	get(path: string, query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<SendResponse>;
	/** Returns the sorted names of the models that the endpoint lists. Rejects like {@link post}; takes at most 15 s. */
	models(signal: AbortSignal): Promise<string[]>;
}

/** Milliseconds for the list of models. */
const listTime = 15_000;
/** Callers limit the time of a request themselves; this only replaces the client's own ten minutes. */
const clientTime = 24 * 3600_000;

/** Opens a client. The package is 390 kB, so it is loaded with the first request. */
export function openClient(options: EndpointClientOptions, purpose: RequestPurpose): EndpointClient {
	let opened: Promise<OpenAI> | undefined;
	const client = () => (opened ??= openAi(options));
	const raw = async (response: APIPromise<unknown>): Promise<SendResponse> => {
		const { status, headers, text } = await response.asResponse().then(
			async (whole) => ({ status: whole.status, headers: whole.headers, text: await whole.text() }),
			(error: unknown) => {
				throw wireFailure(error, purpose);
			},
		);
		return { status, headers, body: text };
	};
	return {
		async post(path, body, key, signal) {
			return raw((await client()).post(path, { body, headers: { 'idempotency-key': key }, signal }));
		},
		async postText(path, type, body, signal) {
			return raw((await client()).post(path, { body, headers: { 'content-type': type }, signal }));
		},
		async get(path, query, signal) {
			return raw((await client()).get(path, { query, signal }));
		},
		async models(signal) {
			const { body } = await raw((await client()).get('/models', { signal, timeout: listTime }));
			return modelNames(JSON.parse(body));
		},
	};
}

async function openAi({
	baseUrl: url,
	apiKey,
	stall,
	longest = 64e6,
	byFetch,
}: EndpointClientOptions): Promise<OpenAI> {
	const { OpenAI } = await import('openai');
	const { baseUrl, apiVersion } = splitVersion(url);
	const limits = { stall, longest };
	return new OpenAI({
		apiKey: apiKey ?? 'none',
		baseURL: baseUrl,
		...(apiVersion === null ? {} : { defaultQuery: { 'api-version': apiVersion } }),
		// These ignore environment variables that are meant for other endpoints.
		organization: null,
		project: null,
		// Retries, pauses and time limits are those of our scheduler.
		maxRetries: 0,
		timeout: clientTime,
		logLevel: 'off',
		fetch: asFetch(byFetch ? fetchSend(limits) : httpSend(limits)),
		...keyHeaders(apiKey, apiVersion),
	});
}

/** Azure's dated URLs take a key as `api-key`; they would treat a bearer key as an access token. */
function keyHeaders(
	apiKey: string | null,
	apiVersion: string | null,
): { defaultHeaders?: Record<string, string | null> } {
	if (apiKey === null) {
		return { defaultHeaders: { authorization: null } };
	}
	return apiVersion === null ? {} : { defaultHeaders: { authorization: null, 'api-key': apiKey } };
}

/** Gives the `openai` client our way to send requests in place of the platform's `fetch`. */
function asFetch(send: Send): (url: string | URL | Request, init?: RequestInit) => Promise<Response> {
	return async (url, init = {}) => {
		const { status, headers, body } = await send({
			method: init.method === 'GET' ? 'GET' : 'POST',
			url: new URL(url instanceof Request ? url.url : url),
			headers: Object.fromEntries(new Headers(init.headers)),
			body: typeof init.body === 'string' ? init.body : undefined,
			signal: init.signal ?? new AbortController().signal,
		});
		return new Response([204, 205, 304].includes(status) ? null : body, { status, headers });
	};
}

function modelNames(list: unknown): string[] {
	const data = typeof list === 'object' && list !== null && 'data' in list ? list.data : undefined;
	return (Array.isArray(data) ? (data as unknown[]) : [])
		.map((entry) => (typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined))
		.filter((id) => typeof id === 'string')
		.sort();
}

/** A refused request, with what a 400 reported about the form of the request. */
export class WireFailure extends Error {
	constructor(
		readonly error: TransportError,
		readonly badRequest: string | undefined,
		readonly status: number,
	) {
		super(error.message);
	}
}

/** Reads the status and message of a failed response; returns any other error unchanged. */
function wireFailure(error: unknown, purpose: RequestPurpose): unknown {
	if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') {
		return error;
	}
	const body = 'error' in error && typeof error.error === 'object' && error.error !== null ? error.error : {};
	const { message } = body as ErrorBody;
	const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : undefined;
	return wireError(
		error.status,
		{ ...body, message: typeof message === 'string' ? message : error.message },
		headers,
		purpose,
	);
}

export function wireError(
	status: number,
	body: ErrorBody,
	headers: HeaderSource | undefined,
	purpose: RequestPurpose,
): WireFailure {
	return new WireFailure(
		statusError(status, body, headers, purpose),
		status === 400 || status === 422 ? `${body.param ?? ''} ${body.code ?? ''} ${body.message ?? ''}` : undefined,
		status,
	);
}
