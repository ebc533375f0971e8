import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../../fixtures/builtCli.ts';

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

test('a folder of lm-evaluation-harness logs names its student, and its verdicts are compared with ours', async () => {
	const result = await imported([path.join(logs, 'lm-eval/acme__student-1b')]);
	assert.equal(result.student, 'acme/student-1b');
	// gsm8k_local and gsm8k_many have the same questions: the first task's answers are stored, and the second's are
	// conflicts.
	assert.equal(result.skipped, 2, 'the two documents of the likelihood task');
	assert.ok(result.disagreeing > 0, 'strict-match calls boxed answers wrong that are right');
	assert.ok(result.correct > 0 && result.correct <= result.graded);
});

test('every document of an lm-evaluation-harness log is graded, and no more are wrong than the log reports', async () => {
	const folder = path.join(logs, 'lm-eval/acme__student-1b');
	const file = gsm8kLog(folder);
	const result = await imported([file]);
	assert.deepEqual([result.answers, result.questions, result.graded], [12, 12, 12]);
	// According to its script, three answers in four are right; the strict filter of the log reads only one style of
	// three.
	assert.equal(result.correct, 9);
	assert.deepEqual(result.reported, [{ metric: 'exact_match,strict-match', value: 0.25 }]);
	assert.equal(result.disagreeing, 9 - 3);
});

function gsm8kLog(folder: string): string {
	return path.join(folder, fs.readdirSync(folder).find((name) => name.startsWith('samples_gsm8k_local')) ?? '');
}

async function must(folder: string, args: readonly string[]): Promise<Record<string, unknown>> {
	const ran = await runCli([...args, '--json'], folder);
	assert.equal(ran.code, 0, ran.stderr);
	return ran.json();
}

const splits = async (folder: string) => (await must(folder, ['status']))['questions'];

test('a log of an added benchmark sends its unknown questions to the test split and leaves known ones in their split', async () => {
	const log = gsm8kLog(path.join(logs, 'lm-eval/acme__student-1b'));
	const rows = fs
		.readFileSync(log, 'utf8')
		.split('\n')
		.filter((line) => line !== '')
		.map((line) => (JSON.parse(line) as { doc: { question: string; answer: string } }).doc);
	const questions = [...new Map(rows.map((row) => [row.question, row])).values()];
	assert.equal(questions.length, 12);
	const folder = newFolder();
	await must(folder, ['init']);
	fs.writeFileSync(
		path.join(folder, 'gsm8k.jsonl'),
		questions
			.slice(0, 8)
			.map((row) => `${JSON.stringify(row)}\n`)
			.join(''),
	);
	const added = await must(folder, ['benchmarks', 'add', 'GSM8K', 'gsm8k.jsonl', '--validation', '3']);
	assert.deepEqual([added['validation'], added['test']], [3, 5]);
	const result = await must(folder, ['import', 'answers', log]);
	assert.deepEqual(
		[result['answers'], result['questions'], result['test'], result['graded'], result['correct']],
		[12, 4, 4, 12, 9],
	);
	assert.match(
		String(result['note']),
		/^4 questions new to the project joined test, where GSM8K is reported on: the student is not profiled on them/,
	);
	assert.deepEqual(await splits(folder), { train: 0, validation: 3, test: 9 });
	await must(folder, ['classify', '--student', 'acme/student-1b']);
	assert.ok(((await must(folder, ['profile']))['difficult'] as number) <= 3, 'of the validation part alone');
	// The same log is imported again, and for the next round: no question changes its split, and there is no note.
	for (const round of ['1', '2']) {
		const again = await must(folder, ['import', 'answers', log, '--round', round]);
		assert.deepEqual([again['questions'], again['note']], [0, undefined]);
	}
	assert.deepEqual(await splits(folder), { train: 0, validation: 3, test: 9 });
});

test('logs of benchmarks that were not added join the validation split unless --split names another', async () => {
	const folder = newFolder();
	await must(folder, ['init']);
	const gsm8k = await must(folder, ['import', 'answers', gsm8kLog(path.join(logs, 'lm-eval/acme__student-1b'))]);
	assert.deepEqual([gsm8k['questions'], gsm8k['test']], [12, 0]);
	assert.match(String(gsm8k['note']), /joined validation/);
	const told = await must(folder, [
		'import',
		'answers',
		path.join(logs, 'inspect/choices.eval'),
		'--student',
		'acme/student-1b',
		'--split',
		'test',
	]);
	const choices = told['questions'] as number;
	assert.ok(choices > 0);
	assert.equal(told['test'], choices);
	assert.deepEqual(await splits(folder), { train: 0, validation: 12, test: choices });
});

test('Parquet answers for a benchmark whose questions are all in the validation split join that split', async () => {
	const folder = newFolder();
	await must(folder, ['init']);
	fs.writeFileSync(path.join(folder, 'own.jsonl'), `${JSON.stringify({ question: 'Mine?', answer: '1' })}\n`);
	await must(folder, ['benchmarks', 'add', 'own', 'own.jsonl', '--validation', '100']);
	const result = await must(folder, [
		'import',
		'answers',
		path.resolve('test/fixtures/tables/answers.zstd.parquet'),
		'--student',
		's',
		'--benchmark',
		'own',
	]);
	assert.ok((result['questions'] as number) > 0);
	assert.equal(result['test'], 0);
});

test('each epoch of an Inspect log is a sample, and our accuracy equals the reported one', async () => {
	for (const file of ['math.eval', 'math.json']) {
		const result = await imported([path.join(logs, 'inspect', file)]);
		assert.deepEqual(
			[result.student, result.answers, result.questions, result.graded, result.correct, result.disagreeing],
			['mockllm/student', 15, 5, 15, 12, 0],
		);
		assert.ok(Math.abs((result.reported[0]?.value ?? 0) - 12 / 15) < 1e-9);
	}
});

test('answers that a log marks as cut off are graded by what they had stated so far, and failed requests are not answers', async () => {
	const folder = newFolder();
	const rows = [
		{ question: 'What is 3 times 4?', gold: '12', responses: ['Three rows make 12', 'It is \\boxed{12}. So'] },
		{ question: 'What is 5 times 4?', gold: '20', responses: ['Five rows make 20', ''] },
	];
	const finishes = [
		['length', 'MAX_TOKENS'],
		['stop', 'error'],
	];
	fs.writeFileSync(
		path.join(folder, 'log.jsonl'),
		rows.map((row, index) => `${JSON.stringify({ ...row, finish_reasons: finishes[index] })}\n`).join(''),
	);
	await runCli(['init'], folder);
	const ran = await runCli(['import', 'answers', 'log.jsonl', '--student', 's', '--json'], folder);
	assert.equal(ran.code, 0, ran.stderr);
	const { answers, correct, unsure, cut, skipped } = ran.json();
	assert.deepEqual([answers, correct, unsure, cut, skipped], [3, 2, 1, 2, 1]);
	assert.match(ran.stderr, /2 answers were cut off by their token limit/);
});
