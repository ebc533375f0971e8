import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { RowProblem } from '../../../src/core/questions/imported.ts';
import { files } from '../../../src/formats/files.ts';
import { collect, fileWith, freshFolder, read } from './collect.ts';

const questions = (content: unknown[] | string, options = {}, name = 'rows.jsonl') =>
	collect(files.readQuestions(fileWith(text(content), name), read(options)));
const answers = (content: unknown[] | string, options = {}, name = 'rows.jsonl') =>
	collect(files.readAnswers(fileWith(text(content), name), read(options)));
const text = (content: unknown[] | string) =>
	typeof content === 'string' ? content : content.map((row) => JSON.stringify(row)).join('\n');
const problemFields = ({ problems }: { problems: readonly Pick<RowProblem, 'line' | 'field' | 'kept'>[] }) =>
	problems.map(({ line, field, kept }) => [line, field, kept === true]);

test('the gold is taken from the answer field, else the last balanced box, else the gt field, without GSM8K markup', async () => {
	const log = await answers([
		{ question: 'a', answer: '\\text{4:30 p.m.}', solution: '\\boxed{x}', gt: '4:30p..', code: ['c'] },
		{
			question: 'b',
			solution: 'first \\boxed{1}, then \\boxed{\\frac{1}{\\sqrt{2}}} and an open \\boxed{3',
			gt: '9',
			code: ['c'],
		},
		{ question: 'c', gt: 'seven', gt_cot: 'we count', code: ['c'] },
		{ question: 'd', answer: 'She has 2*3=<<2*3=6>>6 eggs.\nSo 6.\n#### 6', code: ['c'] },
		{ question: 'e', answer: null, gt: '', code: ['c'] },
		{ question: 'f', answer: '$\\boxed{5}$', code: ['c'] },
		{ question: 'g', solution: 'a \\boxed{\\{1, 2\\}} b', code: ['c'] },
		{ question: 'h', answer: 'She has 6 eggs. #### 6', code: ['c'] },
	]);
	assert.deepEqual(log.problems, []);
	assert.deepEqual(
		log.rows.map(({ question }) => [question.gold, question.solution]),
		[
			['\\text{4:30 p.m.}', '\\boxed{x}'],
			['\\frac{1}{\\sqrt{2}}', 'first \\boxed{1}, then \\boxed{\\frac{1}{\\sqrt{2}}} and an open \\boxed{3'],
			['seven', 'we count'],
			['6', 'She has 2*3=6 eggs.\nSo 6.'],
			[undefined, undefined],
			['5', undefined],
			['\\{1, 2\\}', 'a \\boxed{\\{1, 2\\}} b'],
			['6', 'She has 6 eggs.'],
		],
	);
});

test('levels, subjects and numbers are read in every spelling', async () => {
	const rows = [
		{ problem: '1', level: 'Level 5', type: 'Counting & Probability', answer: 27.0 },
		{ problem: '2', level: 'Level ?', subject: 'number_theory', answer: -0.5 },
		{ problem: '3', level: 3, answer: ['4'] },
		{ problem: '4', level: 99, answer: 'x' },
		{ problem: '5', level: 2.5, answer: 'x' },
		{ problem: '6', level: [1], type: 7, answer: { a: 1 } },
	];
	const { rows: found, ...rest } = await questions(
		`${text(rows)}\n{"problem":"7","level":null,"answer":12345678901234567890}`,
	);
	assert.deepEqual(
		found.map(({ level, subject, gold }) => [level, subject, gold]),
		[
			[5, 'counting_and_probability', '27'],
			[undefined, 'number_theory', '-0.5'],
			[3, undefined, '4'],
			[undefined, undefined, 'x'],
			[undefined, undefined, 'x'],
			[undefined, undefined, undefined],
			[undefined, undefined, undefined],
		],
	);
	assert.deepEqual(problemFields(rest).sort(), [
		[4, 'level', true],
		[5, 'level', true],
		[6, 'answer', true],
		[6, 'level', true],
		[6, 'type', true],
		[7, 'answer', true],
	]);
	assert.match(rest.problems.find(({ line }) => line === 7)?.message ?? '', /write it as text/);
	assert.equal((await questions(rows, { subject: 'My Subject' })).rows[0]?.subject, 'my_subject');
});

