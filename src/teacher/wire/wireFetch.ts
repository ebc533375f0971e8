import { TransportError } from '../../core/ports/transport.ts';

export interface WireOptions {
	/** Longest silence in the middle of a body, in ms. */
	readonly stall: number;
	/** Maximum length of a body, in bytes. */
	readonly longest: number;
}

/**
 * Creates a `fetch` for a client that must not hang: it reads the whole body itself, and gives up if the body stalls or
 * grows without end. Redirects are not followed, so prompts and key go only to the intended address.
 */
export function wireFetch({
	stall,
	longest,
}: WireOptions): (url: string | URL | Request, init?: RequestInit) => Promise<Response> {
	return async (url, init) => {
		const response = await fetch(url, { ...init, redirect: 'manual' });
		if (response.status >= 300 && response.status < 400 && response.status !== 304) {
			await response.body?.cancel();
			throw new TransportError('fatal', location(response), { code: 'teacher.redirected' });
		}
		const body = response.body ? await wholeBody(response.body.getReader(), stall, longest) : null;
		return new Response(body && [204, 205, 304].includes(response.status) ? null : body, {
			status: response.status,
			statusText: response.statusText,
			headers: response.headers,
		});
	};
}

async function wholeBody(
	reader: ReadableStreamDefaultReader<Uint8Array>,
	stall: number,
	longest: number,
): Promise<Uint8Array<ArrayBuffer>> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	let timer: NodeJS.Timeout | undefined;
	const stalled = new Promise<never>((_, reject) => {
		timer = setTimeout(
			() =>
				reject(
					new TransportError('transient', `the reply stopped in the middle for ${stall / 1000} s`, {
						maybeBilled: true,
					}),
				),
			stall,
		);
	});
	try {
		for (;;) {
			const { done, value } = await Promise.race([reader.read(), stalled]);
			if (done) {
				return Buffer.concat(chunks);
			}
			chunks.push(value);
			length += value.length;
			if (length > longest) {
				throw new TransportError('transient', `the reply is longer than ${Math.round(longest / 1e6)} MB`, {
					maybeBilled: true,
				});
			}
			timer?.refresh();
		}
	} catch (error) {
		void reader.cancel().catch(() => undefined);
		throw error;
	} finally {
		clearTimeout(timer);
	}
}

function location(response: Response): string {
	try {
		return new URL(response.headers.get('location') ?? '', response.url).origin;
	} catch {
		return 'another address';
	}
}
