import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TeacherCall, TeacherReply } from '../../../../src/core/ports/teacher.ts';
import type { Tier } from '../../../../src/core/ports/tier.ts';
import { Pace } from '../../../../src/teacher/ask/pace.ts';
import { loadModelTable, modelTable } from '../../../../src/teacher/wire/modelTable.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import { startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

const call: TeacherCall = {
	task: 'solve',
	about: 'q',
	messages: [{ role: 'user', content: 'What is 2 + 3?' }],
	sampling: { maxTokens: 300 },
	sample: 0,
	promptVersion: 'solve@1',
};
const models = modelTable([[{ match: 'stand-in', input: 100, output: 1000, tiers: { flex: 0.5, priority: 2 } }]]);

/** Returns the reply to a request of `tier` that is answered by `answers`. */
async function replyTo(tier: Exclude<Tier, 'batch'> | undefined, answers: unknown): Promise<TeacherReply> {
	const server = await startStandInTeacher({
		body: () =>
			JSON.stringify({
				choices: [{ message: { content: '5' }, finish_reason: 'stop' }],
				usage: { prompt_tokens: 100, completion_tokens: 10 },
				service_tier: answers,
			}),
	});
	try {
		const replies = new MemoryReplyLog();
		const teacher = createOpenAiTeacher({ baseUrl: server.url, model: 'stand-in', replies, models, tier });
		for await (const outcome of teacher.ask([call], (text) => text, { signal: new AbortController().signal })) {
			assert.ok('reply' in outcome);
			assert.equal(server.bodies[0]?.['service_tier'], tier);
			return outcome.reply;
		}
		throw new Error('no outcome');
	} finally {
		await server.close();
	}
}

test('a reply is priced by the tier that answered, and a cheaper one than requested is not believed', async () => {
	const full = (100 * 100 + 10 * 1000) / 1e6;
	const cases: readonly (readonly [Exclude<Tier, 'batch'> | undefined, unknown, Tier | undefined, number])[] = [
		[undefined, undefined, undefined, full],
		['flex', 'flex', 'flex', full / 2],
		['flex', undefined, 'flex', full / 2],
		['flex', 'default', undefined, full],
		['default', 'priority', 'priority', full * 2],
		['priority', 'priority', 'priority', full * 2],
		['priority', 'flex', 'flex', full * 2],
		[undefined, 'flex', 'flex', full],
		[undefined, { tier: 'flex' }, undefined, full],
	];
	for (const [tier, answers, recorded, cost] of cases) {
		const reply = await replyTo(tier, answers);
		assert.equal(reply.tier, recorded, `${tier} ${String(answers)}`);
		assert.ok(Math.abs((reply.cost ?? NaN) - cost) < 1e-12, `${tier} ${String(answers)}: ${reply.cost}`);
	}
});

test('where a tier has no capacity, requests wait longer than for a rate limit, and are then answered', async () => {
	const server = await startStandInTeacher({
		says: '5',
		always: {
			status: 429,
			error: { message: 'The flex tier has no capacity.', code: 'resource_unavailable', type: 'server_error' },
		},
	});
	const lines: string[] = [];
	try {
		const teacher = createOpenAiTeacher({
			baseUrl: server.url,
			model: 'stand-in',
			replies: new MemoryReplyLog(),
			models,
			tier: 'flex',
			backoffMs: 60,
			log: (_, line) => {
				lines.push(line);
				server.settings = { ...server.settings, always: null };
			},
		});
		for await (const outcome of teacher.ask([call], (text) => text, { signal: AbortSignal.timeout(30_000) })) {
			assert.ok('reply' in outcome);
		}
		assert.ok(
			lines.some((line) => line.startsWith('no capacity: all calls wait')),
			lines.join('\n'),
		);
	} finally {
		await server.close();
	}
	const pauses = [true, false].map((noCapacity) => {
		const pace = new Pace({ ceiling: 10, log: () => undefined, now: () => 0, random: () => 0.5 });
		pace.limited(undefined, noCapacity);
		return pace.pause;
	});
	assert.deepEqual(pauses, [10_000, 1000]);
});

test('the built-in prices of batches and flex are half the price', () => {
	const table = loadModelTable({ folder: 'src/teacher/data', userFile: null });
	assert.deepEqual(table.find('gpt-5-mini').tiers, { batch: 0.5, flex: 0.5 });
	assert.equal(table.find('a model of nobody').tiers, undefined);
});
