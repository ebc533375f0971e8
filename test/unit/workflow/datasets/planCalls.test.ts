import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { createPrompts } from '../../../../src/teacher/prompts.ts';
import { makeCall, planCalls } from '../../../../src/workflow/asking/askTeacher.ts';

const estimate = {
	async estimate(requests: Iterable<unknown> | AsyncIterable<unknown>) {
		const calls = [];
		for await (const call of requests) {
			calls.push(call);
		}
		return { calls: calls.length, cached: 0, tokens: { input: 1, output: 1 }, cost: null };
	},
};

test('a plan names the prompts that the project has changed', async () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'plan-'));
	const prompts = createPrompts({ folder: 'src/teacher/prompts', userFolder: folder });
	const calls = () =>
		['q1', 'q2'].map((about) => makeCall({ prompts }, 'judge', about, { question: 'q', answer: 'a' }));
	const notes = async () => (await planCalls(estimate, calls(), 100, ['first'])).notes;
	assert.deepEqual(await notes(), ['first']);
	assert.equal((await planCalls(estimate, calls(), 100)).rows, 2);

	cpSync('src/teacher/prompts/judge.md', path.join(folder, 'judge.md'));
	assert.deepEqual(await notes(), ['first'], 'a copy that says the same is no change');

	writeFileSync(
		path.join(folder, 'judge.md'),
		readFileSync('src/teacher/prompts/judge.md', 'utf8').replace('You check', 'Praise'),
	);
	const changed = await notes();
	assert.equal(changed.length, 2, 'once, however many calls');
	assert.match(changed[1] ?? '', /\.stat\/prompts\/judge\.md/);
	rmSync(folder, { recursive: true });
});
