import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { ImportedAnswers } from '../../../src/core/questions/imported.ts';
import { files } from '../../../src/formats/files.ts';
import { collect, fileWith, read } from './collect.ts';

// Logs written by the tools themselves; the scripts that created them are in test/fixtures/logs.
const logs = path.resolve('test/fixtures/logs');
const lmFolder = path.join(logs, 'lm-eval/acme__student-1b');
const samplesFile = (task: string) =>
	path.join(lmFolder, readdirSync(lmFolder).find((name) => name.startsWith(`samples_${task}_2`)) ?? '');
const resultsFile = path.join(lmFolder, readdirSync(lmFolder).find((name) => name.startsWith('results_')) ?? '');
const results = (JSON.parse(readFileSync(resultsFile, 'utf8')) as { results: Record<string, Record<string, number>> })
	.results;

/** Returns the mean of the log's verdicts on sample 0, as reported by the harness. */
function accuracy(rows: readonly ImportedAnswers[]): number {
	const verdicts = rows.flatMap(({ samples }) =>
		samples.filter(({ sample }) => sample === 0).map(({ logVerdict }) => logVerdict),
	);
	assert.ok(verdicts.every((verdict) => verdict !== undefined));
	return verdicts.filter((verdict) => verdict === true).length / verdicts.length;
}

for (const [task, filter] of [
	['gsm8k_local', 'strict-match'],
	['gsm8k_local', 'flexible-extract'],
	['gsm8k_many', 'flexible-extract'],
	['hendrycks_math_algebra_local', 'none'],
] as const) {
	test(`every document in lm-evaluation-harness's ${task} log is read, and its accuracy for ${filter} is the reported one`, async () => {
		const options = read({ format: `lm-eval:${filter}` });
		const { rows, problems } = await collect(files.readAnswers(samplesFile(task), options));
		assert.deepEqual(problems, []);
		assert.equal(rows.length, results[task]?.['sample_len']);
		assert.equal(accuracy(rows), results[task]?.[`exact_match,${filter}`]);
		assert.ok(rows.every(({ question }) => question.gold !== undefined && question.text !== ''));
		assert.ok(rows.every(({ samples }) => samples.length === (task === 'gsm8k_many' ? 3 : 1)));
		const described = await files.describeAnswers(samplesFile(task), options);
		assert.equal(described.student, 'acme/student-1b');
		assert.equal(described.benchmark, task.startsWith('gsm8k') ? 'GSM8K' : 'MATH');
		assert.deepEqual(described.reported, [
			{ metric: `exact_match,${filter}`, value: results[task]?.[`exact_match,${filter}`] },
		]);
	});
}

test('a folder of lm-evaluation-harness logs is recognized, and its choice tasks and totals are not read as answers', async () => {
	const { rows, problems } = await collect(files.readAnswers(lmFolder, read()));
	const byTask = [results['gsm8k_local'], results['gsm8k_many'], results['hendrycks_math_algebra_local']].reduce(
		(sum, one) => sum + (one?.['sample_len'] ?? 0),
		0,
	);
	assert.equal(rows.length, byTask);
	assert.deepEqual(
		[...new Set(problems.map(({ message }) => message.slice(0, 36)))],
		['likelihoods of given choices, no wri'],
	);
	assert.equal(problems.length, results['choice_local']?.['sample_len']);
	const { rows: questions } = await collect(files.readQuestions(samplesFile('gsm8k_local'), read()));
	assert.equal(questions.length, 12);
	assert.equal(questions[0]?.gold, '3');
	assert.match(questions[0]?.solution ?? '', /^The numbers are/);
});

test('older lm-evaluation-harness rows, documents with equal text and documents with unknown fields are read', async () => {
	const row = (over: object) =>
		JSON.stringify({
			doc_id: 0,
			doc: { question: 'What is 2+2?', answer: '4' },
			target: '4',
			arguments: [['Q: What is 2+2?', {}]],
			resps: [['It is 4.']],
			filtered_resps: ['4'],
			exact_match: 1,
			...over,
		});
	const twin = fileWith(
		[row({}), row({ doc_id: 1, resps: [['It is 5.']], filtered_resps: ['5'], exact_match: 0 })].join('\n'),
	);
	const { rows } = await collect(files.readAnswers(twin, read()));
	assert.deepEqual(
		rows.flatMap(({ samples }) =>
			samples.map(({ sample, logVerdict, logExtracted }) => [sample, logVerdict, logExtracted]),
		),
		[
			[0, true, '4'],
			[1, false, '5'],
		],
	);
	const odd = fileWith(
		[
			row({ doc: { premise: 'x' } }),
			row({ doc: { premise: 'y' }, arguments: { gen_args_0: { arg_0: 'Q2' } }, exact_match: 0.5 }),
		].join('\n'),
	);
	const found = (await collect(files.readAnswers(odd, read()))).rows;
	assert.deepEqual(
		found.map(({ question, samples }) => [question.text, question.gold, samples[0]?.logVerdict]),
		[
			['Q: What is 2+2?', '4', true],
			['Q2', '4', undefined],
		],
	);
	const voted = fileWith(row({ filter: 'maj@8', resps: [['4', '5', '4']] }));
	assert.deepEqual(
		(await collect(files.readAnswers(voted, read()))).rows[0]?.samples.map(({ logVerdict }) => logVerdict),
		[undefined, undefined, undefined],
	);
});