test('a bad row is reported as one problem with file, line, field and excerpt, and the other rows are read', async () => {
	const file = fileWith(
		[
			'{"problem":"1","answer":"1"}',
			'{"problem":"2","answer":',
			'null',
			'[1]',
			'{"answer":"5"}',
			'{"problem":" \\n","answer":"6"}',
			'{"problem":7,"answer":"7"}',
			`{"problem":"${'q'.repeat(100_001)}","answer":"8"}`,
			'{"problem":"9","answer":"9"}',
		].join('\n'),
	);
	const found = await collect(files.readQuestions(file, read()));
	assert.deepEqual(
		found.rows.map(({ text: question, line }) => [question, line]),
		[
			['1', 1],
			['9', 9],
		],
	);
	assert.deepEqual(problemFields(found), [
		[2, '', false],
		[3, '', false],
		[4, '', false],
		[5, 'question', false],
		[6, 'problem', false],
		[7, 'problem', false],
		[8, 'problem', false],
	]);
	assert.ok(
		found.problems.every(
			(problem) =>
				problem.file === file && (problem.excerpt?.length ?? 0) <= 2000 && !problem.message.includes('\n'),
		),
	);
	assert.equal(found.problems[0]?.excerpt, '{"problem":"2","answer":');
	assert.equal(found.bytes, found.bytesTotal);
});

test('samples may be a string or a list; verdicts and step scores are ignored if there are not as many of them as samples', async () => {
	const found = await answers([
		{ question: '1', answer: '2', code: 'one text', score: true, pred: '2', step_scores: [0.5, 1] },
		{
			question: '2',
			code: ['a', 'b', 'c'],
			score: [true, 0],
			pred: ['1', '', 3],
			step_scores: [[0.1], [], [0.2, 0.3]],
		},
		{
			question: '3',
			code: ['a', 'b'],
			score: [true, true, false],
			pred: ['x', 'y', 'z'],
			step_scores: [[1], [1], [1]],
		},
		{ question: '4', code: ['a', 5, null, 'd'], score: [false, true, true, true] },
		{ question: '5', code: [], score: [] },
		{ question: '6', code: [1, 2], score: [] },
		{ question: '7', code: ['a', 'b'], step_scores: [[0.5, 1.5], [0.5]] },
		{ question: '8', code: ['a'.repeat(1_000_001), 'b'] },
		{ question: '9', code: ['a', 'b'], step_scores: [0.5, 0.25], score: 'yes', pred: { a: 1 } },
		{ question: '10', score: [true], code: null },
	]);
	assert.deepEqual(
		found.rows.map(({ question, samples }) => [
			question.text,
			samples.map(({ sample, logVerdict, logExtracted, stepScores }) => [
				sample,
				logVerdict,
				logExtracted,
				stepScores,
			]),
		]),
		[
			['1', [[0, true, '2', [0.5, 1]]]],
			[
				'2',
				[
					[0, true, '1', [0.1]],
					[1, false, undefined, undefined],
					[2, undefined, '3', [0.2, 0.3]],
				],
			],
			[
				'3',
				[
					[0, undefined, undefined, undefined],
					[1, undefined, undefined, undefined],
				],
			],
			[
				'4',
				[
					[0, false, undefined, undefined],
					[3, true, undefined, undefined],
				],
			],
			[
				'7',
				[
					[0, undefined, undefined, undefined],
					[1, undefined, undefined, [0.5]],
				],
			],
			['8', [[1, undefined, undefined, undefined]]],
			[
				'9',
				[
					[0, undefined, undefined, [0.5, 0.25]],
					[1, undefined, undefined, undefined],
				],
			],
		],
	);
	assert.deepEqual(problemFields(found), [
		[3, 'score', true],
		[3, 'pred', true],
		[3, 'step_scores', true],
		[4, 'code[1]', false],
		[4, 'code[2]', false],
		[5, 'code', false],
		[6, 'code[0]', false],
		[6, 'code[1]', false],
		[7, 'step_scores', true],
		[8, 'code[0]', false],
		[9, 'pred', true],
		[10, 'initial_sol', false],
	]);
});

