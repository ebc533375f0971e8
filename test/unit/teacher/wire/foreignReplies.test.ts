// Replies with a 200 that servers other than OpenAI's send, each as reported by users of the server.
import assert from 'node:assert/strict';
import test from 'node:test';
import type { Outcome, TeacherCall } from '../../../../src/core/ports/teacher.ts';
import { MalformedReply } from '../../../../src/core/ports/teacher.ts';
import { modelTable } from '../../../../src/teacher/wire/modelTable.ts';
import type { OpenAiTeacherOptions } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import type { StandInSettings, StandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

function call(n: number, system?: string): TeacherCall {
	return {
		task: 'solve',
		about: `q${n}`,
		messages: [
			...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
			{ role: 'user', content: `What is ${n} + ${n}?` },
		],
		sampling: { maxTokens: 500 },
		sample: 0,
		promptVersion: 'solve@1',
	};
}

interface Exchange {
	readonly outcomes: readonly Outcome<string>[];
	readonly server: StandInTeacher;
	readonly log: MemoryReplyLog;
}

/** Sends `calls` to a server with these settings, one at a time. */
async function ask(
	settings: Partial<StandInSettings>,
	calls: readonly TeacherCall[] = [call(1)],
	over: (server: StandInTeacher) => Partial<OpenAiTeacherOptions> = () => ({}),
): Promise<Exchange> {
	const server = await startStandInTeacher({ says: 'The answer is 2.', ...settings });
	const log = new MemoryReplyLog();
	const teacher = createOpenAiTeacher({
		baseUrl: server.url,
		model: 'stand-in',
		replies: log,
		models: modelTable([]),
		backoffMs: 5,
		concurrency: 1,
		...over(server),
	});
	const outcomes: Outcome<string>[] = [];
	try {
		for await (const outcome of teacher.ask(calls, read, {
			signal: new AbortController().signal,
			acceptTruncated: true,
		})) {
			outcomes.push(outcome);
		}
	} finally {
		await teacher.dispose();
		await server.close();
	}
	return { outcomes, server, log };
}

function read(text: string): string {
	if (text === '') {
		throw new MalformedReply('empty');
	}
	return text;
}

const told = ([outcome]: readonly Outcome<string>[]) =>
	outcome && 'failure' in outcome ? `${outcome.failure.kind}: ${outcome.failure.message}` : outcome?.reply.text;

/** Returns a completion with one choice. */
const completion = (choice: object) =>
	JSON.stringify({ id: 'gen-1', object: 'chat.completion', model: 'stand-in', choices: [{ index: 0, ...choice }] });
const first = (body: string) => ({ body: (request: number) => (request === 1 ? body : undefined) });
const always = (body: string) => ({ body: () => body });

for (const [name, choice] of [
	[
		'error with its own status and no text (OpenRouter)',
		{
			finish_reason: 'error',
			native_finish_reason: 'error',
			error: { code: 502, message: 'Provider returned error', metadata: { provider_name: 'X' } },
			message: { role: 'assistant', content: '' },
		},
	],
	['error after part of a text', { finish_reason: 'error', message: { role: 'assistant', content: 'So it is 1' } }],
	[
		'error beside a finish that looks well',
		{
			finish_reason: 'stop',
			error: { code: 500, message: 'Internal server error' },
			message: { role: 'assistant', content: '' },
		},
	],
	['request aborted in the engine (vLLM)', { finish_reason: 'abort', message: { role: 'assistant', content: 'So' } }],
	[
		'lack of resources (DeepSeek)',
		{ finish_reason: 'insufficient_system_resource', message: { role: 'assistant', content: '' } },
	],
] as const) {
	test(`an ${name} inside a choice is a failed request: nothing from it is stored, and the call is sent again`, async () => {
		const { outcomes, server, log } = await ask(first(completion(choice)));
		assert.equal(told(outcomes), 'The answer is 2.');
		assert.deepEqual(
			log.puts.map(({ text }) => text),
			['The answer is 2.'],
		);
		assert.equal(server.stats().received, 2);
	});
}

test('a response with an error object and an empty choice counts as a failed request', async () => {
	const message = { role: 'assistant', content: '' };
	const body = {
		...JSON.parse(completion({ finish_reason: 'stop', message })),
		error: { code: 502, message: 'bad' },
	};
	const { outcomes, log } = await ask(first(JSON.stringify(body)));
	assert.equal(told(outcomes), 'The answer is 2.');
	assert.equal(log.puts.length, 1);
});

test('a stream that breaks off is a failed request, also if its events say that there was no error', async () => {
	const event = { error: null, choices: [{ index: 0, delta: { content: 'The answer is' }, finish_reason: null }] };
	const { outcomes, log } = await ask(first(`data: ${JSON.stringify(event)}\n\n`));
	assert.equal(told(outcomes), 'The answer is 2.');
	assert.equal(log.puts.length, 1);
});

test("a request that the provider rejects is given up after two attempts, and the provider's own message is quoted", async () => {
	const { outcomes, server } = await ask(
		always(
			completion({
				finish_reason: 'error',
				error: {
					code: 400,
					message: 'Provider returned error',
					metadata: { raw: 'prompt is too long: 9000 tokens' },
				},
				message: { role: 'assistant', content: '' },
			}),
		),
	);
	assert.match(told(outcomes) ?? '', /^refused: .*provider failed \(status 400: .*prompt is too long: 9000 tokens/);
	assert.equal(server.stats().received, 2);
});

for (const reason of ['length', 'max_tokens', 'MAX_TOKENS', 'model_length', 'max_output_tokens', 'MAX_LENGTH']) {
	test(`a reply that ended with "${reason}" is cut off`, async () => {
		const { outcomes } = await ask(
			always(completion({ finish_reason: reason, message: { role: 'assistant', content: 'So we have 1' } })),
		);
		assert.ok(outcomes[0] && 'reply' in outcomes[0]);
		assert.equal(outcomes[0].reply.truncated, true);
	});
}

for (const reason of ['stop', 'STOP', 'end_turn', 'eos', 'COMPLETE', null]) {
	test(`a reply that ended with "${reason}" is complete`, async () => {
		const { outcomes } = await ask(
			always(completion({ finish_reason: reason, message: { role: 'assistant', content: 'It is 1.' } })),
		);
		assert.ok(outcomes[0] && 'reply' in outcomes[0]);
		assert.equal(outcomes[0].reply.truncated, undefined);
	});
}

for (const field of ['reasoning_content', 'reasoning']) {
	test(`a reply whose text is entirely in ${field} is an open thought, not empty`, async () => {
		const { outcomes } = await ask(
			always(
				completion({
					finish_reason: 'stop',
					message: { role: 'assistant', content: null, [field]: 'Two and two … so 4.' },
				}),
			),
		);
		assert.equal(told(outcomes), '<think>\nTwo and two … so 4.');
	});
}

test('a thought returned beside an answer is still left out', async () => {
	const { outcomes } = await ask(
		always(
			completion({
				finish_reason: 'stop',
				message: { role: 'assistant', content: 'It is 4.', reasoning_content: 'Two and two …' },
			}),
		),
	);
	assert.equal(told(outcomes), 'It is 4.');
});

for (const [name, body, says] of [
	[
		"vLLM's error object (worker-vllm)",
		{ object: 'error', message: 'The prompt has 9000 tokens', type: 'BadRequestError', param: null, code: null },
		/The prompt has 9000 tokens/,
	],
	[
		"MiniMax's base_resp",
		{ id: '1', choices: null, base_resp: { status_code: 2013, status_msg: 'invalid params, unknown model' } },
		/invalid params, unknown model/,
	],
	['an error that is a text', { error: 'no slot is free' }, /no slot is free/],
	['a list of details (FastAPI)', { detail: [{ loc: ['body'], msg: 'field required' }] }, /field required/],
	['a job that waits', { id: 'sync-1', status: 'IN_QUEUE' }, /IN_QUEUE/],
] as const) {
	test(`a 200 response with ${name} is given up after two attempts, and its message is quoted`, async () => {
		const { outcomes, server } = await ask(always(JSON.stringify(body)), [call(1), call(2)]);
		assert.equal(outcomes.length, 2);
		for (const outcome of outcomes) {
			assert.match(told([outcome]) ?? '', says);
		}
		assert.equal(server.stats().received, 4);
	});
}

test('a 200 response with plain text is given up after two attempts, and its text is quoted', async () => {
	const { outcomes, server } = await ask(always('upstream connect error or disconnect'));
	assert.match(told(outcomes) ?? '', /no completion: upstream connect error or disconnect/);
	assert.equal(server.stats().received, 2);
});

test('an error object with a status is handled like that status', async () => {
	const body = { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 };
	await assert.rejects(ask(always(JSON.stringify(body))), /there is no model “stand-in”.*does not exist/);
});

test('a rate limit and an exhausted balance are recognised without a status code', async () => {
	const limited = JSON.stringify({ base_resp: { status_code: 1002, status_msg: 'rate limit exceeded(RPM)' } });
	const { outcomes } = await ask(first(limited));
	assert.equal(told(outcomes), 'The answer is 2.');
	const empty = JSON.stringify({ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } });
	await assert.rejects(ask(always(empty)), /credit is used up .*insufficient balance/);
});

test('a bare NaN from Python in a completion is read', async () => {
	const body = completion({
		finish_reason: 'stop',
		logprobs: null,
		message: { role: 'assistant', content: 'NaN is "NaN".' },
	});
	const { outcomes, server } = await ask(always(body.replace('"logprobs":null', '"logprobs":[NaN,-Infinity]')));
	assert.equal(told(outcomes), 'NaN is "NaN".');
	assert.equal(server.stats().received, 1);
});

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (fields: object, finish: string | null = null) =>
	event({ object: 'chat.completion.chunk', choices: [{ index: 0, delta: fields, finish_reason: finish }] });

test('a stream that was not requested is joined into one reply, including its finish reason and its usage', async () => {
	const body = [
		': OPENROUTER PROCESSING\n\n',
		delta({ role: 'assistant', content: '' }),
		delta({ content: 'It is ' }),
		delta({ content: '4' }),
		delta({}, 'length'),
		event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } }),
		'data: [DONE]\n\n',
	].join('');
	const { outcomes, server } = await ask(always(body));
	assert.ok(outcomes[0] && 'reply' in outcomes[0]);
	const { text, truncated, usage } = outcomes[0].reply;
	assert.deepEqual([text, truncated, usage], ['It is 4', true, { input: 7, output: 3, reasoning: 0 }]);
	assert.equal(server.stats().received, 1);
});

