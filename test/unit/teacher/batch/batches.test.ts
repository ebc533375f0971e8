import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Budget } from '../../../../src/core/ports/budget.ts';
import type { AskOptions, Outcome, Spent, TeacherCall } from '../../../../src/core/ports/teacher.ts';
import { requestKey } from '../../../../src/teacher/ask/requestKey.ts';
import { modelTable } from '../../../../src/teacher/wire/modelTable.ts';
import type { OpenAiTeacherOptions } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { newFolder } from '../../../fixtures/builtCli.ts';
import type { BatchSettings, StandInBatches } from '../../../fixtures/standInBatches.ts';
import { startStandInBatches } from '../../../fixtures/standInBatches.ts';
import type { StandInSettings, StandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

const models = modelTable([[{ match: 'priced', input: 100, output: 1000, tiers: { batch: 0.5 } }]]);
const calls = (count: number, from = 0): TeacherCall[] =>
	Array.from({ length: count }, (_, index) => ({
		task: 'solve',
		about: `q${from + index}`,
		messages: [{ role: 'user', content: `What is ${from + index} + 3?` }],
		sampling: { temperature: 0.2, maxTokens: 300 },
		sample: 0,
		promptVersion: 'solve@1',
	}));
const keyOf = (call: TeacherCall) => requestKey('stand-in', call, 0);
const sorted = (texts: readonly string[]) => [...texts].sort();

interface World {
	readonly teacher: StandInTeacher;
	readonly server: StandInBatches;
	readonly folder: string;
	readonly lines: string[];
	log: MemoryReplyLog;
	ask(over?: Partial<OpenAiTeacherOptions & { submits: boolean; requests: number }>): Asking;
}

interface Asking {
	run(calls: readonly TeacherCall[], options?: Partial<AskOptions>): Promise<Outcome<string>[]>;
	readonly spent: Spent[];
	stop(): Promise<void>;
}

async function inWorld(
	settings: { batch?: Partial<BatchSettings>; teacher?: Partial<StandInSettings> },
	body: (world: World) => Promise<void>,
): Promise<void> {
	const teacher = await startStandInTeacher({ models: ['stand-in', 'priced'], says: '5', ...settings.teacher });
	const server = await startStandInBatches(teacher, settings.batch);
	const stops: (() => Promise<void>)[] = [];
	const world: World = {
		teacher,
		server,
		folder: path.join(newFolder(), 'lock.batches'),
		lines: [],
		log: new MemoryReplyLog(),
		ask({ submits = true, requests, ...over } = {}) {
			const controller = new AbortController();
			const spent: Spent[] = [];
			const made = createOpenAiTeacher({
				baseUrl: server.url,
				model: 'stand-in',
				replies: world.log,
				models,
				backoffMs: 5,
				batches: {
					folder: world.folder,
					submits,
					requests,
					times: { gather: 60, poll: 10, settle: 300, backoff: 5 },
				},
				log: (_, line) => world.lines.push(line),
				...over,
			});
			const stop = async () => {
				controller.abort();
				await made.dispose();
			};
			stops.push(stop);
			return {
				spent,
				stop,
				async run(requested, options = {}) {
					const outcomes: Outcome<string>[] = [];
					for await (const outcome of made.ask(requested, (text) => text, {
						signal: controller.signal,
						onProgress: (now) => spent.push(now),
						...options,
					})) {
						outcomes.push(outcome);
					}
					return outcomes;
				},
			};
		},
	};
	try {
		await body(world);
	} finally {
		await Promise.all(stops.map((stop) => stop()));
		await server.close();
		await teacher.close();
		fs.rmSync(path.dirname(world.folder), { recursive: true, force: true });
	}
}

const answered = (outcomes: readonly Outcome<string>[]) =>
	sorted(outcomes.flatMap((outcome) => ('reply' in outcome ? [outcome.call.about] : [])));

test('requests share a batch, its replies are filed as direct ones are and cost what batches cost, and nothing remains', () =>
	inWorld(
		{ batch: { lines: (lines) => [...lines, '{"custom_id": "x"}', 'no JSON', ...lines.slice(0, 1)] } },
		async (world) => {
			const requested = calls(40);
			const asking = world.ask({ model: 'priced' });
			const outcomes = await asking.run(requested);
			assert.deepEqual(answered(outcomes), sorted(requested.map(({ about }) => about)));
			assert.equal(world.server.batches.length, 1);
			assert.equal(world.server.answered.length, 40);
			assert.deepEqual(
				sorted(world.log.puts.map(({ key }) => key)),
				sorted(requested.map((call) => requestKey('priced', call, 0))),
			);
			assert.equal(world.log.puts[0]?.tier, 'batch');
			const [put] = world.log.puts;
			assert.ok(put?.usage);
			assert.ok(Math.abs((put.cost ?? 0) - (put.usage.input * 50 + put.usage.output * 500) / 1e6) < 1e-9);
			assert.match(world.lines.join('\n'), /3 lines belong to no request/);
			assert.ok(asking.spent.some(({ batch }) => batch?.total === 40));
			await asking.stop();
			assert.equal(fs.existsSync(world.folder), false);
			const again = await world.ask({ model: 'priced', submits: false }).run(requested);
			assert.ok(again.every((outcome) => 'reply' in outcome && outcome.cached));
			assert.equal(world.server.batches.length, 1);
		},
	));

test('a batch costs half before it is sent, where the table says so', () =>
	inWorld({}, async (world) => {
		const { createOpenAiTeacher: create } = await import('../../../../src/teacher/wire/openAiTeacher.ts');
		const costOf = async (submits: boolean) => {
			const batches = { folder: world.folder, submits };
			const options = { baseUrl: world.server.url, model: 'priced', replies: world.log, models, batches };
			const { cost } = await create(options).estimate(calls(10), 100);
			return cost ?? NaN;
		};
		assert.ok((await costOf(false)) > 0);
		assert.equal(await costOf(true), (await costOf(false)) / 2);
	}));

test('what failed, is missing or expired is requested again, and only that', () =>
	inWorld(
		{
			batch: {
				errorOf: (request, batch) =>
					batch === 0 && request % 7 === 0 ? { status: 500, message: 'The server had an error' } : undefined,
				ends: { as: 'expired', after: 20 },
				lines: (lines) => (lines.length === 17 ? lines.slice(2) : lines),
			},
		},
		async (world) => {
			const requested = calls(30);
			assert.deepEqual(answered(await world.ask().run(requested)), sorted(requested.map(({ about }) => about)));
			// 20 were begun: 3 failed, 2 of the 17 replies are missing from the output.
			assert.equal(world.log.puts.length, 30);
			const lines = world.server.batches.map(
				({ input }) => (world.server.files.get(input) ?? '').split('\n').length - 1,
			);
			assert.deepEqual([lines[0], lines.slice(1).reduce((sum, count) => sum + count, 0)], [30, 15]);
			assert.match(world.lines.join('\n'), /ended as expired: 15 of 30 requests were answered/);
		},
	));

test('refused requests teach what the endpoint accepts, as direct ones do', () =>
	inWorld({ teacher: { rejects: ['temperature'] } }, async (world) => {
		const outcomes = await world.ask().run(calls(12));
		assert.equal(answered(outcomes).length, 12);
		assert.equal(world.server.batches.length, 2);
	}));

test('a batch that is refused, cancelled elsewhere or unknown to the endpoint ends the step with a reason', async () => {
	await inWorld(
		{ batch: { fails: { code: 'invalid_model', message: 'No batches with this model.' } } },
		async (world) => {
			await assert.rejects(world.ask().run(calls(3)), {
				code: 'teacher.batchFailed',
				message: /No batches with this model/,
			});
			assert.equal(fs.existsSync(world.folder), false);
		},
	);
	await inWorld({ batch: { step: 60, ends: { as: 'cancelled', after: 4 } } }, async (world) => {
		await assert.rejects(world.ask().run(calls(10)), { code: 'teacher.batchCancelled' });
		assert.equal(world.log.puts.length, 4);
		await world.ask().run(calls(10));
		assert.deepEqual([world.log.puts.length, world.server.answered.length], [10, 10]);
	});
	const direct = await startStandInTeacher({});
	await inWorld({}, async (world) => {
		await assert.rejects(world.ask({ baseUrl: direct.url }).run(calls(3)), { code: 'teacher.noBatches' });
		assert.equal(fs.existsSync(world.folder), false);
	});
	await direct.close();
});

test('a batch larger than the account allows is sent in smaller ones', () =>
	inWorld(
		{ batch: { fails: { code: 'token_limit_exceeded', message: 'Enqueued token limit reached' } } },
		async (world) => {
			const running = world.ask().run(calls(8));
			while (!world.lines.some((line) => line.includes('batch_0'))) {
				await sleep(5);
			}
			await sleep(40);
			world.server.settings = { ...world.server.settings, fails: null };
			assert.equal(answered(await running).length, 8);
			assert.ok(world.server.batches.length >= 3);
		},
	));

test('under a budget the first request is sent alone and directly, and the batch stays within the rest', () =>
	inWorld({ teacher: { says: 'word '.repeat(250) } }, async (world) => {
		const requested = calls(20);
		const cap = 0.8;
		const outcomes = await world.ask({ model: 'priced' }).run(requested, { budget: new Budget({ usd: cap }) });
		assert.equal(world.teacher.stats().good, world.log.puts.length);
		assert.ok(world.log.puts.length >= 2 && world.log.puts.length < 20);
		assert.deepEqual(world.log.puts.map(({ tier }) => tier ?? 'default').slice(0, 2), ['default', 'batch']);
		assert.ok(world.log.puts.reduce((sum, { cost }) => sum + (cost ?? 0), 0) <= cap);
		assert.ok(outcomes.some((outcome) => 'failure' in outcome && outcome.failure.kind === 'budget'));
	}));

/** Where a kill may meet a batch: the request that is under way. */
const stages = [
	'POST /v1/files',
	'POST /v1/batches',
	'GET /v1/batches/batch_0',
	'GET /v1/files/batch_0-output/content',
] as const;

for (const stage of stages) {
	test(`killed during ${stage}, a batch is continued and neither sent nor paid twice`, () =>
		inWorld({ batch: { holds: stage, listedAfter: 100 } }, async (world) => {
			const requested = calls(15);
			const arrival = world.server.arrival(stage);
			const first = world.ask();
			const killed = first.run(requested);
			await arrival;
			// What a kill leaves behind.
			const left = `${world.folder}.left`;
			fs.cpSync(world.folder, left, { recursive: true });
			await first.stop();
			await killed;
			fs.rmSync(world.folder, { recursive: true, force: true });
			fs.renameSync(left, world.folder);
			world.server.settings = { ...world.server.settings, holds: null };
			const second = world.ask();
			assert.equal(answered(await second.run(requested)).length, 15);
			assert.deepEqual(sorted(world.server.answered), sorted(requested.map(keyOf)));
			assert.equal(world.server.batches.length, 1);
			await second.stop();
			assert.equal(fs.existsSync(world.folder), false);
		}));
}

test('killed while its replies are stored, a batch gives the others to the next run, batch or not, without the endpoint', () =>
	inWorld({}, async (world) => {
		const requested = calls(15);
		class Broken extends MemoryReplyLog {
			override async put(...args: Parameters<MemoryReplyLog['put']>): Promise<void> {
				await (this.puts.length < 6 ? super.put(...args) : new Promise<never>(() => undefined));
			}
		}
		world.log = new Broken();
		const stored = world.log;
		void world
			.ask()
			.run(requested)
			.catch(() => undefined);
		while (stored.puts.length < 6) {
			await sleep(5);
		}
		world.log = new MemoryReplyLog();
		stored.replies.forEach((reply, key) => world.log.replies.set(key, reply));
		const requests = world.server.log.length;
		const second = world.ask({ submits: false });
		assert.equal(answered(await second.run(requested)).length, 15);
		assert.equal(world.log.puts.length, 9);
		assert.equal(world.server.answered.length, 15);
		assert.equal(world.server.log.length, requests);
		await second.stop();
		assert.equal(fs.existsSync(world.folder), false);
	}));

test('a created batch whose answer was lost is found and not created again', () =>
	inWorld({ batch: { cutsCreate: true, listedAfter: 100 } }, async (world) => {
		assert.equal(answered(await world.ask().run(calls(5))).length, 5);
		assert.equal(world.server.batches.length, 1);
		assert.match(world.lines.join('\n'), /batch batch_0 was sent to .* it is continued, not sent again/);
	}));

test('a run without batches waits for requests that are in one, sends the others at once, and counts both', () =>
	inWorld({ batch: { step: 150 } }, async (world) => {
		const first = world.ask();
		const running = first.run(calls(10));
		await world.server.arrival('GET /v1/batches/batch_0');
		await first.stop();
		assert.ok((await running).every((outcome) => 'failure' in outcome && outcome.failure.kind === 'cancelled'));
		assert.deepEqual(first.spent.at(-1)?.unsure, { calls: 0, usd: 0 });
		const second = world.ask({ submits: false, concurrency: 2 });
		const outcomes = await second.run(calls(20));
		const order = outcomes.map(({ call }) => Number(call.about.slice(1)));
		assert.ok(order.slice(0, 10).every((number) => number >= 10));
		assert.equal(second.spent.at(-1)?.calls, 20);
		assert.deepEqual([world.teacher.stats().good, world.server.answered.length], [20, 10]);
	}));

test('records of others, of another address, or that are no records are left alone', () =>
	inWorld({}, async (world) => {
		const [call] = calls(1);
		assert.ok(call);
		fs.mkdirSync(world.folder, { recursive: true });
		const write = (id: string, fields: object) =>
			fs.writeFileSync(
				path.join(world.folder, `${id}.json`),
				JSON.stringify({
					version: 1,
					id,
					endpoint: new URL(world.server.url).origin,
					model: 'stand-in',
					at: '2026-12-01T00:00:00Z',
					keys: [keyOf(call)],
					...fields,
				}),
			);
		write('a'.repeat(24), { endpoint: 'https://elsewhere.example', batch: 'batch_0' });
		write('b'.repeat(24), { batch: '../files/file-0/content?x=' });
		fs.mkdirSync(path.join(world.folder, `${'c'.repeat(24)}.json`));
		['.', '..', 'batch:1', 'batch.1'].forEach((id, index) => write(String(index).repeat(24), { batch: id }));
		const [outcome] = await world.ask().run([call]);
		assert.ok(outcome && 'reply' in outcome);
		assert.equal(world.server.batches.length, 1);
		assert.match(world.lines.join('\n'), /was sent to https:\/\/elsewhere\.example/);
	}));

test('a link in place of the folder of batches is refused, and nothing is written where it leads', () =>
	inWorld({}, async (world) => {
		const outside = newFolder();
		fs.symlinkSync(outside, world.folder);
		await assert.rejects(async () => world.ask().run(calls(1)), { code: 'store.link' });
		assert.deepEqual(fs.readdirSync(outside), []);
		assert.equal(world.server.batches.length, 0);
	}));

function sleep(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}
