import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { files } from '../../../src/formats/files.ts';
import { collect, fileWith, read } from './collect.ts';

const text = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
const questions = (rows: readonly unknown[], options = {}, name = 'rows.jsonl') =>
	collect(files.readQuestions(fileWith(text(rows), name), read(options)));
const answers = (rows: readonly unknown[], options = {}, name = 'rows.jsonl') =>
	collect(files.readAnswers(fileWith(text(rows), name), read(options)));
const look = async (rows: readonly unknown[], options = {}) =>
	(await files.look(fileWith(text(rows)), read(options))).looks[0];

test('a question that stands in several fields is joined as the Qwen2.5-Math evaluator does', async () => {
	const { rows, problems } = await questions([
		{ Body: 'Ann has 3 apples', Question: 'How many has she?', Answer: 3, Equation: '3' },
		{ context: 'Let $f$ be odd.', question: 'Find $f(0)$.', final_answer: ['$0$'], solution: ['It is 0.'] },
		{ question: 'What is $3 + 4$?', options: ['A)6', 'B)7'], correct: 'B', rationale: 'Add.' },
		{ question: 'What is $3 + 4$?', choices: ['3', '4', '7', '8'], answer: 2, subject: 'x' },
		{ question: 'What is $3 + 5$?', choices: { text: ['3', '8'], label: ['A', 'B'] }, answerKey: 'B' },
		{ Question: 'What is $3 + 6$?', A: '8', B: '9', C: '10', D: '1', Answer: 'B' },
		{ question: 'Which?', options: { A: '1', B: '2' }, answer: '2' },
		{ question: 'Which is it: (A) 5 or (B) 6?', options: ['5', '6'], answer: 'A' },
		{ question: 'Pick.', options: ['0', '2', '1'], answer: 1 },
		{ question: 'Pick one.', options: ['0', '2', '1'], answer: 1, answer_index: 2 },
	]);
	assert.deepEqual(
		rows.map(({ text: question, gold }) => [question, gold]),
		[
			['Ann has 3 apples. How many has she?', '3'],
			['Let $f$ be odd.\n\nFind $f(0)$.', '$0$'],
			['What is $3 + 4$?\nAnswer Choices: (A) 6 (B) 7', 'B'],
			['What is $3 + 4$?\nAnswer Choices: (A) 3 (B) 4 (C) 7 (D) 8', 'C'],
			['What is $3 + 5$?\nAnswer Choices: (A) 3 (B) 8', 'B'],
			['What is $3 + 6$?\nAnswer Choices: (A) 8 (B) 9 (C) 10 (D) 1', 'B'],
			['Which?\nAnswer Choices: (A) 1 (B) 2', '2'],
			['Which is it: (A) 5 or (B) 6?', 'A'],
			['Pick.\nAnswer Choices: (A) 0 (B) 2 (C) 1', undefined],
			['Pick one.\nAnswer Choices: (A) 0 (B) 2 (C) 1', 'C'],
		],
	);
	assert.deepEqual(
		problems.map(({ line, field, message }) => [line, field, /write the label of the right choice/.test(message)]),
		[[9, 'answer', true]],
	);
	assert.equal(rows[1]?.solution, 'It is 0.');
});

test('truncated cells of the row viewer never come in as whole', async () => {
	const page = (truncated: readonly string[], row: object) => ({ row_idx: 0, row, truncated_cells: truncated });
	const { rows, problems } = await questions([
		page([], { problem: 'one', solution: '\\boxed{1}' }),
		page(['problem'], { problem: 'two is cut', solution: '\\boxed{2}' }),
		page(['solution'], { problem: 'three', solution: 'cut', answer: '3' }),
		page(['notes'], { problem: 'four', solution: '\\boxed{4}', notes: 'cut' }),
		page(['answer'], { problem: 'five', answer: '5' }),
	]);
	assert.deepEqual(
		rows.map(({ text: question, gold, solution }) => [question, gold, solution]),
		[
			['one', '1', '\\boxed{1}'],
			['three', '3', undefined],
			['four', '4', '\\boxed{4}'],
		],
	);
	assert.deepEqual(
		problems.map(({ line, field, kept }) => [line, field, kept === true]),
		[
			[2, 'problem', false],
			[3, 'solution', true],
			[5, 'answer', false],
		],
	);
});

