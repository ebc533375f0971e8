import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';

const logs = path.resolve('test/fixtures/logs');
const lines = (rows: readonly unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

async function project(): Promise<string> {
	const folder = newFolder();
	await runCli(['init'], folder);
	return folder;
}

async function must(folder: string, args: readonly string[]): Promise<Record<string, unknown>> {
	const ran = await runCli([...args, '--json'], folder);
	assert.equal(ran.code, 0, ran.stderr);
	return ran.json();
}

interface Preview {
	readonly kind: string;
	readonly format: string;
	readonly split: string;
	readonly rows: number;
	readonly references: number;
	readonly unused: readonly string[];
	readonly mapping: Readonly<Record<string, string>>;
	readonly verdicts: { readonly right: number; readonly wrong: number; readonly unsure: number };
	readonly warnings: readonly string[];
	readonly preview: readonly { readonly question: string; readonly gold: string | null }[];
}

const previewed = async (folder: string, args: readonly string[]) =>
	(await must(folder, ['import', ...args, '--dry-run'])) as unknown as Preview & {
		readonly files: readonly Preview[];
	};

test('a preview finds kind, format and fields, grades the first thirty answers, and writes nothing', async () => {
	const folder = await project();
	const rows = Array.from({ length: 50 }, (_, at) => ({
		prompt: `What is ${at}+1?`,
		completion: `It is \\boxed{${at % 5 === 0 ? 0 : at + 1}}.`,
		label: String(at + 1),
		model_name: 'm',
		note: 'none',
	}));
	fs.writeFileSync(path.join(folder, 'log.jsonl'), lines(rows));
	const preview = await previewed(folder, ['log.jsonl']);
	assert.deepEqual(
		[preview.kind, preview.format, preview.rows, preview.references, preview.unused],
		['answers', 'plain', 50, 50, ['note']],
	);
	assert.deepEqual(preview.mapping, {
		question: 'prompt',
		gold: 'label',
		response: 'completion',
		student: 'model_name',
	});
	assert.deepEqual(preview.files[0]?.verdicts, { right: 24, wrong: 6, unsure: 0 });
	assert.equal(preview.preview.length, 10);
	assert.deepEqual((await must(folder, ['status']))['questions'], { train: 0, validation: 0, test: 0 });
	const imported = await must(folder, ['import', 'log.jsonl']);
	assert.deepEqual([imported['kind'], imported['rows'], imported['references']], ['answers', 50, 50]);
	assert.deepEqual((await must(folder, ['status']))['questions'], { train: 0, validation: 50, test: 0 });
});

test('a file without references says so, and names the fields that may hold them', async () => {
	const folder = await project();
	const rows = [{ question: 'What is 3+4?', response: 'It is 7.', sample: 0, marke: '7' }];
	fs.writeFileSync(path.join(folder, 'log.jsonl'), lines(rows));
	const preview = await previewed(folder, ['log.jsonl', '--student', 'm']);
	assert.match(preview.files[0]?.warnings[0] ?? '', /none of the 1 rows has a reference answer.*not used: marke/);
	const ran = await runCli(['import', 'log.jsonl', '--student', 'm'], folder);
	assert.match(ran.stderr, /none of the 1 rows has a reference answer/);
	assert.match(ran.stdout, /fields read: question, response, sample; not used: marke\n0 of 1 rows have a reference/);
	const other = await project();
	fs.writeFileSync(path.join(other, 'log.jsonl'), lines(rows));
	const mapped = await runCli(['import', 'log.jsonl', '--student', 'm', '--map', 'gold=marke'], other);
	assert.match(mapped.stdout, /1 graded, 1 right.*\n.*\n1 of 1 rows have a reference answer/);
});

test('a folder of skill banks, questions and answers comes in at once, each as what it is', async () => {
	const folder = await project();
	const files = {
		'data/train/algebra_post_cluster.json': JSON.stringify({
			skills: ['sums'],
			skill_dict: { sums: [{ question: 'What is 1+1?', answer: "['2', 2]" }] },
		}),
		'data/test/problems.jsonl': lines([{ problem: 'What is 2+2?', answer: '4' }]),
		'data/sft.jsonl': lines([
			{
				messages: [
					{ role: 'user', content: 'What is 3+3?' },
					{ role: 'assistant', content: 'It is \\boxed{6}.' },
				],
			},
		]),
		'data/runs/output-rs0.jsonl': lines([
			{ problem: 'What is 2+2?', expected_answer: '4', generation: '4', model: 'm' },
		]),
		'data/runs/output-rs1.jsonl': lines([
			{ problem: 'What is 2+2?', expected_answer: '4', generation: '5', model: 'm' },
		]),
	};
	for (const [name, text] of Object.entries(files)) {
		fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
		fs.writeFileSync(path.join(folder, name), text);
	}
	const imported = await must(folder, ['import', 'data']);
	const kinds = (imported['imports'] as readonly { readonly kind: string; readonly split: string }[]).map(
		({ kind, split }) => `${kind} ${split}`,
	);
	assert.deepEqual(kinds.sort(), ['answers validation', 'questions train', 'questions validation', 'skills train']);
	assert.deepEqual((await must(folder, ['status']))['questions'], { train: 2, validation: 1, test: 0 });
	const answers = (imported['imports'] as readonly { readonly kind: string; readonly result: object }[]).find(
		({ kind }) => kind === 'answers',
	)?.result as { readonly answers: number; readonly correct: number };
	assert.deepEqual([answers.answers, answers.correct], [2, 1]);
});

test('answers without a student are refused before anything is written, and a project’s own instruction is left out', async () => {
	const folder = await project();
	const instruction = 'Please reason step by step, and put your final answer within \\boxed{}.';
	const rows = [
		{ prompt: `What is 3+4?\n${instruction}`, outputs: [{ text: 'It is 7.' }, { text: 'It is 8.' }], gold: '7' },
	];
	fs.writeFileSync(path.join(folder, 'dump.jsonl'), lines(rows));
	const refused = await runCli(['import', 'dump.jsonl'], folder);
	assert.equal(refused.code, 2);
	assert.match(refused.stderr, /does not name one student.*--student/);
	const preview = await previewed(folder, ['dump.jsonl', '--student', 'm']);
	assert.equal(preview.preview[0]?.question, 'What is 3+4?');
	assert.deepEqual(preview.files[0]?.verdicts, { right: 1, wrong: 1, unsure: 0 });
});

test('logs that evaluators wrote come in with one command', async () => {
	const folder = await project();
	const imported = await must(folder, ['import', path.join(logs, 'inspect/math.eval')]);
	assert.equal(imported['kind'], 'answers');
	assert.equal(imported['format'], 'inspect');
	const evaluator = await must(folder, [
		'import',
		path.join(logs, 'evaluators/evalscope.reviews.jsonl'),
		'--student',
		'm',
	]);
	assert.deepEqual([evaluator['format'], evaluator['references']], ['evalscope', 6]);
	const wrong = await runCli(['import', path.join(logs, 'evaluators.py')], folder);
	assert.equal(wrong.code, 1);
	assert.match(wrong.stderr, /neither JSON nor JSON Lines/);
});

test('a mapping from a field that no row has, and a file without a sound row, are refused with the reason', async () => {
	const folder = await project();
	fs.writeFileSync(path.join(folder, 'odd.jsonl'), lines([{ Frage: 'What is 1+1?', Antwort: '2' }]));
	fs.writeFileSync(path.join(folder, 'cut.jsonl'), '{"question": "What is\n');
	const refused = async (...args: string[]) => {
		const { code, stderr } = await runCli(['import', ...args, '--split', 'train', '--dry-run'], folder);
		assert.notEqual(code, 0);
		return stderr;
	};
	assert.match(
		await refused('odd.jsonl', '--map', 'question=Frage,gold=Nope'),
		/odd\.jsonl: --map takes gold from "Nope", which none of the first rows has \(fields here: Frage, Antwort\)/,
	);
	assert.match(await refused('cut.jsonl'), /cut\.jsonl: no row can be read; line 1: /);
});
