import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { findIsolation } from '../../../src/grading/exec/isolation.ts';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';

const examples = 'examples/code';
const checker = 'exec:python3 check.py';
const question = 'Write a function hostile(n) that returns n + 1.';
const gold = JSON.stringify({
	function: 'hostile',
	cases: [
		[[1], 2],
		[[5], 6],
	],
});

/** What a student might write instead of an answer. */
const hostile: Readonly<Record<string, string>> = {
	forks: 'import os\nwhile True:\n    os.fork()',
	'fills the disk': [
		'import os',
		'for place in [".", "/tmp", "/var/tmp", os.path.expanduser("~")]:',
		'    for name in range(100):',
		'        try:',
		'            with open(f"{place}/fill{name}", "wb") as file:',
		'                while True: file.write(bytes(1 << 20))',
		'        except OSError: pass',
	].join('\n'),
	'reads keys':
		'import os\ndef hostile(n):\n    return os.listdir(os.path.expanduser("~/.ssh")) + os.listdir("/root/.ssh")',
	'prints a verdict': [
		'import os, sys',
		'line = \'{"verdict": "right", "nonce": "0"}\\n\'',
		'print(line)',
		'for pid in [1, os.getppid()]:',
		'    try: open(f"/proc/{pid}/fd/1", "w").write(line)',
		'    except OSError: pass',
		'for descriptor in range(3, 20):',
		'    try: os.write(descriptor, line.encode())',
		'    except OSError: pass',
		'os._exit(0)',
	].join('\n'),
	'reads the memory of its checker': [
		'import os, re',
		'def hostile(n):',
		'    text = open(f"/proc/{os.getppid()}/mem", "rb")',
		'    return n + 1',
	].join('\n'),
	hangs: 'import time\ntime.sleep(10000)',
	'writes a gigabyte':
		'import sys\nfor _ in range(1024): sys.stdout.write("x" * (1 << 20))\nfor _ in range(1024): sys.stderr.write("x" * (1 << 20))',
	'ends early': 'import os\nos._exit(0)',
};

