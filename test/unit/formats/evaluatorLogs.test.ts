import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { files } from '../../../src/formats/files.ts';
import { collect, fileWith, read } from './collect.ts';

// evaluators/ was written by the tools' own code (test/fixtures/logs/evaluators.py): "What is $n^2$?" for n from 2 to 7,
// of whose two answers the first is right.
const folder = path.resolve('test/fixtures/logs/evaluators');
const answers = async (name: string, options = {}) =>
	collect(files.readAnswers(path.join(folder, name), read(options)));
const squares = [2, 3, 4, 5, 6, 7].map((n) => [`What is $${n}^2$?`, String(n * n)]);
const text = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');

test('a cache of datasets is read: questions with solutions, and a cut one says so', async () => {
	const file = path.join(folder, 'datasets.arrow');
	const { rows, problems } = await collect(files.readQuestions(file, read()));
	assert.deepEqual(problems, []);
	assert.deepEqual(
		rows.map(({ text: question, gold }) => [question, gold]),
		squares,
	);
	assert.match(rows[0]?.solution ?? '', /^Multiplying/);
	const whole = readFileSync(file);
	for (let length = 1; length < whole.length; length += 37) {
		const cut = fileWith(whole.subarray(0, length), 'cut.arrow');
		const found = await collect(files.readQuestions(cut, read())).catch((error: unknown) => error as Error);
		const message = found instanceof Error ? found.message : (found.problems[0]?.message ?? '');
		assert.match(message, /Arrow|neither JSON|empty|column/, String(length));
	}
});

test('EvalScope: reviews hold question, reference, answer, extraction and verdict; predictions name the student', async () => {
	const reviews = await answers('evalscope.reviews.jsonl');
	assert.deepEqual(reviews.problems, []);
	assert.deepEqual(
		reviews.rows.map(({ question }) => [question.text, question.gold]),
		squares,
	);
	const [sample] = reviews.rows[1]?.samples ?? [];
	assert.deepEqual([sample?.sample, sample?.logVerdict, sample?.logExtracted], [0, true, '9']);
	const predictions = await answers('evalscope.predictions.jsonl');
	assert.equal(predictions.rows[1]?.samples[0]?.text, sample?.text);
	assert.equal(predictions.rows[1]?.question.text, 'What is $3^2$?');
	const { looks } = await files.look(path.join(folder, 'evalscope.predictions.jsonl'), read());
	assert.deepEqual([looks[0]?.kind, looks[0]?.student], ['answers', 'made/student']);
});

test('EvalScope before 1.0 (after modelscope/evalscope@8e290e4, examples/viz) and predictions without their question', async () => {
	const old = {
		model: 'm',
		choices: [
			{
				index: 0,
				message: { role: 'assistant', content: 'So it is \\boxed{7}.' },
				finish_reason: 'stop',
				review: { gold: '7', pred: '7', result: true },
			},
		],
		answer_id: 'answer-1',
		raw_input: { question: 'What is 3+4?', answer: 'Add.\n#### 7' },
		origin_prompt: { data: ['Question: What is 1+1?\nAnswer: 2\nQuestion: What is 3+4?\nAnswer:'] },
		index: 0,
	};
	const found = await collect(files.readAnswers(fileWith(text([old])), read()));
	assert.deepEqual(found.problems, []);
	assert.deepEqual(
		found.rows.map(({ question, samples }) => [
			question.text,
			question.gold,
			samples[0]?.text,
			samples[0]?.logVerdict,
		]),
		[['What is 3+4?', '7', 'So it is \\boxed{7}.', true]],
	);
	const alone = {
		index: 0,
		model: 'm',
		model_output: { choices: [{ message: { content: 'x' } }] },
		messages: [{ role: 'assistant', content: 'x' }],
	};
	const without = await collect(files.readAnswers(fileWith(text([alone])), read()));
	assert.match(without.problems[0]?.message ?? '', /import the reviews/);
	const v1 = {
		index: 0,
		input: '**User**: \nWhat is 3+4?\nPlease reason step by step, and put your final answer within \\boxed{}.',
		target: '7',
		sample_score: {
			score: { value: { acc: 0.0 }, extracted_prediction: '8', prediction: 'It is 8.' },
			sample_id: 0,
		},
	};
	const first = await collect(files.readAnswers(fileWith(text([v1])), read()));
	assert.deepEqual(
		first.rows.map(({ question, samples }) => [question.text, question.gold, samples[0]?.logVerdict]),
		[['What is 3+4?', '7', false]],
	);
});

test('LightEval: details hold the prompt, the reference and every sample', async () => {
	const { rows, problems } = await answers('lighteval.parquet');
	assert.deepEqual(problems, []);
	assert.deepEqual(
		rows.map(({ question }) => [question.text, question.gold]),
		squares,
	);
	assert.deepEqual(
		rows[1]?.samples.map(({ sample, text: answer, logVerdict }) => [sample, answer, logVerdict]),
		[
			[0, 'Multiplying, $3 \\cdot 3 = 9$, so it is $\\boxed{9}$.', undefined],
			[1, 'It is $\\boxed{6}$.', undefined],
		],
	);
});