test('a bare NaN or Infinity affects only its own field and is left unchanged inside text', async () => {
	const found = await answers(
		'{"question":"is NaN, \\"-Infinity\\" a number?","code":["NaN ' +
			'\\\\","Infinity"],"step_scores":[[0.5,NaN],[1]],"pred_score":[Infinity,-Infinity],"level":NaN,"answer":NaN,"gt":"3"}\n{"question":"b","code":[NaN]}',
	);
	assert.equal(found.rows.length, 1);
	assert.deepEqual(found.rows[0]?.question, {
		text: 'is NaN, "-Infinity" a number?',
		line: 1,
		gold: '3',
		solution: undefined,
		level: undefined,
		subject: undefined,
		skills: undefined,
	});
	assert.deepEqual(
		found.rows[0]?.samples.map(({ text: answer, stepScores }) => [answer, stepScores]),
		[
			['NaN \\', undefined],
			['Infinity', [1]],
		],
	);
	assert.deepEqual(problemFields(found), [
		[1, 'step_scores', true],
		[2, 'code[0]', false],
	]);
	assert.equal(
		(await questions('{"problem":"x","answer":NaN}\n{"problem":"y","answer":"NaN","other":NaN')).problems.length,
		1,
	);
});

test('prototype keys, duplicate keys, deep nesting and lone surrogates do no harm', async () => {
	const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
	const found = await questions(
		[
			'{"__proto__":{"problem":"polluted","answer":"1"},"constructor":{"prototype":{"a":1}},"problem":"1","answer":"1"}',
			'{"__proto__":{"problem":"only here","answer":"1"}}',
			'{"problem":"first","problem":"2","answer":"1","answer":"2"}',
			`{"problem":"3","answer":"3","extra":${deep}}`,
			`{"problem":"4","answer":${deep}}`,
			'{"problem":"5 \\ud800 half","answer":"5"}',
			'{"problem":"6","answer":"6","toString":1,"hasOwnProperty":2}',
		].join('\n'),
	);
	assert.deepEqual(
		found.rows.map(({ text: question, gold }) => [question, gold]),
		[
			['1', '1'],
			['2', '2'],
			['3', '3'],
			['4', undefined],
			['5 \ud800 half', '5'],
			['6', '6'],
		],
	);
	assert.deepEqual(problemFields(found), [
		[2, 'question', false],
		[4 + 1, 'answer', true],
	]);
	assert.equal(({} as Record<string, unknown>)['problem'], undefined);
	for (const path of ['constructor.name', '__proto__.x', 'q.length']) {
		await assert.rejects(
			questions([{ q: 'x' }], { mapping: { question: 'q', gold: path } }),
			/which none of the first rows has/,
			path,
		);
	}
	await assert.rejects(questions([{ q: 'x' }], { mapping: { constructor: 'q' } }), { kind: 'usage' });
});

