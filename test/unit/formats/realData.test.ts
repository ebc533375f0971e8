import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { normaliseQuestion } from '../../../src/core/questions/question.ts';
import { skillKey } from '../../../src/core/skills/skill.ts';
import { files } from '../../../src/formats/files.ts';
import { sharedData as data, withoutSharedData } from '../../fixtures/sharedData.ts';
import { collect, read } from './collect.ts';

test(
	'the MATH skill banks contain 6,552 training questions, 5,000 test rows and 118 skills',
	{ skip: withoutSharedData },
	async () => {
		const root = path.join(data, 'math-skill-bank');
		const train = new Map<string, string | undefined>();
		const skills = new Set<string>();
		let rows = 0;
		let withoutGold = 0;
		let testRows = 0;
		for (const subject of readdirSync(root)) {
			const bank = await collect(
				files.readSkills(path.join(root, subject, 'train/train_post_cluster.json'), read()),
			);
			assert.deepEqual(bank.problems, []);
			rows += bank.rows.length;
			for (const row of bank.rows) {
				assert.equal(row.subject, subject);
				assert.equal(row.skills?.length, 1);
				train.set(normaliseQuestion(row.text), row.gold);
				withoutGold += row.gold === undefined ? 1 : 0;
				assert.ok(row.solution);
			}
			bank.skills.forEach((skill) => skills.add(skillKey(skill)));
			const tested = await collect(
				files.readSkills(path.join(root, subject, 'test/test_post_cluster.json'), read()),
			);
			assert.deepEqual(tested.problems, []);
			testRows += tested.rows.length;
			assert.ok(
				tested.rows.every(
					({ gold, solution }) => gold !== undefined && !gold.startsWith("['") && solution === undefined,
				),
			);
		}
		assert.equal(rows, 6560);
		assert.equal(train.size, 6552);
		assert.equal(testRows, 5000);
		assert.equal(skills.size, 118);
		assert.equal(withoutGold, 3); // three solutions are cut off before or inside their box
	},
);

test(
	'a folder of banks with two splits is refused, but the folder of a single split can be read',
	{ skip: withoutSharedData },
	async () => {
		await assert.rejects(
			collect(files.readSkills(path.join(data, 'math-skill-bank'), read())),
			/both train\/ and test\//,
		);
		const one = await collect(files.readSkills(path.join(data, 'math-skill-bank/algebra/test'), read()));
		assert.ok(one.rows.length > 900);
	},
);

test(
	'a real evaluator log yields 60 questions and 480 answers, with golds from answer rather than gt',
	{ skip: withoutSharedData },
	async () => {
		const log = await collect(files.readAnswers(path.join(data, 'student-answers/math_cot_60.jsonl'), read()));
		assert.deepEqual(log.problems, []);
		assert.equal(log.rows.length, 60);
		const samples = log.rows.flatMap((row) => row.samples);
		assert.equal(samples.length, 480);
		assert.equal(samples.filter(({ logVerdict }) => logVerdict === true).length, 444);
		const golds = log.rows.map(({ question }) => question.gold);
		assert.ok(golds.includes('\\text{4:30 p.m.}') && !golds.includes('4:30p..'));
		assert.ok(log.rows.every(({ question }) => question.level !== undefined && question.solution !== undefined));
	},
);

test(
	'the generated log of 1,000 questions yields 8,000 answers with step scores and subjects',
	{ skip: withoutSharedData },
	async () => {
		const log = await collect(files.readAnswers(path.join(data, 'student-answers/made_1000.jsonl'), read()));
		assert.deepEqual(log.problems, []);
		assert.equal(log.rows.length, 1000);
		assert.equal(
			log.rows.flatMap((row) => row.samples).filter(({ stepScores }) => (stepScores?.length ?? 0) > 0).length,
			8000,
		);
		assert.equal(new Set(log.rows.map(({ question }) => question.subject)).size, 7);
		assert.ok(log.batches > 1);
	},
);

test('MATH by level, AIME, AMC and GSM8K are recognized by their fields', { skip: withoutSharedData }, async () => {
	let rows = 0;
	for (const level of [1, 2, 3, 4, 5]) {
		const math = await collect(
			files.readQuestions(path.join(data, `math-levels/train_level${level}.json`), read()),
		);
		assert.deepEqual(math.problems, []);
		assert.ok(
			math.rows.every(
				(row) =>
					row.level === level &&
					row.gold !== undefined &&
					row.solution !== undefined &&
					row.subject !== undefined,
			),
		);
		rows += math.rows.length;
	}
	assert.equal(rows, 7498);
	const aime = await collect(files.readQuestions(path.join(data, 'benchmarks/aime24_test.jsonl'), read()));
	assert.equal(aime.rows.length, 30);
	assert.equal(aime.rows[0]?.gold, '204');
	const amc = await collect(files.readQuestions(path.join(data, 'benchmarks/amc23_test.jsonl'), read()));
	assert.equal(amc.rows.length, 40);
	assert.equal(amc.rows[0]?.gold, '27');
	const gsm = await collect(files.readQuestions(path.join(data, 'benchmarks/gsm8k_test.jsonl'), read()));
	assert.equal(gsm.rows.length, 1319);
	assert.equal(gsm.rows[0]?.gold, '18');
	assert.ok(
		gsm.rows.every(
			({ solution, gold }) => solution !== undefined && gold !== undefined && !/<<|####/.test(solution),
		),
	);
	assert.deepEqual([...aime.problems, ...amc.problems, ...gsm.problems], []);
});

test('a log imported as questions yields only its questions', { skip: withoutSharedData }, async () => {
	const questions = await collect(files.readQuestions(path.join(data, 'student-answers/made_1000.jsonl'), read()));
	assert.equal(questions.rows.length, 1000);
	await assert.rejects(
		collect(files.readAnswers(path.join(data, 'benchmarks/aime24_test.jsonl'), read())),
		/no field holds the student’s answer/,
	);
});