test('a mapping overrides one field, reaches into lists and numbered objects, and its error names what is missing', async () => {
	const row = { prompt: 'What is $3+4$?', completion: 'It is \\boxed{7}.', label: '7', model_name: 'm' };
	assert.equal((await answers([row])).rows[0]?.question.gold, '7');
	const other = await answers([{ ...row, label: undefined, mark: { '0': { value: '7' } } }], {
		mapping: { gold: 'mark.0.value' },
	});
	assert.deepEqual([other.rows[0]?.question.gold, other.rows[0]?.samples[0]?.text], ['7', 'It is \\boxed{7}.']);
	const lists = await answers(
		[
			{ q: 'one', runs: [{ out: { text: 'a' } }, { out: { text: 'b' } }] },
			{ q: 'two', runs: { '0': { out: { text: 'c' } }, '1': { out: { text: 'd' } } } },
		],
		{ mapping: { question: 'q', response: 'runs.*.out.text' } },
	);
	assert.deepEqual(
		lists.rows.map(({ samples }) => samples.map(({ sample, text: answer }) => [sample, answer])),
		[
			[
				[0, 'a'],
				[1, 'b'],
			],
			[
				[0, 'c'],
				[1, 'd'],
			],
		],
	);
	await assert.rejects(answers([{ question: 'x', zzz: 'y' }]), /question is in “question”, but no field holds .*zzz/);
	await assert.rejects(answers([{ yyy: 'x', response: 'y' }]), /“response” is read, but no field holds the question/);
});

test('answers are found in the shapes in which servers and evaluators write them', async () => {
	const { rows, problems } = await answers([
		{
			prompt: 'one',
			outputs: [
				{ index: 0, text: 'a', finish_reason: 'stop' },
				{ index: 1, text: 'b', finish_reason: 'length' },
			],
		},
		{ prompt: 'two', output: { text: 'c', meta_info: { finish_reason: { type: 'length', length: 9 } } } },
		{
			question: 'three',
			response: { choices: [{ message: { role: 'assistant', content: 'd' }, finish_reason: 'stop' }] },
		},
		{
			question: 'four',
			response: [
				[
					{ role: 'user', content: 'four' },
					{ role: 'assistant', content: 'e' },
				],
			],
		},
		{
			question: 'five',
			generation: {
				content: [
					{ type: 'thinking', thinking: 'hm' },
					{ type: 'text', text: 'f' },
				],
			},
		},
		{ question: 'six', response: { role: 'assistant', content: null, reasoning_content: 'so far' } },
		{ question: 'seven', response: { choices: [{ message: { content: 'half' }, error: { message: 'no' } }] } },
	]);
	assert.deepEqual(
		rows.map(({ samples }) => samples.map(({ text: answer, truncated }) => [answer, truncated === true])),
		[
			[
				['a', false],
				['b', true],
			],
			[['c', true]],
			[['d', false]],
			[['e', false]],
			[['f', false]],
			[['<think>\nso far', false]],
		],
	);
	assert.match(problems[0]?.message ?? '', /request failed/);
});

test('training data are questions with solutions, and answers where a student is named', async () => {
	const sets = [
		{
			messages: [
				{ role: 'system', content: 'S' },
				{ role: 'user', content: 'Q?' },
				{ role: 'assistant', content: 'It is $\\boxed{7}$.' },
			],
		},
		{
			conversations: [
				{ from: 'human', value: 'Q?' },
				{ from: 'gpt', value: 'It is $\\boxed{7}$.' },
			],
			system: 'S',
		},
		{ instruction: 'Q?', input: '', output: 'It is $\\boxed{7}$.', system: 'S' },
		{
			prompt: 'Q?\nPlease reason step by step, and put your final answer within \\boxed{}.',
			completion: 'It is $\\boxed{7}$.',
		},
		{
			prompt: [{ role: 'user', content: 'Q?' }],
			completion: [{ role: 'assistant', content: 'It is $\\boxed{7}$.' }],
		},
		{ prompt: 'Q?', chosen: 'It is $\\boxed{7}$.', rejected: 'It is 8.' },
		{
			segments: [
				{ label: false, text: 'Q?\n\n' },
				{ label: true, text: 'It is $\\boxed{7}$.' },
			],
		},
		{ query: 'Q?', response: 'It is $\\boxed{7}$.' },
	];
	for (const row of sets) {
		const found = await questions([row]);
		assert.deepEqual(found.problems, [], JSON.stringify(row));
		assert.deepEqual(
			found.rows.map(({ text: question, gold, solution }) => [question, gold, solution]),
			[['Q?', '7', 'It is $\\boxed{7}$.']],
			JSON.stringify(row),
		);
		assert.equal((await look([row]))?.kind, 'questions', JSON.stringify(row));
		assert.equal((await look([row], { student: 'm' }))?.kind, 'answers', JSON.stringify(row));
		const asAnswers = await answers([row]);
		assert.equal(asAnswers.rows[0]?.samples[0]?.text, 'It is $\\boxed{7}$.', JSON.stringify(row));
	}
	assert.equal((await look([{ prompt: 'Q?', completion: 'x', label: '7', model_name: 'm' }]))?.kind, 'answers');
	const tools = await questions([
		{
			messages: [
				{ role: 'user', content: 'Q?' },
				{ role: 'assistant', content: null, tool_calls: [{ id: '1' }] },
				{ role: 'tool', content: '7' },
				{ role: 'assistant', content: [{ type: 'text', text: 'It is $\\boxed{7}$.' }] },
			],
		},
		{
			messages: [
				{ role: 'user', content: [{ type: 'image_url' }, { type: 'text', text: 'Q2?' }] },
				{ role: 'assistant', content: 'x' },
			],
		},
	]);
	assert.equal(tools.rows.length, 1);
	assert.match(tools.problems[0]?.message ?? '', /2 turns of tools/);
	assert.match(tools.problems[1]?.message ?? '', /image/);
});

