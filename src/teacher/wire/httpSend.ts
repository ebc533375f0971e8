import * as http from 'node:http';
import type * as https from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import { urlToHttpOptions } from 'node:url';
import { TransportError } from '../../core/ports/transport.ts';
import type { Send, SendLimits, SendResponse } from './send.ts';
import { isRedirect, redirectError, stalledError, tooLongError } from './send.ts';

/** Longest time to connect, in ms. */
const connectTime = 10_000;

/** Sends by node:http and node:https, over connections that remain open between requests. */
export function httpSend(limits: SendLimits): Send {
	// The last connection used is used first, so that those a pause left idle can close.
	const options = { keepAlive: true, maxFreeSockets: Infinity, scheduling: 'lifo' } as const;
	let plain: http.Agent | undefined;
	let secure: https.Agent | undefined;
	/** URLs are taken apart once, not for each request. */
	const places = new WeakMap<URL, http.RequestOptions>();
	// TLS takes a tenth of a second to load.
	let tls: typeof https | undefined;
	return async ({ method, url, headers, body, signal }) => {
		tls ??= url.protocol === 'https:' ? await import('node:https') : undefined;
		return new Promise((resolve, reject) => {
			const to = places.get(url) ?? urlToHttpOptions(url);
			places.set(url, to);
			const request =
				tls && url.protocol === 'https:'
					? tls.request({ ...to, method, headers, agent: (secure ??= new tls.Agent(options)) })
					: http.request({ ...to, method, headers, agent: (plain ??= new http.Agent(options)) });
			const abort = () => request.destroy(new TransportError('transient', 'cancelled'));
			const end = (error: unknown, response?: SendResponse) => {
				signal.removeEventListener('abort', abort);
				if (response) {
					resolve(response);
				} else {
					reject(error instanceof Error ? error : new Error(String(error)));
					request.destroy();
				}
			};
			request.on('error', end);
			request.once('socket', (socket) => {
				if (socket.connecting) {
					limitConnecting(request, socket);
				}
			});
			request.once('response', (response) => {
				const status = response.statusCode ?? 0;
				if (isRedirect(status)) {
					end(redirectError(response.headers.location ?? null, url.href));
					return;
				}
				readWhole(decoded(response), limits, (error, text) =>
					end(error, text === undefined ? undefined : { status, headers: headersOf(response), body: text }),
				);
			});
			if (signal.aborted) {
				abort();
				return;
			}
			signal.addEventListener('abort', abort);
			request.end(body);
		});
	};
}

function limitConnecting(request: http.ClientRequest, socket: NodeJS.Socket): void {
	const timer = setTimeout(
		() =>
			request.destroy(
				new TransportError('transient', `no connection within ${connectTime / 1000} s`, { unreachable: true }),
			),
		connectTime,
	);
	const clear = () => clearTimeout(timer);
	socket.once('connect', clear).once('close', clear);
}

/** Decompresses a body. None is requested, but some gateways compress all the same. */
function decoded(response: http.IncomingMessage): Readable {
	const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? '';
	if (encoding === 'gzip' || encoding === 'x-gzip' || encoding === 'deflate') {
		return pipeline(response, createUnzip(), () => undefined);
	}
	return encoding === 'br' ? pipeline(response, createBrotliDecompress(), () => undefined) : response;
}

function readWhole(
	stream: Readable,
	limits: SendLimits,
	end: (error: unknown, text: string | undefined) => void,
): void {
	const chunks: Buffer[] = [];
	let length = 0;
	const timer = setTimeout(() => fail(stalledError(limits)), limits.stall);
	const fail = (error: unknown) => {
		clearTimeout(timer);
		end(error, undefined);
	};
	stream
		.on('data', (chunk: Buffer) => {
			chunks.push(chunk);
			length += chunk.length;
			if (length > limits.longest) {
				fail(tooLongError(limits));
			}
			timer.refresh();
		})
		.once('error', fail)
		.once('end', () => {
			clearTimeout(timer);
			end(undefined, (chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString('utf8'));
		});
}

function headersOf({ headers }: http.IncomingMessage): Headers {
	const read = new Headers();
	for (const [name, value] of Object.entries(headers)) {
		read.set(name, Array.isArray(value) ? value.join(', ') : (value ?? ''));
	}
	return read;
}
