import type { TransportError } from '../../core/ports/transport.ts';
import type { ErrorBody, RequestPurpose } from './wireErrors.ts';
import { statusError } from './wireErrors.ts';
import { splitVersion } from './endpoint.ts';
import { wireFetch } from './wireFetch.ts';

/** Opens a client. The package is 390 kB, so it is loaded with the first request. */
export async function openClient(options: {
	readonly baseUrl: string;
	readonly apiKey: string | null;
	readonly stall: number;
}) {
	const { OpenAI } = await import('openai');
	const { apiKey } = options;
	const { baseUrl, apiVersion } = splitVersion(options.baseUrl);
	return new OpenAI({
		apiKey: apiKey ?? 'none',
		baseURL: baseUrl,
		...(apiVersion === null ? {} : { defaultQuery: { 'api-version': apiVersion } }),
		// These ignore environment variables that are meant for other endpoints.
		organization: null,
		project: null,
		maxRetries: 0,
		logLevel: 'off',
		fetch: wireFetch({ stall: options.stall, longest: 64e6 }),
		...headersOf(apiKey, apiVersion),
	});
}

/** Azure's dated URLs take a key as `api-key`; they would treat a bearer key as an access token. */
function headersOf(
	apiKey: string | null,
	apiVersion: string | null,
): { defaultHeaders?: Record<string, string | null> } {
	if (apiKey === null) {
		return { defaultHeaders: { authorization: null } };
	}
	return apiVersion === null ? {} : { defaultHeaders: { authorization: null, 'api-key': apiKey } };
}

/** A refused request, with what a 400 reported about the form of the request. */
export class WireFailure extends Error {
	constructor(
		readonly error: TransportError,
		readonly badRequest: string | undefined,
	) {
		super(error.message);
	}
}

/** Reads the status and message of a failed response; returns any other error unchanged. */
export function wireFailure(error: unknown, purpose: RequestPurpose): unknown {
	if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') {
		return error;
	}
	const body =
		'error' in error && typeof error.error === 'object' && error.error !== null
			? (error.error as { message?: string; code?: string; type?: string; param?: string })
			: {};
	const message = typeof body.message === 'string' ? body.message : error.message;
	const headers = 'headers' in error && error.headers instanceof Headers ? error.headers : undefined;
	return wireError(error.status, { ...body, message }, headers, purpose);
}

export function wireError(
	status: number,
	body: ErrorBody,
	headers: Headers | undefined,
	purpose: RequestPurpose,
): WireFailure {
	return new WireFailure(
		statusError(status, body, headers, purpose),
		status === 400 || status === 422 ? `${body.param ?? ''} ${body.code ?? ''} ${body.message ?? ''}` : undefined,
	);
}

export function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => (made ??= make());
}