test('each seed of a log is a sample of its own', async () => {
	const rows = [{ problem: 'one', generation: 'a', expected_answer: '1' }];
	const first = fileWith(text(rows), 'output-rs0.jsonl');
	const third = fileWith(text(rows), 'output-rs3.jsonl');
	assert.deepEqual((await collect(files.readAnswers(first, read()))).rows[0]?.samples[0]?.sample, 0);
	assert.deepEqual((await collect(files.readAnswers(third, read()))).rows[0]?.samples[0]?.sample, 3);
	const seeds = ['/x/out_seed42.jsonl', '/x/out_seed7.jsonl', '/x/out_seed100.jsonl'];
	const { seedOf } = await import('../../../src/formats/seeds.ts');
	assert.deepEqual(
		seeds.map((file) => seedOf(file, seeds)),
		[1, 0, 2],
	);
	assert.equal(seedOf('/x/out_seed42.jsonl', ['/x/out_seed42.jsonl']), 0);
});

test('objects keyed by number, and results keyed so under details, are rows', async () => {
	const predictions = {
		'0': { origin_prompt: [{ role: 'HUMAN', prompt: 'What is 3+4?\nAnswer:' }], prediction: 'It is 7.', gold: '7' },
		'1': { origin_prompt: [{ role: 'HUMAN', prompt: 'What is 3+5?' }], prediction: 'It is 9.', gold: ['8'] },
	};
	const details = {
		accuracy: 50,
		details: {
			type: 'GEN',
			'0': {
				prompt: 'What is 3+4?',
				origin_prediction: 'It is 7.',
				predictions: '7',
				references: '7',
				correct: true,
			},
		},
	};
	const one = await collect(files.readAnswers(fileWith(JSON.stringify(predictions, null, 4), 'gsm8k.json'), read()));
	assert.deepEqual(one.problems, []);
	assert.deepEqual(
		one.rows.map(({ question, samples }) => [question.gold, samples[0]?.text]),
		[
			['7', 'It is 7.'],
			['8', 'It is 9.'],
		],
	);
	const two = await collect(files.readAnswers(fileWith(JSON.stringify(details), 'r.json'), read()));
	assert.deepEqual(
		two.rows.map(({ samples }) => [samples[0]?.logVerdict, samples[0]?.logExtracted]),
		[[true, '7']],
	);
});

test('compressed files are unpacked as they are read, and a cut one says so', async () => {
	const plain = text(Array.from({ length: 5000 }, (_, at) => ({ question: `q ${at} ${Math.sin(at)}`, answer: at })));
	const packed = gzipSync(plain);
	const whole = await collect(files.readQuestions(fileWith(packed, 'rows.jsonl.gz'), read()));
	assert.equal(whole.rows.length, 5000);
	assert.deepEqual(whole.problems, []);
	const two = await collect(
		files.readQuestions(
			fileWith(Buffer.concat([packed, gzipSync('\n{"question":"last","answer":"1"}')]), 'a.jsonl.gz'),
			read(),
		),
	);
	assert.equal(two.rows.length, 5001);
	const cut = await collect(
		files.readQuestions(fileWith(packed.subarray(0, packed.length >> 1), 'rows.jsonl.gz'), read()),
	);
	assert.ok(cut.rows.length > 100 && cut.rows.length < 5000);
	assert.match(cut.problems.at(-1)?.message ?? '', /cut off or damaged/);
	const damaged = Buffer.from(packed);
	damaged[packed.length - 6] = (damaged[packed.length - 6] ?? 0) ^ 1;
	const wrong = await collect(files.readQuestions(fileWith(damaged, 'rows.jsonl.gz'), read()));
	assert.match(wrong.problems.at(-1)?.message ?? '', /cut off or damaged/);
	const list = await collect(
		files.readQuestions(
			fileWith(gzipSync(JSON.stringify([{ question: 'x', answer: 1 }], null, 1)), 'a.json.gz'),
			read(),
		),
	);
	assert.equal(list.rows.length, 1);
	const table = await collect(files.readQuestions(fileWith(gzipSync('question,answer\nx,1\n'), 'a.csv.gz'), read()));
	assert.equal(table.rows.length, 1);
});

