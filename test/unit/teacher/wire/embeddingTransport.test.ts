import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Budget } from '../../../../src/core/ports/budget.ts';
import type { Spent, TeacherCall } from '../../../../src/core/ports/teacher.ts';
import { TransportError } from '../../../../src/core/ports/transport.ts';
import { embeddingTransport } from '../../../../src/teacher/wire/embeddingTransport.ts';
import { modelTable } from '../../../../src/teacher/wire/modelTable.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

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

test('a request for embeddings counts as one call, whatever number of texts it holds', async () => {
	const server = await startStandInTeacher({ models: ['embedder'] });
	const calls = texts(200);
	const made = (replies: MemoryReplyLog) =>
		createOpenAiTeacher({
			baseUrl: server.url,
			model: 'embedder',
			serves: 'embeddings',
			replies,
			models: modelTable([[{ match: 'embedder', input: 1, output: 0 }]]),
		});
	try {
		assert.equal((await made(new MemoryReplyLog()).estimate(calls, 0)).calls, 4);
		const log = new MemoryReplyLog();
		const spent: Spent[] = [];
		const options = { signal: new AbortController().signal, onProgress: (now: Spent) => void spent.push(now) };
		for await (const outcome of made(log).ask(calls, (text) => text, options)) {
			assert.ok('reply' in outcome);
		}
		assert.equal(spent.at(-1)?.calls, server.stats().embeddings.requests);
		const few = new MemoryReplyLog();
		const before = server.stats().embeddings.requests;
		let unsent = 0;
		for await (const outcome of made(few).ask(calls, (text) => text, {
			signal: options.signal,
			budget: new Budget({ calls: 2 }),
		})) {
			unsent += 'failure' in outcome && outcome.failure.kind === 'budget' ? 1 : 0;
		}
		assert.ok(server.stats().embeddings.requests - before <= 2);
		assert.equal(unsent + few.puts.length, 200);
		assert.ok(few.puts.length > 64);
	} finally {
		await server.close();
	}
});

test('a server that embeds tokens instead of texts is told so', async () => {
	const replies: Record<string, (input: string[]) => unknown[]> = {
		more: (input) => [...input, ...input].map((_, index) => ({ index, embedding: [1, 2] })),
		fewer: () => [{ index: 0, embedding: [1, 2] }],
		nested: (input) =>
			input.map((_, index) => ({
				index,
				embedding: [
					[1, 2],
					[3, 4],
				],
			})),
	};
	for (const [name, data] of Object.entries(replies)) {
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const { input } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { input: string[] };
				response
					.writeHead(200, { 'content-type': 'application/json' })
					.end(JSON.stringify({ data: data(input), usage: { prompt_tokens: 3 } }));
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const teacher = createOpenAiTeacher({
			baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
			model: 'm',
			serves: 'embeddings',
			replies: new MemoryReplyLog(),
			models: modelTable([]),
			backoffMs: 5,
		});
		const all = async () => {
			for await (const outcome of teacher.ask(texts(3), (text) => text, {
				signal: AbortSignal.timeout(20_000),
			})) {
				assert.ok('failure' in outcome, name);
			}
		};
		await assert.rejects(all(), {
			code: 'teacher.embedsTokens',
			message: /“m” sends .* embeds each token: serve it/,
		});
		server.closeAllConnections();
		server.close();
	}
});

function texts(count: number): TeacherCall[] {
	return Array.from({ length: count }, (_, index) => ({
		task: 'embed',
		about: `q${index}`,
		messages: [{ role: 'user', content: `Question ${index}?` }],
		sampling: {},
		sample: 0,
		promptVersion: 'embed@1',
	}));
}
