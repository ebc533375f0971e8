import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Budget } from '../../../../src/core/ports/budget.ts';
import type { TeacherCall } from '../../../../src/core/ports/teacher.ts';
import { requestKey } from '../../../../src/teacher/ask/requestKey.ts';
import { loadModelTable, modelTable } from '../../../../src/teacher/wire/modelTable.ts';
import { createOpenAiTeacher } from '../../../../src/teacher/wire/openAiTeacher.ts';
import type { RequestFields } from '../../../../src/teacher/wire/requestFields.ts';
import { startStandInTeacher } from '../../../fixtures/standInTeacher.ts';
import { MemoryReplyLog } from '../../../fixtures/teacherReplyLog.ts';

const call: TeacherCall = {
	task: 'solve',
	about: 'q',
	messages: [{ role: 'user', content: 'What is 2 + 3?' }],
	sampling: { temperature: 0.2, maxTokens: 300 },
	sample: 0,
	promptVersion: 'solve@1',
};

test('fields set by the user are sent and file the reply anew, unless they do not change it; without any, keys stay', async () => {
	const server = await startStandInTeacher({ says: '5' });
	const log = new MemoryReplyLog();
	const ask = async (fields?: RequestFields): Promise<{ key: string; cached: boolean }> => {
		const teacher = createOpenAiTeacher({
			baseUrl: server.url,
			model: 'stand-in',
			replies: log,
			models: modelTable([]),
			fields,
		});
		for await (const outcome of teacher.ask([call], (text) => text, { signal: new AbortController().signal })) {
			if ('reply' in outcome) {
				return { key: outcome.reply.key, cached: outcome.cached };
			}
		}
		throw new Error('no reply');
	};
	try {
		const plain = await ask();
		// The key of 0.1, by its own definition, so that replies paid for then are used again.
		assert.equal(plain.key, requestKey('stand-in', call, 0));
		const template = { chat_template_kwargs: { enable_thinking: false, a: [1, { c: 1, b: 2 }] } };
		const low = await ask({ reasoning_effort: 'low', ...template });
		assert.equal(low.cached, false);
		assert.notEqual(low.key, plain.key);
		const body = server.bodies.at(-1);
		assert.equal(body?.['reasoning_effort'], 'low');
		assert.deepEqual(body?.['chat_template_kwargs'], template.chat_template_kwargs);
		assert.equal(body?.['temperature'], 0.2);
		assert.notEqual((await ask({ reasoning_effort: 'high', ...template })).key, low.key);
		const sameInOtherOrder = { chat_template_kwargs: { a: [1, { b: 2, c: 1 }], enable_thinking: false } };
		assert.deepEqual(await ask({ ...sameInOtherOrder, reasoning_effort: 'low' }), { key: low.key, cached: true });
		assert.deepEqual(await ask({ service_tier: 'flex', user: 'me' }), { key: plain.key, cached: true });
		await assert.rejects(ask({ reasoning_effort: 'low', stream: true }), { code: 'teacher.fieldOwn' });
		await assert.rejects(ask({ 'a b': 1 }), { code: 'teacher.fieldName' });
		await assert.rejects(ask({ long: 'x'.repeat(30_000) }), { code: 'teacher.fieldsTooLong' });
	} finally {
		await server.close();
	}
});

test('a price in the table has a date and a source, and a model is found by its own name, dated or behind a vendor', () => {
	const table = loadModelTable({ folder: 'src/teacher/data', userFile: null });
	const { models } = JSON.parse(readFileSync('src/teacher/data/models.json', 'utf8')) as {
		models: { match: string | string[]; input?: number; output?: number; checked?: string; source?: string }[];
	};
	const priced = models.filter(({ input }) => input !== undefined);
	assert.ok(priced.length >= 30);
	for (const row of priced) {
		assert.ok(row.output !== undefined && row.checked && row.source, JSON.stringify(row.match));
	}
	const price = (model: string): (number | undefined)[] => {
		const { input, output } = table.find(model);
		return [input, output];
	};
	assert.deepEqual(price('openai/gpt-5-mini'), [0.25, 2]);
	assert.deepEqual(price('gpt-5.6-luna-2026-06-26'), [1, 6]);
	assert.deepEqual(price('anthropic/claude-opus-4.8'), price('claude-opus-4-8'));
	// A variant without a row of its own must not have the price of another model.
	assert.deepEqual(price('gpt-5-pro'), [undefined, undefined]);
	assert.equal(table.find('gpt-5-pro').reasoning, true);
	const own = modelTable([
		[{ match: ['mine', 'other*'], input: 3, output: 4 }],
		[{ match: '*', input: 1, output: 1 }],
	]);
	assert.deepEqual([own.find('otherwise').input, own.find('mine').input, own.find('third').input], [3, 3, 1]);
});

test('a cost that a gateway names is the cost of the reply, and never lengthens a budget', async () => {
	const completion = (usage: object): string =>
		JSON.stringify({
			choices: [{ message: { role: 'assistant', content: 'five '.repeat(50) }, finish_reason: 'stop' }],
			usage: { prompt_tokens: 20, completion_tokens: 60, total_tokens: 80, ...usage },
		});
	let usage: object = {};
	const server = await startStandInTeacher({ models: ['priced', 'unpriced'], body: () => completion(usage) });
	const models = modelTable([[{ match: 'priced', input: 1000, output: 1000 }]]);
	let sample = 0;
	const spend = async (model: string, calls: number, budget?: Budget) => {
		const teacher = createOpenAiTeacher({ baseUrl: server.url, model, replies: new MemoryReplyLog(), models });
		const costs: (number | null)[] = [];
		let total: number | null = null;
		const all = Array.from({ length: calls }, () => ({ ...call, sample: sample++ }));
		for await (const outcome of teacher.ask(all, (text) => text, {
			signal: new AbortController().signal,
			budget,
			onProgress: ({ cost }) => (total = cost),
		})) {
			if ('reply' in outcome) {
				costs.push(outcome.reply.cost);
			}
		}
		return { costs, total };
	};
	try {
		usage = { cost: 0.25 };
		assert.deepEqual(await spend('unpriced', 2), { costs: [0.25, 0.25], total: 0.5 });
		usage = { cost: 0.01, is_byok: true, cost_details: { upstream_inference_cost: 0.5 } };
		assert.deepEqual(await spend('priced', 1), { costs: [0.51], total: 0.51 });
		for (const wrong of [{}, { cost: -1 }, { cost: 'free' }, { cost: 1e9 }, { cost: null }]) {
			usage = wrong;
			assert.deepEqual(await spend('unpriced', 1), { costs: [null], total: null });
		}
		// 80 tokens at $1,000 a million are 8 cents: a gateway that says nothing was billed cannot buy more than three.
		usage = { cost: 0 };
		const { costs } = await spend('priced', 20, new Budget({ usd: 0.5 }));
		assert.ok(costs.length <= 6, `${costs.length} replies for 50 cents`);
		assert.deepEqual(new Set(costs), new Set([0]));
	} finally {
		await server.close();
	}
});
