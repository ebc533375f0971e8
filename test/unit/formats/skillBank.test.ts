import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { lastBoxed } from '../../../src/formats/finalAnswer.ts';
import { files } from '../../../src/formats/files.ts';
import { pythonList } from '../../../src/formats/pythonList.ts';
import { collect, fileWith, freshFolder, read } from './collect.ts';

const bank = (content: unknown, options = {}, name = 'bank.json') =>
	collect(
		files.readSkills(
			fileWith(typeof content === 'string' ? content : JSON.stringify(content), name),
			read(options),
		),
	);

test('a clustered bank yields one row per question and skill, and golds are read from printed lists and from solutions', async () => {
	const found = await bank(
		{
			skills: ['adding_things', 'never_used', 'adding_things'],
			example_nums: { adding_things: 4 },
			skill_dict: {
				adding_things: [
					{ question: 'a', answer: "['\\\\frac{1}{2}', 0.5]" },
					{ question: 'b', answer: 'We add and find $\\boxed{\\text{two, or }2}$.' },
					{ question: 'c', answer: '3x + 2' },
					{ question: 'd', answer: 'Then we see that it holds for all of them.' },
				],
				other: [
					{ question: 'a', answer: '["it\'s, so", None]' },
					{ question: 'e', answer: '[1, 2]' },
					{ question: 'f', answer: 'long', solution: 'We get $\\boxed{9}$' },
				],
			},
		},
		{ subject: 'Number Theory' },
	);
	assert.deepEqual(found.problems, []);
	assert.deepEqual(
		found.skills.map(({ subject, name }) => `${subject}/${name}`),
		['number_theory/adding_things', 'number_theory/never_used'],
	);
	assert.deepEqual(
		found.rows.map(({ text, skills, gold, solution, subject }) => [
			text,
			skills?.join(),
			gold,
			solution !== undefined,
			subject,
		]),
		[
			['a', 'adding_things', '\\frac{1}{2}', false, 'number_theory'],
			['b', 'adding_things', '\\text{two, or }2', true, 'number_theory'],
			['c', 'adding_things', '3x + 2', false, 'number_theory'],
			['d', 'adding_things', undefined, true, 'number_theory'],
			['a', 'other', "it's, so", false, 'number_theory'],
			['e', 'other', '[1, 2]', false, 'number_theory'],
			['f', 'other', 'long', true, 'number_theory'],
		],
	);
});

test('banks of the shapes {skill: [question]} and question2skill, and rows with a skills field, are read', async () => {
	const simple = await bank({
		'Area of circles': ['What is the area?', { question: 'And now?', answer: '4' }],
		empty: [],
	});
	assert.deepEqual(
		simple.rows.map(({ text, skills, gold, subject }) => [text, skills, gold, subject]),
		[
			['What is the area?', ['Area of circles'], undefined, undefined],
			['And now?', ['Area of circles'], '4', undefined],
		],
	);
	const map = await bank({ question2skill: { 'q1?': ['a', 'b', 'a'], 'q2?': [], 'q3?': 'c' } });
	assert.deepEqual(
		map.rows.map(({ text, skills }) => [text, skills]),
		[
			['q1?', ['a', 'b']],
			['q3?', ['c']],
		],
	);
	assert.equal(map.problems.length, 1);
	const lines = await bank(
		'{"question":"x","answer":"1","skills":["a","b"]}\n{"question":"y","answer":"1"}\n',
		{},
		'bank.jsonl',
	);
	assert.deepEqual(
		lines.rows.map(({ skills }) => skills),
		[['a', 'b']],
	);
	assert.deepEqual(
		lines.problems.map(({ line, field }) => [line, field]),
		[[2, 'skills']],
	);
});

