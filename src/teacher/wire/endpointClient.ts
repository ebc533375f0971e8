import type { TransportError } from '../../core/ports/transport.ts';
import { splitVersion } from './endpoint.ts';
import { fetchSend } from './fetchSend.ts';
import { httpSend } from './httpSend.ts';
import type { HeaderSource, SendResponse } from './send.ts';
import type { ErrorBody, RequestPurpose } from './wireErrors.ts';
import { statusError } from './wireErrors.ts';

export interface EndpointClientOptions {
	/** Validated by `checkEndpoint`. */
	readonly baseUrl: string;
	readonly apiKey: string | null;
	/** Longest silence in the middle of a body, in ms. */
	readonly stall: number;
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
	/** Returns the sorted names of the models that the endpoint lists. Rejects like {@link post}; takes at most 15 s. */
	models(signal: AbortSignal): Promise<string[]>;
}

/** Milliseconds for the list of models. */
const listTime = 15_000;

export function openClient(options: EndpointClientOptions, purpose: RequestPurpose): EndpointClient {
	const { apiKey } = options;
	const { baseUrl, apiVersion } = splitVersion(options.baseUrl);
	const limits = { stall: options.stall, longest: 64e6 };
	const send = options.byFetch ? fetchSend(limits) : httpSend(limits);
	const headers = {
		accept: 'application/json',
		'user-agent': 'stat-studio',
		...keyHeader(apiKey, apiVersion),
	};
	const urlOf = (path: string) =>
		new URL(`${baseUrl}${path}${apiVersion === null ? '' : `?api-version=${encodeURIComponent(apiVersion)}`}`);
	const urls = new Map<string, URL>();

	function successful(response: SendResponse): SendResponse {
		if (response.status < 200 || response.status >= 300) {
			throw wireError(response.status, errorBody(response.body), response.headers, purpose);
		}
		return response;
	}

	return {
		async post(path, body, key, signal) {
			const text = JSON.stringify(body);
			const url = urls.get(path) ?? urlOf(path);
			urls.set(path, url);
			return successful(
				await send({
					method: 'POST',
					url,
					headers: {
						...headers,
						'content-type': 'application/json',
						'content-length': String(Buffer.byteLength(text)),
						'idempotency-key': key,
					},
					body: text,
					signal,
				}),
			);
		},
		async models(signal) {
			const { body } = successful(
				await send({
					method: 'GET',
					url: urlOf('/models'),
					headers,
					signal: AbortSignal.any([signal, AbortSignal.timeout(listTime)]),
				}),
			);
			return modelNames(JSON.parse(body));
		},
	};
}

/** Azure's dated URLs take a key as `api-key`; they would treat a bearer key as an access token. */
function keyHeader(apiKey: string | null, apiVersion: string | null): Readonly<Record<string, string>> {
	if (apiKey === null) {
		return {};
	}
	return apiVersion === null ? { authorization: `Bearer ${apiKey}` } : { 'api-key': apiKey };
}

function modelNames(list: unknown): string[] {
	const data = typeof list === 'object' && list !== null && 'data' in list ? list.data : undefined;
	return (Array.isArray(data) ? (data as unknown[]) : [])
		.map((entry) => (typeof entry === 'object' && entry !== null && 'id' in entry ? entry.id : undefined))
		.filter((id) => typeof id === 'string')
		.sort();
}

/** Reads the body of a failed response: its `error`, or what else there is. */
function errorBody(text: string): ErrorBody {
	let body: unknown;
	try {
		body = JSON.parse(text);
	} catch {
		return { message: text };
	}
	const error = typeof body === 'object' && body !== null && 'error' in body ? body.error : undefined;
	if (typeof error === 'object' && error !== null) {
		const { message } = error as ErrorBody;
		return { ...error, message: typeof message === 'string' ? message : JSON.stringify(message ?? error) };
	}
	return { message: typeof error === 'string' ? error : text };
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
