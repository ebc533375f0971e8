import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';

test('--help lists all commands, those of a group or the usage of one command, and --version prints the version', async () => {
	const folder = newFolder();
	const [help, none, version, own, ownOf] = await Promise.all([
		runCli(['--help'], folder),
		runCli([], folder),
		runCli(['--version'], folder),
		runCli(['build', '--help'], folder),
		runCli(['help', 'import', 'answers'], folder),
	]);
	assert.deepEqual([help.code, none.code, version.code, own.code, ownOf.code], [0, 0, 0, 0, 0]);
	assert.match(help.stdout, /import answers .*\n[\s\S]*diagnose/);
	assert.equal(none.stdout, help.stdout);
	assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
	assert.match(own.stdout, /--per-skill N/);
	assert.match(own.stdout, /--teacher-url URL/);
	assert.match(ownOf.stdout, /--student NAME/);
	const [group, ofGroup, nonsense] = await Promise.all([
		runCli(['rounds', '--help'], folder),
		runCli(['help', 'rounds'], folder),
		runCli(['nonsense', '--help'], folder),
	]);
	assert.deepEqual([group.code, ofGroup.code, nonsense.code], [0, 0, 2]);
	assert.match(group.stdout, /rounds list .*[\s\S]*rounds next /);
	assert.doesNotMatch(group.stdout, /import/);
	assert.equal(ofGroup.stdout, group.stdout);
	assert.deepEqual(fs.readdirSync(folder), [], 'asking makes nothing');
});

test('wrong usage exits with code 2 and prints one line, or one JSON object with --json', async () => {
	const folder = newFolder();
	assert.equal((await runCli(['init'], folder)).code, 0);
	const wrong: (readonly [readonly string[], RegExp])[] = [
		[['nonsense'], /no command "nonsense"; there are: init, plan, import, import skills/],
		[['import'], /usage: stat-studio import FILE… \("stat-studio import --help" says more\)/],
		[['import', 'answers', 'x.jsonl'], /--student is missing/],
		[['import', 'questions', 'x.jsonl'], /--split is missing/],
		[
			['import', 'questions', 'x.jsonl', '--split', 'dev'],
			/--split must be one of train, validation, test, not "dev"/,
		],
		[['status', '--nonsense'], /--nonsense/],
		[['status', 'extra'], /usage: stat-studio status/],
		[['build', 'sel'], /--name is missing/],
		[['build', 'nonsense', '--name', 'x'], /build makes/],
		[['build', 'train', '--name', '../x'], /not a valid dataset name/],
		[['build', 'train', '--name', 'x', '--pairs', '-3'], /--pairs must be a whole number from 1 on, not "-3"/],
		[['build', 'train', '--name', 'x', '--seed', '1.5'], /--seed must be a whole number from 0 on, not "1.5"/],
		[['classify', '--tau1', 'high'], /--tau1 must be a number, not "high"/],
		[['diagnose', '--teacher', 'gpt'], /scripted:FILE/],
		[['diagnose', '--teacher-url', 'http://127.0.0.1:1/v1'], /--teacher-model or STAT_TEACHER_MODEL/],
		[['why', 'x', 'first'], /rows count from 0/],
	];
	for (const [args, message] of wrong) {
		const ran = await runCli([...args, '--json'], folder);
		assert.equal(ran.code, 2, `${args.join(' ')}: ${ran.stderr}`);
		const [line, ...more] = ran.stderr.trimEnd().split('\n');
		assert.match(line ?? '', /^stat-studio: /);
		assert.match(line ?? '', message);
		assert.deepEqual(more, []);
		assert.match(String(ran.json()['error']), message);
	}
});

test('without a project, answers or a teacher, a one-line message names the command to run first', async () => {
	const folder = newFolder();
	const noProject = await runCli(['status'], folder);
	assert.equal(noProject.code, 2);
	assert.match(noProject.stderr, /init/);
	assert.deepEqual(fs.readdirSync(folder), [], 'nothing is made by looking');
	await runCli(['init'], folder);
	const next = async () => /next: "(\w+ ?\w*)/.exec((await runCli(['status'], folder)).stdout)?.[1];
	assert.equal(await next(), 'import skills');
	assert.match((await runCli(['classify'], folder)).stderr, /import answers/);
	const world = writeSmallWorld(path.join(folder, 'data'));
	assert.equal((await runCli(['import', 'answers', world.answers, '--student', 's'], folder)).code, 0);
	assert.equal(await next(), 'catalog');
	assert.equal((await runCli(['import', 'skills', ...world.trainBanks, ...world.testBanks], folder)).code, 0);
	assert.equal(await next(), 'classify');
	const teacherless = await runCli(['diagnose'], folder);
	assert.equal(teacherless.code, 2);
	assert.match(teacherless.stderr, /STAT_TEACHER_URL/);
	assert.match((await runCli(['build', 'sel', '--name', 'x'], folder)).stderr, /"diagnose" first/);
	assert.match((await runCli(['profile', '--student', 'nobody'], folder)).stderr, /students with answers: s/);
	assert.match((await runCli(['profile', '--round', '7'], folder)).stderr, /rounds with answers: 1/);
	const missing = await runCli(['import', 'answers', 'no such file.jsonl', '--student', 's', '--json'], folder);
	assert.equal(missing.code, 1);
	assert.match(missing.stderr, /no such file\.jsonl/);
});

