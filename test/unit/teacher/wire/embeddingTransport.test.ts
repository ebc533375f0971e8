import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { TransportError } from '../../../../src/core/ports/transport.ts';
import { embeddingTransport } from '../../../../src/teacher/wire/embeddingTransport.ts';

test('a text that is cancelled before it is sent is rejected without affecting the others', async () => {
	const sent: unknown[] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const { input } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { input: string[] };
			sent.push(input);
			response.writeHead(200, { 'content-type': 'application/json' }).end(
				JSON.stringify({
					data: input.map((_, index) => ({ index, embedding: [index, 1] })),
					usage: { prompt_tokens: 3 },
				}),
			);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		const transport = embeddingTransport({
			baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
			model: 'm',
			apiKey: null,
			timeout: 5000,
			stall: 5000,
		} as Parameters<typeof embeddingTransport>[0]);
		const request = (text: string) =>
			({ key: text, messages: [{ role: 'user', content: text }], sampling: {} }) as unknown as Parameters<
				typeof transport.send
			>[0];
		const gone = new AbortController();
		const [left, remaining] = [
			transport.send(request('left'), gone.signal),
			transport.send(request('kept'), new AbortController().signal),
		];
		gone.abort();
		await assert.rejects(left, TransportError);
		assert.notEqual((await remaining).text, '');
		assert.deepEqual(sent, [['kept']]);
		// This also holds without other texts.
		await assert.rejects(transport.send(request('alone'), AbortSignal.abort()), TransportError);
		assert.equal(sent.length, 1);
	} finally {
		server.closeAllConnections();
		server.close();
	}
});