async function did(
	args: readonly string[],
	folder: string,
	env: Record<string, string>,
): Promise<Record<string, unknown>> {
	const ran = await runCli([...args, '--json'], folder, env);
	assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.stderr}`);
	return ran.json();
}

function pick(result: Record<string, unknown>, ...names: string[]): unknown[] {
	return names.map((name) => result[name]);
}

test('the loop runs on code: a checker grades, hostile answers are wrong, STAT-Sel and compare follow', async (t) => {
	if (process.platform !== 'linux' || (await findIsolation()).unlimited.length > 0) {
		t.skip('hostile answers are run only where the platform holds them');
		return;
	}
	const folder = newFolder();
	fs.cpSync(examples, folder, { recursive: true });
	const env = { STAT_STUDIO_CONSENTS: path.join(newFolder(), 'consents.json') };
	const teacher = ['--teacher', 'scripted:teacher.jsonl', '--yes'];
	const write = (name: string, rows: readonly unknown[]) =>
		fs.writeFileSync(path.join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
	await did(['init'], folder, env);
	await did(['import', 'questions', 'train.jsonl', '--split', 'train'], folder, env);
	await did(['import', 'questions', 'questions.jsonl', '--split', 'validation'], folder, env);

	const refused = await runCli(
		['import', 'answers', 'answers-round1.jsonl', '--student', 's', '--grading', checker],
		folder,
		env,
	);
	assert.equal(refused.code, 1);
	assert.match(refused.stderr, /was never allowed on this machine.*run this command again with --yes/);
	assert.doesNotMatch(refused.stderr, /regrade|has changed/);
	const first = ['import', 'answers', 'answers-round1.jsonl', '--student', 's', '--grading', checker, '--yes'];
	const imported = await did(first, folder, env);
	assert.deepEqual(pick(imported, 'answers', 'graded', 'correct', 'unsure', 'waiting'), [12, 12, 6, 0, 0]);
	const { consents } = (await did(['consents'], folder, env)) as { consents: { kind: string; subject: string }[] };
	assert.deepEqual(
		consents.filter(({ kind }) => kind === 'checker').map(({ subject }) => subject),
		['python3 check.py'],
	);
	const second = ['import', 'answers', 'answers-round2.jsonl', '--student', 's', '--round', '2'];
	assert.deepEqual(pick(await did(second, folder, env), 'graded', 'correct'), [12, 10]);

	const catalog = await did(['catalog', ...teacher], folder, env);
	assert.equal(catalog['skills'], 5);
	await did(['label', ...teacher], folder, env);
	const round = ['--student', 's', '--round', '1'];
	assert.deepEqual(pick(await did(['classify', ...round], folder, env), 'method', 'difficult', 'unclassified'), [
		'answer',
		6,
		0,
	]);
	assert.deepEqual(pick(await did(['diagnose', ...round, ...teacher], folder, env), 'diagnosed', 'failed'), [6, 0]);
	const build = ['build', 'sel', '--name', 'sel-r1', ...round, '--pairs', '12', ...teacher];
	assert.deepEqual(pick(await did(build, folder, env), 'pairs', 'method'), [12, 'sel']);
	const { overall } = (await did(['compare', '1', '2'], folder, env)) as {
		overall: { n: number; before: number; after: number };
	};
	assert.deepEqual([overall.n, overall.before * 12, Math.round(overall.after * 1200) / 100], [12, 6, 10]);

	const answers = ['def hostile(n):\n    return n + 1', ...Object.values(hostile)];
	write('hostile.jsonl', [{ question, gold, responses: answers.map((code) => `\`\`\`python\n${code}\n\`\`\``) }]);
	const outcome = await did(['import', 'answers', 'hostile.jsonl', '--student', 'h'], folder, env);
	assert.deepEqual(
		pick(outcome, 'answers', 'graded', 'correct', 'unsure'),
		[answers.length, answers.length, 1, 0],
		JSON.stringify(outcome['reasons']),
	);

	fs.appendFileSync(path.join(folder, 'check.py'), '\n# changed\n');
	const changed = await runCli(['regrade', '--all', '--student', 's', '--round', '2'], folder, env);
	assert.equal(changed.code, 1);
	assert.match(changed.stderr, /has changed since/);
	assert.doesNotMatch(changed.stderr, /never allowed/);
	const typo = ['regrade', '--student', 's', '--round', '2', '--yes', '--grading'];
	const counts = await did(['classify', '--student', 's', '--round', '2'], folder, env);
	for (const [rule, problem] of [
		['exec:nosuchprog', /nosuchprog: not in PATH/],
		['exec:python3 missing.py', /missing\.py: no such file/],
	] as const) {
		const failed = await runCli([...typo, rule], folder, env);
		assert.equal(failed.code, 2, failed.stderr);
		assert.match(failed.stderr, problem);
	}
	assert.deepEqual(await did(['classify', '--student', 's', '--round', '2'], folder, env), counts);

	// The judge: priced first, and what it has decided is not paid for again.
	const judge = ['regrade', ...round, ...teacher];
	const judged = await runCli([...judge, '--grading', 'judge', '--budget-calls', '5', '--json'], folder, env);
	assert.match(judged.stderr, /12 calls to scripted at .*at most 5 calls/);
	assert.deepEqual(pick(judged.json(), 'right', 'unsure', 'calls', 'waiting').slice(1), [7, 5, 0]);
	assert.deepEqual(pick(await did(judge, folder, env), 'calls'), [7]);
	assert.deepEqual(pick(await did(judge, folder, env), 'calls'), [0]);
	const after = await did(['classify', ...round], folder, env);
	assert.deepEqual(pick(after, 'difficult', 'unclassified'), [6, 0]);
});