test("a plain file's fields are recognized by name or mapped by dotted paths", async () => {
	const plain = await answers([
		{ prompt: 'p', expected: '4', response: 'I think \\boxed{4}', sample: 3, correct: true },
		{ prompt: 'p', expected: '4', response: ['x', 'y'], sample: 5 },
		{ prompt: 'p', response: 'z', sample: -1 },
	]);
	assert.deepEqual(
		plain.rows.map(({ question, samples }) => [
			question.text,
			question.gold,
			samples.map(({ sample, logVerdict }) => [sample, logVerdict]),
		]),
		[
			['p', '4', [[3, true]]],
			[
				'p',
				'4',
				[
					[5, undefined],
					[6, undefined],
				],
			],
		],
	);
	assert.deepEqual(problemFields(plain), [[3, 'sample', false]]);
	const unnumbered = await answers([
		{ question: 'a', output: '1' },
		{ question: 'b', output: '1' },
		{ question: ' a ', output: '2' },
		{ question: 'a', output: ['3', '4'] },
		{ question: 'a', output: '5' },
	]);
	assert.deepEqual(
		unnumbered.rows.map(({ samples }) => samples.map(({ sample }) => sample)),
		[[0], [0], [1], [2, 3], [4]],
	);
	const mapping = {
		question: 'doc.q',
		gold: 'doc.meta.0.key',
		response: 'resps.0',
		subject: 'a.b',
		skills: 'tags',
		sample: 'n',
	};
	const mapped = await answers(
		[
			{
				doc: { q: 'Q', meta: [{ key: 7 }] },
				resps: [['r1', 'r2']],
				'a.b': 'Algebra',
				tags: ['one', 'two'],
				n: 0,
			},
			{ doc: { meta: 3 }, resps: [[]] },
		],
		{ mapping },
	);
	assert.deepEqual(
		mapped.rows.map(({ question, samples }) => [
			question.text,
			question.gold,
			question.subject,
			question.skills,
			samples.length,
		]),
		[['Q', '7', 'algebra', ['one', 'two'], 2]],
	);
	assert.deepEqual(problemFields(mapped), [[2, 'doc.q', false]]);
});

test("a list, an object with a list, the Hub's row viewer format and a single problem all yield rows", async () => {
	const rows = [
		{ problem: '1', level: 'Level 1', type: 'Algebra', solution: '\\boxed{1}' },
		{ problem: '2', level: 'Level 2', type: 'Algebra', solution: '\\boxed{2}' },
	];
	for (const [content, name] of [
		[JSON.stringify(rows), 'a.json'],
		[JSON.stringify(rows, null, 4), 'a.json'],
		[`\ufeff ${JSON.stringify(rows)}`, 'a'],
		[JSON.stringify({ version: 1, note: { a: [1] }, data: rows }), 'a.json'],
		[
			JSON.stringify({
				features: [{ name: 'x' }],
				rows: rows.map((row, index) => ({ row_idx: index, row, truncated_cells: [] })),
			}),
			'a.json',
		],
		[text(rows), 'a.json'],
		[text(rows), 'a.txt'],
	] as const) {
		const found = await questions(content, {}, name);
		assert.deepEqual(
			found.rows.map((row) => [row.text, row.level, row.gold, row.line]),
			[
				['1', 1, '1', 1],
				['2', 2, '2', 2],
			],
			content.slice(0, 60),
		);
		assert.deepEqual(found.problems, []);
	}
	assert.deepEqual(
		(await questions(JSON.stringify(rows[0], null, 1), {}, '1.json')).rows.map(({ gold }) => gold),
		['1'],
	);
	const broken = await questions(`${JSON.stringify(rows).slice(0, -1)}, {"problem":`, {}, 'a.json');
	assert.equal(broken.rows.length, 2);
	assert.match(broken.problems[0]?.message ?? '', /file ends in the middle.*rows before it came in/);
});