test('options may appear anywhere, and the project is found from a subfolder or by --project', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'));
	assert.deepEqual((await runCli(['init', '--json'], folder)).json()['project'], fs.realpathSync(folder));
	const imported = await runCli(
		['import', 'answers', '--json', '--student', 's', world.answers, '--round=2'],
		path.join(folder, 'data'),
	);
	assert.equal(imported.json()['answers'], world.counts.answers);
	const elsewhere = newFolder();
	for (const args of [
		['--project', folder, 'status', '--json'],
		['status', `--project=${folder}`, '--json'],
		['--json', 'status', '--project', folder],
	]) {
		assert.equal((await runCli(args, elsewhere)).json()['answers'], world.counts.answers);
	}
	assert.equal((await runCli(['classify', '--json'], folder)).json()['round'], 2, 'the only round there is');
});

test("imported text cannot move the terminal's cursor or set colours", async () => {
	const folder = newFolder();
	await runCli(['init'], folder);
	const file = path.join(folder, 'hostile.jsonl');
	fs.writeFileSync(
		file,
		`${JSON.stringify({ question: 'x', answer: '\u001b[2J\u001b]0;owned\u0007' })}\n{"question": "\u001b[31m"\n`,
	);
	const ran = await runCli(['import', 'questions', file, '--split', 'train'], folder);
	const listed = await runCli(['set-aside'], folder);
	assert.doesNotMatch(ran.stdout + ran.stderr + listed.stdout, /[\u0000-\u0008\u000b-\u001f\u007f]/);
});

test('train checks its dataset before it connects to a new host', async () => {
	const folder = newFolder();
	const env = { XDG_CONFIG_HOME: path.join(folder, 'config'), HOME: folder };
	assert.equal((await runCli(['init'], folder, env)).code, 0);
	const ran = await runCli(['train', 'none', '--host', 'somewhere', '--model', 'tiny'], folder, env);
	assert.equal(ran.code, 2);
	assert.match(ran.stderr, /none/);
	assert.doesNotMatch(ran.stderr, /somewhere is now one/);
	assert.ok(!fs.existsSync(path.join(folder, 'config', 'stat-studio', 'hosts.json')));
});

test('train stores no new host without a terminal and without --yes', async () => {
	const folder = newFolder();
	const env = { XDG_CONFIG_HOME: path.join(folder, 'config'), HOME: folder };
	const line = JSON.stringify({ question: 'What is $1+1$?', answer: '2', solution: 'It is $\\boxed{2}$.' });
	fs.writeFileSync(path.join(folder, 'train.jsonl'), `${line}\n`);
	for (const args of [
		['init'],
		['import', 'questions', 'train.jsonl', '--split', 'train'],
		['build', 'train', '--name', 'base'],
	]) {
		const ran = await runCli(args, folder, env);
		assert.equal(ran.code, 0, ran.stderr);
	}
	const ran = await runCli(['train', 'base', '--host', 'typo', '--model', 'tiny'], folder, env);
	assert.notEqual(ran.code, 0);
	assert.match(ran.stderr, /typo has not been confirmed .*--host typo --yes/);
	assert.ok(!fs.existsSync(path.join(folder, 'config', 'stat-studio', 'hosts.json')));
});

test('budgets of nothing or less are refused before anything is read', async () => {
	const folder = newFolder();
	await runCli(['init'], folder);
	const teacher = ['--teacher-url', 'http://127.0.0.1:9', '--teacher-model', 'none'];
	for (const [option, value, expected] of [
		['budget', '0', 'a number greater than 0'],
		['budget', '-1', 'a number greater than 0'],
		['budget-calls', '0', 'a whole number from 1 on'],
		['budget-calls', '-5', 'a whole number from 1 on'],
	]) {
		const ran = await runCli(['label', ...teacher, `--${option}=${value}`], folder);
		assert.equal(ran.code, 2, ran.stderr);
		assert.match(ran.stderr, new RegExp(`--${option} must be ${expected}, not "${value}"`));
	}
});