interface EvalLog {
	readonly results: {
		readonly total_samples: number;
		readonly scores: readonly {
			readonly name: string;
			readonly metrics: Record<string, { readonly value: number }>;
		}[];
	};
}
const inspectJson = (name: string) =>
	JSON.parse(readFileSync(path.join(logs, `inspect/${name}.json`), 'utf8').replace(/\bNaN\b/g, 'null')) as EvalLog;

for (const kind of ['eval', 'json']) {
	test(`every sample and epoch of an Inspect .${kind} log is read, and the accuracy is the reported one`, async () => {
		const file = path.join(logs, `inspect/math.${kind}`);
		const { rows, problems, bytes, bytesTotal } = await collect(files.readAnswers(file, read()));
		const theirs = inspectJson('math').results;
		assert.deepEqual(problems, []);
		assert.equal(rows.length, theirs.total_samples);
		assert.equal(bytes, bytesTotal);
		const verdicts = rows.flatMap(({ samples }) => samples.map(({ logVerdict }) => logVerdict));
		const right = verdicts.filter((verdict) => verdict === true).length;
		assert.ok(Math.abs(right / verdicts.length - (theirs.scores[0]?.metrics['accuracy']?.value ?? -1)) < 1e-12);
		assert.deepEqual([...new Set(rows.map(({ samples }) => samples[0]?.sample))].sort(), [0, 1, 2]);
		assert.equal(new Set(rows.map(({ question }) => question.text)).size, 5);
		assert.ok(
			rows.every(
				({ question, samples }) =>
					question.subject === 'algebra' &&
					question.level !== undefined &&
					question.gold !== undefined &&
					samples[0]?.text.includes('ANSWER: ') === true,
			),
		);
		const described = await files.describeAnswers(file, read());
		assert.equal(described.student, 'mockllm/student');
		assert.equal(described.benchmark, 'sample_math');
		assert.equal(described.reported[0]?.metric, 'match accuracy');
		// The other scorer returns NaN for every long answer, which gives no verdict but never loses a row.
		const other = (await collect(files.readAnswers(file, read({ format: 'inspect:lengthOrNothing' })))).rows.map(
			({ samples }) => samples[0]?.logVerdict,
		);
		assert.ok(other.includes(true) && other.includes(undefined) && !other.includes(false));
	});

	test(`the choices of an Inspect .${kind} log are part of the question as the student saw it`, async () => {
		const { rows } = await collect(files.readAnswers(path.join(logs, `inspect/choices.${kind}`), read()));
		assert.deepEqual(
			rows.map(({ question: { text, gold } }) => [text, gold]),
			[
				['Which of these is even?\nA) 3\nB) 4', 'B'],
				['Which of these is odd?\nA) 3\nB) 4', 'A'],
			],
		);
	});
}

test('Inspect conversations, attachments, target lists and repeated texts are read, and failed samples are set aside', async () => {
	const sample = (over: object) => ({
		id: 1,
		epoch: 1,
		input: 'What is 2+2?',
		target: ['4', 'four'],
		output: {
			choices: [
				{
					message: {
						content: [
							{ type: 'reasoning', reasoning: 'hm' },
							{ type: 'text', text: 'attachment://h1' },
						],
					},
				},
			],
		},
		scores: { match: { value: 'C', answer: '4' } },
		attachments: { h1: 'It is 4.', h2: 'What is 3+3?' },
		...over,
	});
	const log = {
		version: 2,
		status: 'success',
		eval: { model: 'openai/x', task: 'inspect_evals/aime2024' },
		results: { scores: [] },
		samples: [
			sample({}),
			sample({ id: 2 }),
			sample({
				id: 3,
				input: [
					{ role: 'system', content: 'Be brief' },
					{ role: 'user', content: 'attachment://h2' },
				],
				target: '6',
				scores: { match: { value: 'P' } },
			}),
			sample({ id: 4, output: { choices: [] }, error: { message: 'boom' } }),
			sample({ id: 5, epoch: 0 }),
		],
	};
	const file = fileWith(JSON.stringify(log), 'log.json');
	const { rows, problems } = await collect(files.readAnswers(file, read()));
	assert.deepEqual(
		rows.map(({ question, samples: [first] }) => [
			question.text,
			question.gold,
			first?.sample,
			first?.text,
			first?.logVerdict,
			first?.logExtracted,
		]),
		[
			['What is 2+2?', '4', 0, 'It is 4.', true, '4'],
			['What is 2+2?', '4', 1, 'It is 4.', true, '4'],
			['What is 3+3?', '6', 0, 'It is 4.', undefined, undefined],
		],
	);
	assert.deepEqual(
		problems.map(({ field }) => field),
		['output', 'epoch'],
	);
	assert.match(problems[0]?.message ?? '', /this sample failed \(boom\)/);
	assert.deepEqual(await files.describeAnswers(file, read()), {
		format: 'inspect',
		student: 'openai/x',
		benchmark: 'AIME24',
		reported: [],
	});
});