test('a folder of problems is read in order without following links, and a folder with two splits is refused', async () => {
	const folder = freshFolder();
	for (const [subject, name] of [
		['algebra', '10'],
		['algebra', '2'],
		['number_theory', '1'],
		['number_theory', '3'],
	] as const) {
		mkdirSync(path.join(folder, 'train', subject), { recursive: true });
		writeFileSync(
			path.join(folder, 'train', subject, `${name}.json`),
			JSON.stringify({ problem: `${subject} ${name}`, level: 'Level 1', solution: '\\boxed{1}' }),
		);
	}
	writeFileSync(path.join(folder, 'train/number_theory/2.json'), '<html>');
	symlinkSync('/etc', path.join(folder, 'train/elsewhere'));
	symlinkSync('/etc/hostname', path.join(folder, 'train/algebra/0.json'));
	const found = await collect(files.readQuestions(folder, read()));
	assert.deepEqual(
		found.rows.map(({ text: question, subject }) => [question, subject]),
		[
			['algebra 2', 'algebra'],
			['algebra 10', 'algebra'],
			['number_theory 1', 'number_theory'],
			['number_theory 3', 'number_theory'],
		],
	);
	assert.deepEqual(
		found.problems.map(({ file, line }) => [path.basename(file), line]),
		[['2.json', 0]],
	);
	mkdirSync(path.join(folder, 'test'));
	await assert.rejects(collect(files.readQuestions(folder, read())), /both train\/ and test\//);
	await assert.rejects(
		collect(files.readQuestions(freshFolder(), read())),
		/no \.json, \.jsonl, \.csv, \.eval or \.parquet file/,
	);
});

test('an unknown shape fails with a one-line error that says what was expected and what to do', async () => {
	const failure = async (run: Promise<unknown>) =>
		run.then(
			() => assert.fail('was read'),
			(error: Error) => error.message,
		);
	const message = await failure(questions([{ foo: 1, bar: 2 }]));
	assert.match(
		message,
		/rows\.jsonl: not a known format for questions\. Its first row has foo, bar; looked for .*Name the format/,
	);
	assert.ok(!message.includes('\n'));
	assert.match(await failure(answers([{ question: 'x', answer: 'y' }])), /no field holds the student’s answer/);
	assert.match(
		await failure(questions(JSON.stringify({ skills: [], skill_dict: {} }), {}, 'bank.json')),
		/skill bank: import it as skills/,
	);
	assert.match(await failure(questions('hello', {}, 'a.json')), /neither JSON nor JSON Lines/);
	assert.match(await failure(questions('', {}, 'a.json')), /empty/);
	assert.match(
		await failure(questions([{ problem: 'x', answer: 1 }], { format: 'nope' })),
		/no format “nope”.*qwen-math, gsm8k, math, competition, messages, segments, trl, alpaca, plain/,
	);
	const mapped = await questions([{ problem: 'x', answer: 1, key: 2 }], { format: 'math', mapping: { gold: 'key' } });
	assert.equal(mapped.rows[0]?.gold, '2');
	assert.equal((await questions([{ problem: 'x', answer: 1 }], { format: 'math' })).rows.length, 1);
	assert.deepEqual((await questions('', {}, 'empty.jsonl')).rows, []);
});

test("AdaptMI's later files yield first-pass answers only if the code is missing", async () => {
	const found = await answers([
		{
			question: '1',
			code: ['second'],
			pred: ['2'],
			score: [true],
			initial_sol: 'first',
			initial_pred: '1',
			initial_score: false,
			PRM_pred: false,
			model_sol: 'second',
			parsed_output: { skills: ['x'] },
		},
		{
			question: '2',
			initial_sol: 'first',
			initial_pred: '1',
			initial_score: false,
			initial_step_scores: [0.2, 0.4],
		},
		{ question: '3', model_sol: 'labelled', score: [false] },
	]);
	assert.deepEqual(
		found.rows.map(({ samples }) =>
			samples.map(({ text: answer, logVerdict, logExtracted, stepScores }) => [
				answer,
				logVerdict,
				logExtracted,
				stepScores,
			]),
		),
		[
			[['second', true, '2', undefined]],
			[['first', false, '1', [0.2, 0.4]]],
			[['labelled', false, undefined, undefined]],
		],
	);
});

test('answers arrive in batches with progress in bytes and can be cancelled between batches', async () => {
	const rows = Array.from({ length: 3000 }, (_, index) => ({
		question: `q${index}`,
		code: Array.from({ length: 4 }, () => 'a'.repeat(200)),
	}));
	const file = fileWith(text(rows));
	const sizes: number[] = [];
	for await (const batch of files.readAnswers(file, read())) {
		sizes.push(batch.rows.length);
		assert.ok(batch.bytes <= batch.bytesTotal);
	}
	assert.equal(
		sizes.reduce((sum, size) => sum + size),
		3000,
	);
	assert.ok(sizes.length >= 3 && Math.max(...sizes) < 2000, sizes.join());
	const cancel = new AbortController();
	await assert.rejects(
		async () => {
			for await (const batch of files.readAnswers(file, read({ signal: cancel.signal }))) {
				assert.ok(batch.rows.length > 0);
				cancel.abort();
			}
		},
		{ kind: 'cancelled' },
	);
});