test('a table is judged by its header, whatever separates its cells and however many are empty', async () => {
	const csv = async (content: string, name = 'a.csv') => {
		const found = await collect(files.readAnswers(fileWith(content, name), read()));
		assert.deepEqual(found.problems, []);
		return found.rows.map(({ question, samples }) => [question.text, question.gold, samples[0]?.text]);
	};
	const empty = Array.from({ length: 30 }, (_, at) => `q${at},${at},`).join('\n');
	const late = await collect(
		files.readAnswers(fileWith(`question,answer,response\n${empty}\nlast,1,yes\n`, 'a.csv'), read()),
	);
	assert.deepEqual([late.rows.length, late.problems.length], [1, 30]);
	assert.deepEqual(await csv('question;answer;response\n"a; b";1,5;x,y\n'), [['a; b', '1,5', 'x,y']]);
	assert.deepEqual(await csv('sep=;\nquestion;answer;response\na;1;x\n'), [['a', '1', 'x']]);
	assert.deepEqual(await csv('question\tanswer\tresponse\na\t1\tx\n'), [['a', '1', 'x']]);
	assert.deepEqual(await csv('Question,Answer,Response,,\na,1,x,,\nb,2,y,,,,\n'), [
		['a', '1', 'x'],
		['b', '2', 'y'],
	]);
});

test('rows as public datasets and servers have them keep question, reference and kind', async () => {
	const kinds = async (row: object) => {
		const found = await look([row]);
		const reads = found?.kind === 'answers' ? await answers([row]) : await questions([row]);
		const [first] = reads.rows;
		const question = first !== undefined && 'question' in first ? first.question : first;
		return [found?.kind, question?.text, question?.gold];
	};
	const prompt = '<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nWhat is 2+2?<|im_end|>\n<|im_start|>assistant\n';
	assert.deepEqual(await kinds({ prompt, outputs: [{ index: 0, text: '4', finish_reason: 'stop' }] }), [
		'answers',
		'What is 2+2?',
		undefined,
	]);
	assert.deepEqual(
		await kinds({
			query: 'What is 2+2?',
			original_question: '2+2?',
			type: 'GSM',
			response: 'It is 4.\n#### 4\nThe answer is: 4',
		}),
		['questions', 'What is 2+2?', '4'],
	);
	assert.deepEqual(await kinds({ query: 'What is 2+2?', response: 'Adding gives four.\nThe answer is: $4$.' }), [
		'questions',
		'What is 2+2?',
		'$4$',
	]);
	assert.deepEqual(await kinds({ question: 'Find all x.', final_answer: ['1', '2'], is_multiple_answer: true }), [
		'questions',
		'Find all x.',
		'1, 2',
	]);
	assert.deepEqual(
		await kinds({
			problem: '2+2?',
			solution: 'So \\boxed{4}',
			answer: '4',
			generations: ['\\boxed{4}', 'x'],
			messages: [
				{ role: 'user', content: 'P' },
				{ role: 'assistant', content: 'y' },
			],
		}),
		['answers', '2+2?', '4'],
	);
	assert.deepEqual(await kinds({ vars: { question: '2+2?', answer: '4' }, response: { output: '4' }, score: 1 }), [
		'answers',
		'2+2?',
		'4',
	]);
	const mmlu = await collect(
		files.readQuestions(fileWith('What is 2+2?,3,4,5,6,B\n"1+1, then?",1,2,3,4,B\n', 'algebra_test.csv'), read()),
	);
	assert.deepEqual(
		mmlu.rows.map(({ text: question, gold }) => [question, gold]),
		[
			['What is 2+2?\nAnswer Choices: (A) 3 (B) 4 (C) 5 (D) 6', 'B'],
			['1+1, then?\nAnswer Choices: (A) 1 (B) 2 (C) 3 (D) 4', 'B'],
		],
	);
	const log = fileWith(
		JSON.stringify({ version: 2, status: 'success', eval: { model: 'm' }, results: {} }, null, 2),
		'log.json',
	);
	await assert.rejects(collect(files.readAnswers(log, read())), /holds no samples: log them/);
	const olympiad = await questions([{ question: 'Find all x.', final_answer: ['1', '2'] }]);
	assert.equal(olympiad.rows[0]?.gold, undefined);
	assert.match(olympiad.problems[0]?.message ?? '', /spellings of one answer or parts of it/);
});
