import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';

const logs = path.resolve('test/fixtures/logs');

interface Imported {
	readonly student: string;
	readonly answers: number;
	readonly questions: number;
	readonly graded: number;
	readonly correct: number;
	readonly disagreeing: number;
	readonly skipped: number;
	readonly reported: readonly { readonly metric: string; readonly value: number }[];
}

async function imported(args: readonly string[]): Promise<Imported> {
	const folder = newFolder();
	await runCli(['init'], folder);
	const ran = await runCli(['import', 'answers', ...args, '--json'], folder);
	assert.equal(ran.code, 0, ran.stderr);
	return ran.json() as unknown as Imported;
}

test('a folder of lm-evaluation-harness comes in by itself: who answered what, their verdicts beside ours', async () => {
	const result = await imported([path.join(logs, 'lm-eval/acme__student-1b')]);
	assert.equal(result.student, 'acme/student-1b');
	// gsm8k_local and gsm8k_many hold the same questions: the first task's answers stand, the second's are other answers to them.
	assert.equal(result.skipped, 2, 'the two documents of the likelihood task');
	assert.ok(result.disagreeing > 0, 'strict-match calls boxed answers wrong that are right');
	assert.ok(result.correct > 0 && result.correct <= result.graded);
});

test('one log of lm-evaluation-harness: all documents graded, right ones at least those it found', async () => {
	const folder = path.join(logs, 'lm-eval/acme__student-1b');
	const { readdirSync } = await import('node:fs');
	const file = path.join(folder, readdirSync(folder).find((name) => name.startsWith('samples_gsm8k_local')) ?? '');
	const result = await imported([file]);
	assert.deepEqual([result.answers, result.questions, result.graded], [12, 12, 12]);
	// By its script three answers in four are right; its strict filter reads one style of three.
	assert.equal(result.correct, 9);
	assert.deepEqual(result.reported, [{ metric: 'exact_match,strict-match', value: 0.25 }]);
	assert.equal(result.disagreeing, 9 - 3);
});

test('an Inspect log: every epoch is a sample, its accuracy is ours', async () => {
	for (const file of ['math.eval', 'math.json']) {
		const result = await imported([path.join(logs, 'inspect', file)]);
		assert.deepEqual([result.student, result.answers, result.questions, result.graded, result.correct, result.disagreeing], ['mockllm/student', 15, 5, 15, 12, 0]);
		assert.ok(Math.abs((result.reported[0]?.value ?? 0) - 12 / 15) < 1e-9);
	}
});
