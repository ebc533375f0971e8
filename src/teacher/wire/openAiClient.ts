import type { TransportError } from '../../core/ports/transport.ts';
import type { RequestPurpose } from './wireErrors.ts';
import { statusError } from './wireErrors.ts';
import { wireFetch } from './wireFetch.ts';

/** The client is 390 kB, so it is loaded with the first request. */
export async function openClient(options: {
	readonly baseUrl: string;
	readonly apiKey: string | null;
	readonly stall: number;
}) {
	const { OpenAI } = await import('openai');
	const { apiKey, baseUrl } = options;
	return new OpenAI({
		apiKey: apiKey ?? 'none',
		baseURL: baseUrl,
		// Ignores environment variables meant for other endpoints.
		organization: null,
		project: null,
		maxRetries: 0,
		logLevel: 'off',
		fetch: wireFetch({ stall: options.stall, longest: 64e6 }),
		...(apiKey === null ? { defaultHeaders: { authorization: null } } : {}),
	});
}

/** A refused request, with what a 400 reported about its form. */
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
	return new WireFailure(
		statusError(error.status, { ...body, message }, headers, purpose),
		error.status === 400 || error.status === 422 ? `${body.param ?? ''} ${body.code ?? ''} ${message}` : undefined,
	);
}

export function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => (made ??= make());
}