test('only the malformed parts of a bank are lost', async () => {
	const found = await bank(
		'{"skills": "x", "skill_dict": {"a": [{"question": "1", "answer": NaN}, 5, null, {"answer": "x"}, ' +
			'{"question": "2", "answer": }, {"question": "3"}], "b": {"question": "no list"}, "__proto__": ' +
			'["4"], "": ["5"]}, "weird": 3}',
	);
	assert.deepEqual(
		found.rows.map(({ text, skills }) => [text, skills?.[0]]),
		[
			['1', 'a'],
			['3', 'a'],
			['4', '__proto__'],
		],
	);
	assert.deepEqual(
		found.problems.map(({ field, kept }) => [field, kept === true]),
		[
			['skills', false],
			['question', false],
			['question', false],
			['question', false],
			['a', false],
			['b', false],
			['skill', false],
			['weird', false],
		],
	);
	const cut = await bank('{"skill_dict": {"a": [{"question": "1"}, {"question": "2"');
	assert.deepEqual(
		cut.rows.map(({ text }) => text),
		['1'],
	);
	assert.match(cut.problems[0]?.message ?? '', /skill_dict › a › 1: the file ends/);
});

test('the subject comes from the folder name, and a MATH subject is preferred', async () => {
	const root = freshFolder();
	for (const [folder, expected] of [
		['counting_and_probability/train', 'counting_and_probability'],
		['physics/test', 'physics'],
		['deep/algebra/x/train', 'algebra'],
	] as const) {
		mkdirSync(path.join(root, folder), { recursive: true });
		const file = path.join(root, folder, 'x_post_cluster.json');
		writeFileSync(file, JSON.stringify({ skills: ['s'], skill_dict: { s: [{ question: 'q', answer: '1' }] } }));
		const found = await collect(files.readSkills(file, read()));
		assert.deepEqual([found.rows[0]?.subject, found.skills[0]?.subject], [expected, expected]);
		assert.equal((await collect(files.readSkills(file, read({ subject: 'Given' })))).rows[0]?.subject, 'given');
	}
});

test('printed Python lists are read as Python reads them', (context) => {
	const asPython = [
		"['\\\\frac{1}{2}', 0.5]",
		'["it\'s", None]',
		"['a, b', -3]",
		"['\\'q\\' \"r\"', 1e-05]",
		"['\\\\text{caf\\xe9} \\u4e2d \\U0001f642\\n\\t', True]",
		'[]',
		"[ 'x' , ]",
		"['\\q\\d', 1]",
		"['\\101\\0', False]",
		"['open",
		"['x'] trailing",
		'[,]',
		'x',
		"['\\xZZ', 1]",
		"['\\UFFFFFFFF']",
		"['\\N{DASH}']",
		'[1 2]',
		"['\\\\', '\\\\\\'']",
	];
	assert.deepEqual(pythonList(asPython[0] ?? ''), ['\\frac{1}{2}', 0.5]);
	assert.deepEqual(pythonList(asPython[1] ?? ''), ["it's", null]);
	// only flat lists are supported
	assert.deepEqual(['[1, [2]]', "['a' 'b']", '[', ']', '[]]'].map(pythonList), [null, null, null, null, null]);
	const script =
		'import ast, json, sys\nfor text in json.load(sys.stdin):\n  try:\n    value = ' +
		'ast.literal_eval(text)\n  except Exception:\n    value = None\n  print(json.dumps(value))';
	const python = spawnSync(process.env['STAT_PYTHON'] ?? 'python3', ['-W', 'ignore', '-c', script], {
		input: JSON.stringify(asPython.filter((text) => !text.includes('N{'))),
		encoding: 'utf8',
	});
	if (python.error) {
		context.diagnostic('no python3 here: not compared with Python itself');
		return;
	}
	assert.deepEqual(
		asPython.filter((text) => !text.includes('N{')).map(pythonList),
		python.stdout
			.trim()
			.split('\n')
			.map((line) => JSON.parse(line) as unknown),
	);
});

test('lastBoxed finds the last balanced box, and gives up on 200,000 open ones', () => {
	assert.equal(lastBoxed('\\boxed{1} \\boxed{2{3}4} \\boxed{'), '2{3}4');
	assert.equal(lastBoxed('\\boxed 5'), '5');
	assert.equal(lastBoxed('\\fbox{6}'), '6');
	assert.equal(lastBoxed('\\boxed{\\}}'), '\\}');
	assert.equal(lastBoxed('nothing'), undefined);
	assert.equal(lastBoxed('\\boxed{'.repeat(200_000)), undefined);
});
