import type { Send, SendLimits } from './send.ts';
import { isRedirect, redirectError, stalledError, tooLongError } from './send.ts';

/** Sends by `fetch`, which in VS Code goes through the user's proxy. It costs three times the CPU of {@link httpSend}. */
export function fetchSend(limits: SendLimits): Send {
	return async ({ method, url, headers, body, signal }) => {
		const response = await fetch(url, { method, headers, body: body ?? null, signal, redirect: 'manual' });
		if (isRedirect(response.status)) {
			await response.body?.cancel();
			throw redirectError(response.headers.get('location'), response.url);
		}
		return {
			status: response.status,
			headers: response.headers,
			body: response.body ? await wholeBody(response.body.getReader(), limits) : '',
		};
	};
}

async function wholeBody(reader: ReadableStreamDefaultReader<Uint8Array>, limits: SendLimits): Promise<string> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	let timer: NodeJS.Timeout | undefined;
	const stalled = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(stalledError(limits)), limits.stall);
	});
	try {
		for (;;) {
			const { done, value } = await Promise.race([reader.read(), stalled]);
			if (done) {
				return Buffer.concat(chunks).toString('utf8');
			}
			chunks.push(value);
			length += value.length;
			if (length > limits.longest) {
				throw tooLongError(limits);
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