test('OpenCompass: predictions and the details of results say the same', async () => {
	for (const name of ['opencompass.predictions.json', 'opencompass.results.json']) {
		const { rows, problems } = await answers(name);
		assert.deepEqual(problems, [], name);
		assert.deepEqual(
			rows.map(({ question }) => [question.text, question.gold]),
			squares,
			name,
		);
		assert.match(rows[1]?.samples[0]?.text ?? '', /boxed\{6\}/);
	}
	const details = await answers('opencompass.results.json');
	assert.deepEqual(
		details.rows.map(({ samples }) => samples[0]?.logVerdict),
		[true, false, true, false, true, false],
	);
});

test('verl: the prompt without its chat template is the question, and rollouts of one prompt are samples', async () => {
	const { rows, problems } = await answers('verl.jsonl');
	assert.deepEqual(problems, []);
	assert.deepEqual(
		rows.map(({ question, samples }) => [question.text, question.gold, samples[0]?.sample, samples[0]?.logVerdict]),
		squares.flatMap(([question, gold]) => [
			[question, gold, 0, true],
			[question, gold, 1, false],
		]),
	);
	const data = {
		data_source: 'x',
		prompt: [
			{
				role: 'user',
				content: 'What is 3+4? Let\'s think step by step and output the final answer after "####".',
			},
		],
		ability: 'math',
		reward_model: { style: 'rule', ground_truth: '7' },
		extra_info: { index: 0, split: 'train' },
	};
	const found = await collect(files.readQuestions(fileWith(text([data])), read()));
	assert.deepEqual(
		found.rows.map(({ text: question, gold }) => [question, gold]),
		[['What is 3+4?', '7']],
	);
});

test('NeMo-Skills (after NVIDIA/NeMo-Skills@06a354d, math_metrics.py): seeds in files, judgements as text', async () => {
	const row = (generation: string, isCorrect: boolean) => ({
		problem: 'What is 3+4?',
		expected_answer: '7',
		generation,
		predicted_answer: '7',
		is_correct: isCorrect,
	});
	const second = fileWith(text([row('It is \\boxed{7}.', true)]), 'output-rs1.jsonl');
	const found = await collect(files.readAnswers(second, read()));
	assert.deepEqual(found.rows[0]?.samples[0], {
		sample: 1,
		text: 'It is \\boxed{7}.',
		logVerdict: true,
		logExtracted: '7',
		stepScores: undefined,
	});
	const judged = await collect(
		files.readAnswers(
			fileWith(
				text([{ ...row('x', true), is_correct: undefined, judgement: 'Reasoning: differs.\nJudgement: No' }]),
			),
			read(),
		),
	);
	assert.equal(judged.rows[0]?.samples[0]?.logVerdict, false);
});

test('MathArena (after eth-sri/matharena@63f9e59, runs.py): a file a problem, and its datasets a row an answer', async () => {
	const run = (answer: string) => [
		{ role: 'user', content: 'Solve this.\n\nWhat is 3+4?' },
		{ role: 'assistant', type: 'cot', content: 'Let me add.' },
		{ role: 'assistant', type: 'response', content: answer },
	];
	const file = {
		idx: 1,
		problem: 'What is 3+4?',
		gold_answer: '7',
		types: ['Algebra'],
		N: 2,
		answers: ['7', '8'],
		correct: [true, false],
		messages: [run('So \\boxed{7}.'), run('So \\boxed{8}.')],
		history: [null, null],
	};
	const found = await collect(files.readAnswers(fileWith(JSON.stringify(file, null, 4), '1.json'), read()));
	assert.deepEqual(found.problems, []);
	assert.deepEqual(
		found.rows.map(({ question, samples }) => [
			question.text,
			question.gold,
			samples.map((sample) => [sample.text, sample.logVerdict, sample.logExtracted]),
		]),
		[
			[
				'What is 3+4?',
				'7',
				[
					['So \\boxed{7}.', true, '7'],
					['So \\boxed{8}.', false, '8'],
				],
			],
		],
	);
	const hub = {
		problem_idx: 1,
		problem: 'What is 3+4?',
		model_name: 'm',
		idx_answer: 3,
		user_message: 'Solve. What is 3+4?',
		answer: 'So \\boxed{7}.',
		parsed_answer: '7',
		gold_answer: '7',
		correct: true,
	};
	const rows = await collect(files.readAnswers(fileWith(text([hub])), read()));
	assert.deepEqual(
		rows.rows.map(({ question, samples }) => [
			question.text,
			question.gold,
			samples[0]?.sample,
			samples[0]?.text,
			samples[0]?.logVerdict,
		]),
		[['What is 3+4?', '7', 3, 'So \\boxed{7}.', true]],
	);
});

test('lm-evaluation-harness through a chat API, and logs with only their filtered responses', async () => {
	const chat = {
		doc_id: 0,
		doc: { id: 'x' },
		target: '7',
		arguments: {
			gen_args_0: {
				arg_0: ['[{"role": "system", "content": "S"}, {"role": "user", "content": "What is 3+4?"}]'],
				arg_1: {},
			},
		},
		resps: [['It is 7.']],
		filtered_resps: ['7'],
		filter: 'none',
		exact_match: 1,
	};
	const filtered = { ...chat, resps: undefined, doc_id: 1, doc: { question: 'What is 3+5?' }, target: '8' };
	const found = await collect(files.readAnswers(fileWith(text([chat, filtered])), read()));
	assert.deepEqual(found.problems, []);
	assert.deepEqual(
		found.rows.map(({ question, samples }) => [question.text, question.gold, samples[0]?.text]),
		[
			['What is 3+4?', '7', 'It is 7.'],
			['What is 3+5?', '8', '7'],
		],
	);
});
