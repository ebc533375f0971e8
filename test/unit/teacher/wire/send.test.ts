import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import { fetchSend } from '../../../../src/teacher/wire/fetchSend.ts';
import { httpSend } from '../../../../src/teacher/wire/httpSend.ts';
import type { Send, SendResponse } from '../../../../src/teacher/wire/send.ts';

const limits = { stall: 500, longest: 10_000 };
const ways: readonly (readonly [string, () => Send])[] = [
	['node:http', () => httpSend(limits)],
	['fetch', () => fetchSend(limits)],
];

async function withServer(
	handle: (request: IncomingMessage, response: ServerResponse) => void,
	body: (origin: string, connections: () => number) => Promise<void>,
): Promise<void> {
	let connections = 0;
	const server = createServer(handle).on('connection', () => connections++);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => connections);
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

function post(send: Send, url: string, signal = new AbortController().signal): Promise<SendResponse> {
	return send({ method: 'POST', url: new URL(url), headers: { 'content-type': 'text/plain' }, body: 'é', signal });
}

for (const [name, way] of ways) {
	test(`by ${name}, requests one after another share connections, and each has its status, headers and text`, () =>
		withServer(
			(request, response) => {
				request.setEncoding('utf8').once('data', (body: string) => {
					response.writeHead(body === 'é' ? 201 : 400, { 'X-Limit': '7' }).end('ümlaut');
				});
			},
			async (origin, connections) => {
				const send = way();
				for (let n = 0; n < 20; n++) {
					const { status, headers, body } = await post(send, origin);
					assert.deepEqual(
						[status, headers.get('x-limit'), headers.get('x-none'), body],
						[201, '7', null, 'ümlaut'],
					);
				}
				assert.ok(connections() <= 2);
			},
		));

	test(`by ${name}, a redirect is not followed`, async () => {
		const paths: (string | undefined)[] = [];
		await withServer(
			(request, response) => {
				paths.push(request.url);
				response.writeHead(307, { location: 'https://elsewhere.example/v1' }).end();
			},
			async (origin) => {
				await assert.rejects(post(way(), `${origin}/v1`), /^TransportError: https:\/\/elsewhere\.example$/);
				assert.deepEqual(paths, ['/v1']);
			},
		);
	});

	test(`by ${name}, a compressed body is read`, () =>
		withServer(
			(_request, response) => {
				response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('packed'));
			},
			async (origin) => {
				assert.equal((await post(way(), origin)).body, 'packed');
			},
		));

	test(`by ${name}, a body without end and a body that stops are given up`, () =>
		withServer(
			(request, response) => {
				response.writeHead(200);
				response.write('x'.repeat(request.url === '/long' ? 20_000 : 10));
			},
			async (origin) => {
				await assert.rejects(post(way(), `${origin}/long`), /the reply is longer than 0 MB/);
				await assert.rejects(post(way(), `${origin}/stop`), /the reply stopped in the middle for 0\.5 s/);
			},
		));

	test(`by ${name}, an aborted request is rejected at once and its connection is closed`, async () => {
		let isClosed: Promise<unknown> | undefined;
		await withServer(
			(request) => {
				isClosed = new Promise((resolve) => request.socket.once('close', resolve));
			},
			async (origin) => {
				const controller = new AbortController();
				setTimeout(() => controller.abort(), 50);
				await assert.rejects(post(way(), origin, controller.signal));
				await assert.rejects(post(way(), origin, controller.signal));
				assert.ok(isClosed);
				await isClosed;
			},
		);
	});
}
