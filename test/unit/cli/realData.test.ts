import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { sharedData as data, withoutSharedData } from '../../fixtures/sharedData.ts';
import type { StandInTeacher } from '../../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

const servers: StandInTeacher[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

test('the loop runs on the real skill banks and generated answers', { skip: withoutSharedData }, async () => {
	const folder = newFolder();
	const did = async (args: readonly string[], env: Record<string, string> = {}): Promise<Record<string, unknown>> => {
		const ran = await runCli([...args, '--json'], folder, env);
		assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
		return ran.json();
	};
	const subjects = fs.readdirSync(path.join(data, 'math-skill-bank'));
	const banks = (split: string) =>
		subjects.map((subject) => path.join(data, 'math-skill-bank', subject, split, `${split}_post_cluster.json`));
	await did(['init']);
	const train = await did(['import', 'skills', ...banks('train')]);
	assert.deepEqual([train['questions'], train['skills'], train['duplicates'], train['skipped']], [6552, 118, 8, 0]);
	const test = await did(['import', 'skills', ...banks('test'), '--split', 'validation']);
	assert.deepEqual(
		[test['questions'], test['skills'], test['skipped']],
		[4999, 0, 1],
		'one stands in the training bank',
	);
	const levels = await did([
		'import',
		'questions',
		...[1, 2, 3, 4, 5].map((level) => path.join(data, 'math-levels', `train_level${level}.json`)),
		'--split',
		'train',
	]);
	assert.ok(Number(levels['updated']) > 6000, 'the bank lacks levels');

	const real = await did([
		'import',
		'answers',
		path.join(data, 'student-answers/math_cot_60.jsonl'),
		'--student',
		'real',
	]);
	assert.deepEqual([real['answers'], real['questions'], real['graded']], [480, 0, 480]);
	assert.ok(Number(real['correct']) >= 444, "the log's grader failed on units");
	const made = await did([
		'import',
		'answers',
		path.join(data, 'student-answers/made_1000.jsonl'),
		'--student',
		'made',
	]);
	assert.deepEqual([made['answers'], made['questions'], made['skipped']], [8000, 0, 0]);
	const rules = await Promise.all(
		['answer', 'reward', 'consistency', 'length'].map((method) =>
			did(['classify', '--student', 'real', '--method', method]),
		),
	);
	assert.deepEqual(
		rules.map(({ unclassified, f1 }) => [unclassified, f1]),
		[
			[0, 1],
			[60, null],
			[0, null],
			[0, null],
		],
		'what can and cannot be said of 60 easy questions',
	);
	const reward = await did(['classify', '--student', 'made', '--method', 'reward']);
	assert.ok(Number(reward['f1']) > 0.9 && Number(reward['difficult']) > 450);

	const server = await startStandInTeacher({ extraSkills: [1, 2] });
	servers.push(server);
	const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' };
	const diagnosed = await did(['diagnose', '--student', 'made'], env);
	assert.deepEqual([diagnosed['diagnosed'], diagnosed['failed']], [reward['difficult'], 0]);
	const { weak } = JSON.parse(fs.readFileSync(path.join(data, 'student-answers/made_1000.truth.json'), 'utf8')) as {
		weak: [string, string][];
	};
	const profile = (await did(['profile', '--student', 'made', '--rank', 'exposure', '--top', '14']))['skills'] as {
		subject: string;
		skill: string;
	}[];
	const found = profile.filter(({ subject, skill }) =>
		weak.some(([weakSubject, name]) => weakSubject === subject && name === skill),
	).length;
	assert.ok(found >= 6, `${found} of 14 weak skills among the 14 first, where chance gives 14 · 14 / 118 = 1.7`);

	const sel = await did(['build', 'sel', '--student', 'made', '--name', 'sel']);
	const stages = sel['yield'] as Record<string, number>;
	assert.deepEqual([sel['pairs'], stages['difficult'], sel['distinct'] === sel['questions']], [9500, 500, true]);
	assert.ok(
		Number(sel['questions']) > 2200 && Number(sel['questions']) < 3700,
		`${sel['questions']} questions of a one-skill bank`,
	);
	assert.deepEqual((await did(['build', 'sel', '--student', 'made', '--name', 'again']))['sha256'], sel['sha256']);
	const hard = await did(['build', 'hard', '--name', 'hard', '--pairs', '5000']);
	assert.equal(hard['pairs'], 5000);
});