test('a stream that fails or ends in the middle is a failed request', async () => {
	const start = delta({ content: 'It is ' });
	for (const body of [start, `${start}${event({ error: { code: 502, message: 'gone' } })}data: [DONE]\n\n`]) {
		const { outcomes, log } = await ask(first(body));
		assert.equal(told(outcomes), 'The answer is 2.');
		assert.equal(log.puts.length, 1);
	}
});

test('for a model without a system role, the system text is put before the question, and the reply key is unchanged', async () => {
	const calls = [call(1, 'Be brief.'), call(2, 'Be brief.')];
	const plain = await ask({}, calls);
	const { outcomes, server, log } = await ask({ rejects: ['system'] }, calls);
	assert.equal(outcomes.filter((outcome) => 'reply' in outcome).length, 2);
	assert.deepEqual(server.bodies.at(-1)?.['messages'], [{ role: 'user', content: 'Be brief.\n\nWhat is 2 + 2?' }]);
	assert.equal(server.stats().counts['rejected'], 1, 'learnt once');
	assert.deepEqual(
		log.puts.map(({ key }) => key),
		plain.log.puts.map(({ key }) => key),
	);
});

test("Azure's dated address keeps its version, and the key is sent in Azure's own header", async () => {
	const { outcomes, server } = await ask({}, [call(1)], ({ port }) => ({
		baseUrl: `http://127.0.0.1:${port}/openai/deployments/stand-in/chat/completions?api-version=2024-10-21`,
		apiKey: 'azure-key',
	}));
	assert.equal(told(outcomes), 'The answer is 2.');
	assert.deepEqual(server.paths, ['/openai/deployments/stand-in/chat/completions?api-version=2024-10-21']);
	assert.deepEqual([server.headers[0]?.['api-key'], server.headers[0]?.authorization], ['azure-key', undefined]);
});

test('an error in place of embeddings is given up after two attempts, and its message is quoted', async () => {
	const { outcomes, server } = await ask(
		always(JSON.stringify({ object: 'error', message: 'no embedding model is loaded' })),
		[{ ...call(1), task: 'embed' }],
		() => ({ serves: 'embeddings' }),
	);
	assert.match(told(outcomes) ?? '', /no embedding model is loaded/);
	assert.equal(server.stats().embeddings.requests, 0);
});

test('a reply that repeats the key is stored without it', async () => {
	const apiKey = 'sk-test-0123456789abcdef';
	const encoded = Buffer.from(apiKey).toString('base64');
	const { log } = await ask({ says: `You sent ${apiKey}, or ${encoded}.` }, [call(1)], () => ({ apiKey }));
	assert.equal(log.puts[0]?.text, 'You sent [key], or [key].');
});
