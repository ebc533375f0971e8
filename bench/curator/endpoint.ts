// A chat-completions endpoint that costs as little as an HTTP server can, in a process of its own: each reply is the same
// text after a fixed latency. It prints one JSON line with its url. GET /stats returns, since the last POST /reset, the
// number of replies, the most requests in flight, the time of the first request (epoch ms), and its CPU seconds. Until
// then, GET /bodies returns the requests as received. A request without messages, which curator sends first to read rate
// limits, is answered at once and does not count.
//   node endpoint.js LATENCY_MS REPLY
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EndpointStats {
	readonly replies: number;
	readonly mostInFlight: number;
	readonly firstAt: number | null;
	readonly cpu: number;
}

const latency = Number(process.argv[2]);
const completion = Buffer.from(
	JSON.stringify({
		id: 'chatcmpl-1',
		object: 'chat.completion',
		created: 0,
		model: 'stand-in',
		choices: [
			{
				index: 0,
				finish_reason: 'stop',
				message: { role: 'assistant', content: process.argv[3], refusal: null },
			},
		],
		usage: { prompt_tokens: 600, completion_tokens: 500, total_tokens: 1100 },
	}),
);
const headers = { 'content-type': 'application/json', 'content-length': completion.length };
let bodies: Buffer[] | undefined = [];
let [replies, inFlight, mostInFlight] = [0, 0, 0];
let firstAt: number | null = null;
let cpu = process.cpuUsage();

function json(response: ServerResponse, value: unknown): void {
	response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function stats(): EndpointStats {
	const { user, system } = process.cpuUsage(cpu);
	return { replies, mostInFlight, firstAt, cpu: (user + system) / 1e6 };
}

const server = createServer((request, response) => {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.once('end', () => {
		if (request.url === '/bodies') {
			response.writeHead(200).end(`[${(bodies ?? []).map(String).join(',')}]`);
		} else if (request.url === '/stats') {
			json(response, stats());
		} else if (request.url === '/reset') {
			[replies, inFlight, mostInFlight, firstAt, cpu] = [0, 0, 0, null, process.cpuUsage()];
			bodies = undefined;
			json(response, {});
		} else if (request.url === '/v1/chat/completions') {
			if (Number(request.headers['content-length']) < 200) {
				response.writeHead(200, headers).end(completion);
				return;
			}
			bodies?.push(Buffer.concat(chunks));
			firstAt ??= Date.now();
			mostInFlight = Math.max(mostInFlight, ++inFlight);
			setTimeout(() => {
				inFlight--;
				replies++;
				response.writeHead(200, headers).end(completion);
			}, latency);
		} else {
			response.writeHead(404).end();
		}
	});
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () =>
	console.log(JSON.stringify({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })),
);
