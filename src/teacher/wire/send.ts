import { TransportError } from '../../core/ports/transport.ts';

/** The headers of a response; names in lower case. */
export interface HeaderSource {
	get(name: string): string | null;
}

export interface SendRequest {
	readonly method: 'GET' | 'POST';
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string | undefined;
	readonly signal: AbortSignal;
}

export interface SendResponse {
	readonly status: number;
	readonly headers: Headers;
	/** The whole body. */
	readonly body: string;
}

/**
 * Sends one HTTP request and reads the whole response, whatever its status. Never retries. Redirects are not followed,
 * so prompts and key go only to the intended address: they reject with `teacher.redirected`.
 */
export type Send = (request: SendRequest) => Promise<SendResponse>;

export interface SendLimits {
	/** Longest silence in the middle of a body, in ms. */
	readonly stall: number;
	/** Maximum length of a body, in bytes. */
	readonly longest: number;
}

export function isRedirect(status: number): boolean {
	return status >= 300 && status < 400 && status !== 304;
}

/** Returns the error for a response that points elsewhere; `location` is its header, relative to `url`. */
export function redirectError(location: string | null, url: string): TransportError {
	let where = 'another address';
	try {
		where = new URL(location ?? '', url).origin;
	} catch {
		// The header is no address.
	}
	return new TransportError('fatal', where, { code: 'teacher.redirected' });
}

export function stalledError({ stall }: SendLimits): TransportError {
	return new TransportError('transient', `the reply stopped in the middle for ${stall / 1000} s`, {
		maybeBilled: true,
	});
}

export function tooLongError({ longest }: SendLimits): TransportError {
	return new TransportError('transient', `the reply is longer than ${Math.round(longest / 1e6)} MB`, {
		maybeBilled: true,
	});
}
