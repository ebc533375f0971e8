import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Budget } from '../../../../src/core/ports/budget.ts';
import { skillLines, stepLines } from '../../../../src/core/ports/promptValues.ts';
import { StatError } from '../../../../src/core/errors/statError.ts';
import type {
	AskOptions,
	Outcome,
	Spent,
	Teacher,
	TeacherCall,
	TeacherTask,
} from '../../../../src/core/ports/teacher.ts';
import { modelTable } from '../../../../src/teacher/wire/modelTable.ts';
import type { OpenAiTeacherOptions } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { replyParsers } from '../../../../src/teacher/replies/parseReply.ts';
import { createPrompts } from '../../../../src/teacher/prompts.ts';
import { sharedData, withoutSharedData } from '../../../fixtures/sharedData.ts';
import type { StandInSettings, StandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { noFaults, standardFaults, startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

const prompts = createPrompts({ folder: 'src/teacher/prompts', userFolder: null });
const skills = ['solving_equations', 'area_calculation_skills', 'prime_number_theory', 'geometric_sequence_skills'].map(
	(name) => ({ subject: 'algebra', name }),
);
const prices = modelTable([[{ match: 'priced', input: 1, output: 10 }]]);

function diagnoseCall(n: number, sample = 0): TeacherCall {
	const answer =
		`Step 1: we simplify.\n\nStep 2: we apply solving equations, which gives an expression that does not ` +
		`follow (${n}).\n\nThe answer is $\\boxed{${n}}$.`;
	const steps = [
		[0, 20],
		[22, answer.lastIndexOf('\n\n')],
		[answer.lastIndexOf('\n\n') + 2, answer.length],
	] as const;
	const { messages, version, sampling } = prompts.render('diagnose', {
		subject: 'algebra',
		skills: skillLines(skills),
		question: `Question ${n}?`,
		steps: stepLines(answer, steps),
		finalAnswer: String(n),
	});
	return { task: 'diagnose', about: `q${n}`, messages, sampling, sample, promptVersion: version };
}

const parse = (text: string) => replyParsers.parseDiagnosis(text, skills);
const range = (count: number) => Array.from({ length: count }, (_, n) => n);

interface Bench {
	readonly server: StandInTeacher;
	readonly log: MemoryReplyLog;
	readonly lines: string[];
	teacher(over?: Partial<OpenAiTeacherOptions>): Teacher;
}

async function withServer(settings: Partial<StandInSettings>, body: (bench: Bench) => Promise<void>): Promise<void> {
	const server = await startStandInTeacher({ models: ['stand-in', 'priced'], ...settings });
	const made: Teacher[] = [];
	const log = new MemoryReplyLog();
	const lines: string[] = [];
	const bench: Bench = {
		server,
		log,
		lines,
		teacher(over = {}) {
			const teacher = createOpenAiTeacher({
				baseUrl: server.url,
				model: 'stand-in',
				replies: log,
				models: prices,
				backoffMs: 5,
				stallMs: 300,
				log: (_, line) => lines.push(line),
				...over,
			});
			made.push(teacher);
			return teacher;
		},
	};
	try {
		await body(bench);
	} finally {
		await Promise.all(made.map((teacher) => teacher.dispose()));
		await server.close();
	}
}

async function collect<T>(
	teacher: Teacher,
	calls: Iterable<TeacherCall> | AsyncIterable<TeacherCall>,
	parser: (text: string, call: TeacherCall) => T,
	options: Partial<AskOptions> = {},
): Promise<Outcome<T>[]> {
	const outcomes: Outcome<T>[] = [];
	for await (const outcome of teacher.ask(calls, parser, { signal: new AbortController().signal, ...options })) {
		outcomes.push(outcome);
	}
	return outcomes;
}

function kindOf(outcome: Outcome<unknown>): string {
	if ('failure' in outcome) {
		return outcome.failure.kind;
	}
	return outcome.cached ? 'cached' : 'answered';
}

const kinds = (outcomes: readonly Outcome<unknown>[]) => {
	const counts: Record<string, number> = {};
	for (const outcome of outcomes) {
		const kind = kindOf(outcome);
		counts[kind] = (counts[kind] ?? 0) + 1;
	}
	return counts;
};

test('a diagnosis is requested with plain fields only and works without a key', async () => {
	await withServer({}, async ({ server, teacher, log }) => {
		const [outcome] = await collect(teacher(), [diagnoseCall(1)], parse);
		assert.ok(outcome && 'value' in outcome);
		assert.equal(outcome.value.judge, 'incorrect');
		assert.equal(outcome.value.skills[0]?.name, 'solving_equations');
		assert.equal(outcome.value.firstWrongStep, 1);
		assert.deepEqual(Object.keys(server.bodies[0] ?? {}).sort(), [
			'max_tokens',
			'messages',
			'model',
			'temperature',
		]);
		assert.equal(server.headers[0]?.authorization, undefined);
		assert.equal(log.puts[0]?.cost, null);
		assert.ok((log.puts[0]?.usage?.input ?? 0) > 100);
	});
});

for (const byFetch of [false, true]) {
	const by = byFetch ? 'fetch' : 'node:http';
	test(`by ${by}, under every kind of fault, all calls are accounted for and nothing is paid for twice`, () =>
		underFaults(byFetch));
}

async function underFaults(byFetch: boolean): Promise<void> {
	await withServer(
		{ faults: standardFaults, latency: 2, spread: 0.5, retryAfter: 0.02 },
		async ({ server, teacher, log }) => {
			const outcomes = await collect(
				teacher({ concurrency: 50, byFetch }),
				range(400).map((n) => diagnoseCall(n)),
				parse,
			);
			assert.equal(outcomes.length, 400);
			assert.equal(new Set(outcomes.map((outcome) => outcome.call.about)).size, 400);
			const { answered = 0, malformed = 0 } = kinds(outcomes);
			assert.equal(answered + malformed, 400, JSON.stringify(kinds(outcomes)));
			const stats = server.stats();
			assert.equal(stats.goodTwice, 0);
			assert.equal(stats.good, log.puts.length);
			for (const fault of ['rateLimit', 'serverError', 'reset', 'stall', 'html', 'nonsense']) {
				assert.ok((stats.counts[fault] ?? 0) > 0, fault);
			}
			for (const outcome of outcomes) {
				assert.equal(
					'value' in outcome ? outcome.value.skills[0]?.name : 'solving_equations',
					'solving_equations',
				);
			}
		},
	);
}

for (const fault of ['rateLimit', 'serverError', 'reset', 'stall', 'html', 'cut', 'noChoices', 'overloaded'] as const) {
	test(`all calls are answered even if half of the requests fail with ${fault}`, async () => {
		await withServer({ faults: { ...noFaults, [fault]: 0.5 }, retryAfter: 0.01 }, async ({ server, teacher }) => {
			const outcomes = await collect(
				teacher({ concurrency: 8, stallMs: 60 }),
				range(24).map((n) => diagnoseCall(n)),
				parse,
			);
			assert.deepEqual(kinds(outcomes), { answered: 24 });
			assert.ok((server.stats().counts[fault] ?? 0) >= 3);
			assert.equal(server.stats().goodTwice, 0);
		});
	});
}

test('Retry-After pauses every call', async () => {
	await withServer(
		{ always: { status: 429, error: { message: 'slow down' }, headers: { 'retry-after': '1' } } },
		async ({ server, teacher }) => {
			const paused: (number | undefined)[] = [];
			const done = collect(
				teacher({ concurrency: 4 }),
				range(40).map((n) => diagnoseCall(n)),
				parse,
				{ onProgress: (spent) => paused.push(spent.pausedFor) },
			);
			while (server.stats().received === 0) {
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			await new Promise((resolve) => setTimeout(resolve, 100));
			// The first wave reaches the limit, and nothing is sent during the pause.
			assert.ok(server.stats().received <= 4, `${server.stats().received} asked`);
			server.settings = { ...server.settings, always: null };
			assert.deepEqual(kinds(await done), { answered: 40 });
			const gap = Math.max(...server.arrivals.map((at, index) => at - (server.arrivals[index - 1] ?? at)));
			assert.ok(gap >= 900, `gap ${gap}`);
			assert.ok(paused.includes(1), 'the pause is told');
		},
	);
});

test('an excessive Retry-After is capped with a warning', async () => {
	await withServer(
		{ always: { status: 429, error: { message: 'come back tomorrow' }, headers: { 'retry-after': '86400' } } },
		async ({ server, teacher, lines }) => {
			const done = collect(teacher({ longestPauseMs: 1000 }), [diagnoseCall(1)], parse);
			while (server.stats().received === 0) {
				await new Promise((resolve) => setTimeout(resolve, 5));
			}
			server.settings = { ...server.settings, always: null };
			assert.deepEqual(kinds(await done), { answered: 1 });
			assert.ok(
				lines.some((line) => /it asks for 1440 min/.test(line)),
				lines.join('\n'),
			);
		},
	);
});

test('a server limited to 50 requests a second is not flooded, and all calls are answered', async () => {
	await withServer({ requestsPerSecond: 50, retryAfter: 0.2 }, async ({ server, teacher }) => {
		const outcomes = await collect(
			teacher(),
			range(150).map((n) => diagnoseCall(n)),
			parse,
		);
		assert.deepEqual(kinds(outcomes), { answered: 150 });
		assert.ok((server.stats().counts['overRate'] ?? 0) < 300, JSON.stringify(server.stats().counts));
	});
});

test('replies are on disk before their outcome is yielded, and a restart repeats no call', async () => {
	await withServer({}, async ({ server, teacher, log }) => {
		log.putDelay = 5;
		for await (const outcome of teacher().ask(
			range(30).map((n) => diagnoseCall(n)),
			parse,
			{ signal: new AbortController().signal },
		)) {
			assert.ok('reply' in outcome && log.replies.has(outcome.reply.key));
		}
		const before = server.stats().received;
		const again = await collect(
			teacher(),
			range(30).map((n) => diagnoseCall(n)),
			parse,
		);
		assert.deepEqual(kinds(again), { cached: 30 });
		// The call is not repeated, even for a different parser.
		assert.deepEqual(kinds(await collect(teacher(), [diagnoseCall(3)], (text) => text.length)), { cached: 1 });
		assert.equal(server.stats().received, before);
	});
});

test('samples of one question are separate calls, and two equal calls in flight are sent once', async () => {
	await withServer({ latency: 30 }, async ({ server, teacher }) => {
		const outcomes = await collect(
			teacher(),
			[0, 1, 2, 0, 0].map((sample) => diagnoseCall(1, sample)),
			parse,
		);
		assert.equal(outcomes.length, 5);
		assert.equal(server.stats().good, 3);
		assert.equal(new Set(outcomes.map((outcome) => ('reply' in outcome ? outcome.reply.key : ''))).size, 3);
	});
});

test('a malformed reply is retried, then set aside with its text', async () => {
	await withServer({ says: 'no tags here' }, async ({ server, teacher }) => {
		const outcomes = await collect(teacher(), [diagnoseCall(1)], parse);
		const [outcome] = outcomes;
		assert.ok(outcome && 'failure' in outcome);
		assert.equal(outcome.failure.kind, 'malformed');
		assert.equal(outcome.failure.text, 'no tags here');
		assert.match(outcome.failure.message, /malformed 3 times: no <judge>/);
		assert.equal(server.stats().good, 3);
		// Those three were paid for: a second run reads them from the cache and sends nothing.
		await collect(teacher(), [diagnoseCall(1)], parse);
		assert.equal(server.stats().good, 3);
	});
});

test('a reply cut off by the token limit is retried with a higher limit', async () => {
	await withServer({}, async ({ server, teacher }) => {
		const call = { ...diagnoseCall(1), sampling: { maxTokens: 40 } };
		const outcomes = await collect(teacher(), [call], parse);
		assert.deepEqual(kinds(outcomes), { answered: 1 });
		assert.deepEqual(
			server.bodies.map((body) => body['max_tokens']),
			[40, 80],
		);
	});
});

test('a budget in dollars is never exceeded, however many calls are in flight', async () => {
	await withServer({ latency: 10, spread: 1 }, async ({ server, teacher }) => {
		for (const budget of [0.0005, 0.05, 0.2]) {
			const before = server.stats().tokens;
			let last: Spent | undefined;
			const calls = range(300).map((n) => ({ ...diagnoseCall(n + budget), sampling: { maxTokens: 400 } }));
			const outcomes = await collect(teacher({ model: 'priced', concurrency: 64 }), calls, parse, {
				budget: new Budget({ usd: budget }),
				onProgress: (spent) => (last = spent),
			});
			const { tokens } = server.stats();
			const billed = (tokens.input - before.input) / 1e6 + ((tokens.output - before.output) * 10) / 1e6;
			assert.ok(billed <= budget, `billed ${billed} of ${budget}`);
			assert.ok(Math.abs(billed - (last?.cost ?? -1)) < 1e-9);
			assert.equal(outcomes.length, 300);
			const { answered = 0, budget: held = 0 } = kinds(outcomes);
			assert.equal(answered + held, 300);
			assert.ok(held > 0);
			if (budget >= 0.05) {
				// The budget is used up: the remainder does not cover the maximum cost of one more call.
				assert.ok(budget - billed < 0.006, `only ${billed} of ${budget}`);
			}
		}
	});
});

test('without a price, the budget counts calls, and cached replies are free', async () => {
	await withServer({ latency: 5 }, async ({ server, teacher }) => {
		await collect(
			teacher(),
			range(5).map((n) => diagnoseCall(n)),
			parse,
		);
		const outcomes = await collect(
			teacher({ concurrency: 16 }),
			range(30).map((n) => diagnoseCall(n)),
			parse,
			{ budget: new Budget({ usd: 10 }) },
		);
		assert.deepEqual(kinds(outcomes), { cached: 5, answered: 10, budget: 15 });
		assert.equal(server.stats().received, 15);
	});
});

test('hidden reasoning tokens are counted as paid', async () => {
	await withServer({ reasoningTokens: 1000 }, async ({ teacher, log }) => {
		await collect(teacher({ model: 'priced' }), [{ ...diagnoseCall(1), sampling: {} }], parse);
		const [reply] = log.puts;
		assert.equal(reply?.usage?.reasoning, 1000);
		assert.ok((reply?.cost ?? 0) > 0.01);
	});
});

test('cancelling ends the run within a second and marks the remaining calls as cancelled', async () => {
	await withServer({ latency: 60_000 }, async ({ teacher }) => {
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 100);
		const began = performance.now();
		const outcomes = await collect(
			teacher(),
			range(200).map((n) => diagnoseCall(n)),
			parse,
			{ signal: controller.signal },
		);
		assert.ok(performance.now() - began < 1100);
		assert.deepEqual(kinds(outcomes), { cancelled: 200 });
	});
});

test('cancelling also ends a rate-limit pause, a back-off and an endless source', async () => {
	await withServer(
		{ always: { status: 429, error: {}, headers: { 'retry-after': '60' } } },
		async ({ server, teacher }) => {
			function* endless() {
				for (let n = 0; ; n++) {
					yield diagnoseCall(n);
				}
			}
			async function* stuck() {
				yield diagnoseCall(0);
				await new Promise(() => undefined);
			}
			for (const calls of [range(50).map((n) => diagnoseCall(n)), endless(), stuck()]) {
				const controller = new AbortController();
				setTimeout(() => controller.abort(), 100);
				const began = performance.now();
				const outcomes = await collect(teacher(), calls, parse, { signal: controller.signal });
				assert.ok(performance.now() - began < 20_000, 'the minute it was told to wait is not waited out');
				assert.deepEqual(Object.keys(kinds(outcomes)), ['cancelled']);
			}
			assert.ok(server.stats().received > 0);
		},
	);
});

test('a consumer that stops reading stops the calls', async () => {
	await withServer({ latency: 20 }, async ({ server, teacher }) => {
		for await (const outcome of teacher({ concurrency: 4 }).ask(
			range(500).map((n) => diagnoseCall(n)),
			parse,
			{ signal: new AbortController().signal },
		)) {
			assert.ok('reply' in outcome);
			break;
		}
		const { received } = server.stats();
		await new Promise((resolve) => setTimeout(resolve, 80));
		assert.equal(server.stats().received, received);
	});
});

test('a permanent failure stops the run with a one-line error', async () => {
	const key = 'sk-very-secret-0123456789';
	const cases: [Partial<StandInSettings>, Partial<OpenAiTeacherOptions>, RegExp, number][] = [
		[{ key: 'other' }, { apiKey: key }, /^http:\/\/127\.0\.0\.1:\d+: the key was refused/, 20],
		[{ key: 'other' }, {}, /a key is required/, 20],
		[{}, { model: 'gpt-9' }, /there is no model “gpt-9”/, 20],
		[
			{
				always: {
					status: 429,
					error: { message: 'You exceeded your current quota', code: 'insufficient_quota' },
				},
			},
			{},
			/credit is used up/,
			20,
		],
		[{ always: { status: 403, error: { message: 'no' } } }, {}, /access was refused/, 20],
		[
			{ always: { status: 400, error: { message: 'functions are not enabled' } } },
			{},
			/first 10 calls were all refused; .*functions are not enabled/,
			40,
		],
	];
	for (const [settings, options, expected, most] of cases) {
		await withServer({ ...settings, latency: 5 }, async ({ server, teacher, lines }) => {
			await assert.rejects(
				collect(
					teacher(options),
					range(500).map((n) => diagnoseCall(n)),
					parse,
				),
				(error: Error) => {
					assert.ok(error instanceof StatError);
					assert.match(error.message, expected);
					assert.equal(
						`${error.message}${error.stack ?? ''}${JSON.stringify(error.cause ?? '')}${lines.join('')}`.includes(
							key,
						),
						false,
						'the key is told',
					);
					return true;
				},
			);
			assert.ok(server.stats().received <= most, `${server.stats().received} useless calls`);
		});
	}
});

test('a missing endpoint fails soon, and if an endpoint goes down, the replies already received are kept', async () => {
	const server = await startStandInTeacher();
	await server.close();
	const teacher = createOpenAiTeacher({
		baseUrl: server.url,
		model: 'stand-in',
		replies: new MemoryReplyLog(),
		models: prices,
		backoffMs: 5,
	});
	await assert.rejects(
		collect(
			teacher,
			range(500).map((n) => diagnoseCall(n)),
			parse,
		),
		/no connection \(ECONNREFUSED\).*check that the endpoint is running/,
	);
});

test('a wrong scheme, and a port that fetch refuses, fail at once', async () => {
	await withServer({}, async ({ server, teacher }) => {
		await assert.rejects(
			collect(teacher({ baseUrl: server.url.replace('http:', 'https:') }), [diagnoseCall(1)], parse),
			/does not speak TLS \(.*http:\/\/ or https:\/\//,
		);
		await assert.rejects(
			collect(teacher({ baseUrl: 'http://127.0.0.1:1/v1', byFetch: true }), [diagnoseCall(1)], parse),
			/check the port/,
		);
	});
});

test('a server that does not answer yet is retried with a single notice', async () => {
	await withServer({ always: { status: 500, error: { message: 'still loading' } } }, async ({ teacher, lines }) => {
		await assert.rejects(
			collect(
				teacher(),
				range(5).map((n) => diagnoseCall(n)),
				parse,
			),
			/no answer/,
		);
		assert.equal(lines.filter((line) => /no answer so far .*still loading.*trying on/.test(line)).length, 1);
	});
});

test('a 400 response for one question fails only that question', async () => {
	await withServer({}, async ({ server, teacher }) => {
		await collect(teacher(), [diagnoseCall(99)], parse);
		server.settings = { ...server.settings, always: { status: 413, error: { message: 'too long' } } };
		const outcomes = await collect(teacher(), [diagnoseCall(99), diagnoseCall(1)], parse);
		assert.deepEqual(kinds(outcomes), { cached: 1, refused: 1 });
	});
});

test('a refusal and a content filter are not retried', async () => {
	await withServer({ refusals: 1 }, async ({ server, teacher }) => {
		const { messages, version, sampling } = prompts.render('propose', {
			subject: 'algebra',
			skill: 'solving_equations',
			references: '[1] What is 2+2?',
			hint: 'none',
		});
		const outcomes = await collect(
			teacher(),
			[
				{
					task: 'propose',
					about: 'q/algebra/solving_equations/0',
					messages,
					sampling,
					sample: 0,
					promptVersion: version,
				},
			],
			(text) => replyParsers.parseProposal(text),
		);
		assert.deepEqual(kinds(outcomes), { refused: 1 });
		assert.equal(server.stats().received, 1);
	});
});

test('a model that rejects temperature and max_tokens works, with one notice for each and the same reply key', async () => {
	await withServer({ rejects: ['temperature', 'max_tokens'] }, async ({ server, teacher, log, lines }) => {
		assert.deepEqual(
			kinds(
				await collect(
					teacher(),
					range(30).map((n) => diagnoseCall(n)),
					parse,
				),
			),
			{ answered: 30 },
		);
		assert.equal(lines.filter((line) => /no temperature/.test(line)).length, 1);
		assert.equal(lines.filter((line) => /max_completion_tokens/.test(line)).length, 1);
		const last = server.bodies.at(-1) ?? {};
		assert.deepEqual(
			[last['temperature'], last['max_tokens'], last['max_completion_tokens']],
			[undefined, undefined, 2000],
		);
		assert.deepEqual(log.puts[0]?.sampling, diagnoseCall(0).sampling);
		server.settings = { ...server.settings, rejects: [] };
		assert.deepEqual(
			kinds(
				await collect(
					teacher(),
					range(30).map((n) => diagnoseCall(n)),
					parse,
				),
			),
			{ cached: 30 },
		);
	});
});

test('estimates leave out calls with stored replies and state the cost', async () => {
	await withServer({}, async ({ teacher }) => {
		await collect(
			teacher({ model: 'priced' }),
			range(5).map((n) => diagnoseCall(n)),
			parse,
		);
		const estimate = await teacher({ model: 'priced' }).estimate(
			range(20).map((n) => diagnoseCall(n)),
			100,
		);
		assert.deepEqual([estimate.calls, estimate.cached, estimate.tokens.output], [15, 5, 1500]);
		assert.ok((estimate.cost ?? 0) > 0.015);
		const unknown = await teacher().estimate([diagnoseCall(1)], 100);
		assert.equal(unknown.cost, null);
	});
});

test('an error thrown by the caller and a store that cannot write stop the run with that error', async () => {
	await withServer({}, async ({ teacher, log }) => {
		function* broken() {
			yield diagnoseCall(1);
			throw new Error('the source broke');
		}
		await assert.rejects(collect(teacher(), broken(), parse), /the source broke/);
		await assert.rejects(
			collect(teacher(), [diagnoseCall(2)], () => {
				throw new Error('a bug in the parser');
			}),
			/a bug in the parser/,
		);
		log.put = async () => {
			throw new StatError('store.cannotWrite', { reason: 'the disk is full' });
		};
		await assert.rejects(
			collect(
				teacher(),
				range(50).map((n) => diagnoseCall(n + 100)),
				parse,
			),
			/the disk is full/,
		);
	});
});

test('hostile text in a question is sent and stored unchanged', async () => {
	await withServer({}, async ({ teacher, log }) => {
		const texts = ['\ud800 alone', 'nul \0 here', 'x'.repeat(1_000_000), '\u2028'];
		const calls = texts.map((content, n): TeacherCall => ({
			task: 'solve' as TeacherTask,
			about: `q${n}`,
			messages: [{ role: 'user', content }],
			sampling: {},
			sample: 0,
			promptVersion: 'solve@1',
		}));
		assert.deepEqual(kinds(await collect(teacher(), calls, (text) => replyParsers.parseSolution(text))), {
			answered: 4,
		});
		assert.equal(log.puts.length, 4);
	});
	await withServer(
		{ says: `<judge>incorrect</judge><reason>${'y'.repeat(1_000_000)}</reason><skill>solving equations</skill>` },
		async ({ teacher }) => {
			assert.deepEqual(kinds(await collect(teacher(), [{ ...diagnoseCall(1), sampling: {} }], parse)), {
				answered: 1,
			});
		},
	);
});

test('models are listed, and a missing key or endpoint is reported', async () => {
	await withServer({}, async ({ teacher, server }) => {
		assert.deepEqual(await teacher().models(new AbortController().signal), ['priced', 'stand-in']);
		server.settings = { ...server.settings, key: 'wanted' };
		await assert.rejects(teacher().models(new AbortController().signal), {
			name: 'StatError',
			message: /a key is required \(status 401/,
		});
		await server.close();
		await assert.rejects(teacher().models(new AbortController().signal), {
			name: 'StatError',
			message: /no connection|the connection broke/,
		});
	});
});

const made = path.join(sharedData, 'student-answers/made_1000.jsonl');
test('the stand-in teacher finds the failing skill from the steps', { skip: withoutSharedData }, async () => {
	const truth = JSON.parse(readFileSync(made.replace('.jsonl', '.truth.json'), 'utf8')) as {
		weak: [string, string][];
	};
	const weak = new Set(truth.weak.map(([, name]) => name));
	const rows = readFileSync(made, 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as { question: string; type: string; code: string[]; score: boolean[] });
	const listed = truth.weak.map(([subject, name]) => ({ subject, name })).concat(skills);
	const calls = rows.flatMap((row, index): TeacherCall[] => {
		const wrong = row.code.findIndex(
			(text, at) =>
				row.score[at] === false &&
				truth.weak.some(([, name]) => text.includes(`we apply ${name.replaceAll('_', ' ')},`)),
		);
		if (wrong < 0) {
			return [];
		}
		const text = row.code[wrong] ?? '';
		const { messages, version, sampling } = prompts.render('diagnose', {
			subject: row.type,
			skills: skillLines(listed),
			question: row.question,
			steps: stepLines(
				text,
				[...text.matchAll(/[^\n]+/g)].map((match) => [match.index, match.index + match[0].length] as const),
			),
			finalAnswer: '0',
		});
		return [{ task: 'diagnose', about: String(index), messages, sampling, sample: 0, promptVersion: version }];
	});
	assert.ok(calls.length > 20, String(calls.length));
	await withServer({ extraSkills: [0, 0] }, async ({ teacher }) => {
		for (const outcome of await collect(teacher(), calls, (reply) => replyParsers.parseDiagnosis(reply, listed))) {
			assert.ok('value' in outcome);
			assert.equal(outcome.value.skills.length, 1);
			assert.ok(weak.has(outcome.value.skills[0]?.name ?? ''), outcome.value.skills[0]?.name);
			const step = outcome.value.firstWrongStep ?? -1;
			const shown = outcome.call.messages.at(-1)?.content ?? '';
			assert.match(shown.split(`[${step + 1}] `)[1]?.split('\n')[0] ?? '', /does not follow/);
		}
	});
});
