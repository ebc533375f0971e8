import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { StatError } from '../../../../src/core/errors/statError.ts';
import type { CheckInput } from '../../../../src/core/ports/checker.ts';
import { createChecker } from '../../../../src/grading/exec/createChecker.ts';
import { checkLimits, findIsolation, plainLimits } from '../../../../src/grading/exec/isolation.ts';
import { readVerdict } from '../../../../src/grading/exec/readVerdict.ts';
import { splitCommand } from '../../../../src/grading/exec/splitCommand.ts';
import { createConsents } from '../../../../src/remote/createConsents.ts';
import { createHosts } from '../../../../src/remote/hostsFile.ts';

const folder = fs.mkdtempSync(path.join(os.homedir(), '.cache', 'stat-checker-test-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

const hosts = createHosts({ trainerFolder: folder, file: path.join(folder, 'hosts.json') });
const consents = createConsents({ hosts, file: path.join(folder, 'consents.json') });
const limits = { ...checkLimits, seconds: 10 };
const checker = createChecker({ folder, consents, limits });
const signal = new AbortController().signal;
const input: CheckInput = {
	question: 'Add.',
	gold: '3',
	answer: '3',
	response: 'It is 3.',
	metadata: { sample: 0 },
};

/** A checker in Python: `body` sees `task`, the input, and ends with `say(verdict)`. */
function script(name: string, body: string): string {
	fs.writeFileSync(
		path.join(folder, name),
		[
			'import json, os, subprocess, sys, time',
			'task = json.loads(sys.stdin.readline())',
			'def say(verdict, reason=None):',
			'    print(json.dumps({"nonce": task["nonce"], "verdict": verdict, "reason": reason}), flush=True)',
			body,
		].join('\n'),
	);
	return `python3 ${name}`;
}

async function check(name: string, body: string) {
	const command = script(name, body);
	await checker.allow(command);
	return checker.check(command, input, signal);
}

for (const [command, parts] of [
	['python3 check.py  --fast', ['python3', 'check.py', '--fast']],
	[`sh -c 'echo "$HOME" | wc; rm -rf x'`, ['sh', '-c', 'echo "$HOME" | wc; rm -rf x']],
	['a "b c"d \\$x \'\'', ['a', 'b cd', '$x', '']],
	['a; b && c > d `e` $(f) *', ['a;', 'b', '&&', 'c', '>', 'd', '`e`', '$(f)', '*']],
	['a "b', null],
	['  ', null],
] as const) {
	test(`the command ${command} is split without a shell`, () => assert.deepEqual(splitCommand(command), parts));
}

test('only the one line with the nonce is a verdict', () => {
	const line = (verdict: string, nonce = 'n1') => JSON.stringify({ nonce, verdict });
	assert.deepEqual(readVerdict(`noise\n${line('wrong')}\n{"verdict":"right"}\n`, 'n1'), {
		verdict: false,
		reason: null,
	});
	assert.equal(readVerdict(`${line('right', 'n2')}\n`, 'n1').verdict, null);
	assert.equal(readVerdict(`${line('right')}\n${line('wrong')}\n`, 'n1').verdict, null);
	assert.equal(readVerdict(`${line('maybe')}\n`, 'n1').verdict, null);
	assert.equal(readVerdict(`{"nonce":"n1"\n`, 'n1').verdict, null);
});

test('a checker gets the answer and its verdict counts', async () => {
	const seen = path.join(folder, 'seen.py');
	assert.deepEqual(
		await check('seen.py', 'say("right" if task["answer"] == task["gold"] else "wrong", task["response"])'),
		{ verdict: true, reason: 'It is 3.' },
	);
	assert.ok(fs.existsSync(seen));
	assert.equal((await check('wrong.py', 'say("wrong")')).verdict, false);
});

test('a checker runs only with consent, and a changed script needs another', async () => {
	const command = script('changing.py', 'say("right")');
	const isRefused = (code: string) => (error: unknown) =>
		error instanceof StatError && error.code === code && error.kind === 'consent';
	await assert.rejects(checker.check(command, input, signal), isRefused('questions.checkerNotAllowed'));
	await checker.allow(command);
	assert.equal((await checker.describe(command)).isAllowed, true);
	script('changing.py', 'say("wrong")');
	assert.equal((await checker.describe(command)).isAllowed, false);
	await assert.rejects(
		createChecker({ folder, consents }).check(command, input, signal),
		isRefused('questions.checkerChanged'),
	);
	const consent = (await consents.list()).find(({ subject }) => subject === command);
	assert.equal(consent?.kind, 'checker');
	assert.notEqual(consent.when, null);
	script('changing.py', 'say("right")');
	await consents.withdraw(consent.id);
	assert.equal((await checker.describe(command)).isAllowed, false);
});

test('a checker has no secrets of ours, an empty folder, and no file beside its script', async () => {
	process.env['STAT_TEST_SECRET'] = 'secret';
	fs.writeFileSync(path.join(folder, 'beside.py'), 'raise SystemExit(3)');
	const { verdict, reason } = await check(
		'clean.py',
		[
			'try:',
			'    import beside',
			'    found = "loaded"',
			'except ImportError:',
			'    found = "alone"',
			'say("right", json.dumps([sorted(os.environ), os.listdir("."), os.environ["HOME"] == os.getcwd(), found]))',
		].join('\n'),
	);
	assert.equal(verdict, true, reason ?? '');
	const [names, files, isHome, found] = JSON.parse(reason ?? '') as [string[], string[], boolean, string];
	assert.deepEqual(
		names.filter(
			(name) => !['PATH', 'LANG', 'HOME', 'TMPDIR', 'PWD', 'LC_CTYPE', 'SHLVL', '_', 'OLDPWD'].includes(name),
		),
		// pyenv's shim, where python3 is one, adds names of its own.
		names.filter((name) => name.includes('PYENV')),
	);
	assert.deepEqual([files, isHome, found], [[], true, 'alone']);
});

test('a hanging, a flooding and a dying checker leave the answer unsure, within their limits', async () => {
	assert.match((await check('hang.py', 'time.sleep(1000)')).reason ?? '', /longer than 10 s/);
	assert.match((await check('flood.py', 'while True: print("x" * 100000)')).reason ?? '', /more than 1 MiB/);
	assert.match(
		(await check('flood2.py', 'while True: print("x" * 100000, file=sys.stderr)')).reason ?? '',
		/more than 1 MiB/,
	);
	assert.match((await check('die.py', 'raise ValueError("broken")')).reason ?? '', /status 1: ValueError: broken/);
	assert.match((await check('memory.py', 'x = bytearray(4 << 30); say("right")')).reason ?? '', /MemoryError/);
	assert.match((await check('late.py', 'say("right"); sys.exit(1)')).reason ?? '', /status 1/);
});

test('what outlives a checker is ended with it', async (t) => {
	const { unlimited } = await findIsolation();
	if (unlimited.length > 0) {
		t.skip('no namespaces here');
		return;
	}
	const mark = `stat-checker-${process.pid}`;
	const body = `subprocess.Popen(["sh", "-c", "exec -a ${mark} sleep 300 || sleep 300", "${mark}"], start_new_session=True); say("right")`;
	assert.equal((await check('daemon.py', body)).verdict, true);
	const alive = fs
		.readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((name) => {
			try {
				return fs.readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(mark);
			} catch {
				return false;
			}
		});
	assert.deepEqual(alive, []);
});

test('a checker cannot write outside of its folder, fill the disk, fork without end or reach the network', async (t) => {
	const { unlimited } = await findIsolation();
	if (unlimited.length > 0) {
		t.skip(`not kept from ${unlimited.join(', ')} here`);
		return;
	}
	const { verdict, reason } = await check(
		'prison.py',
		[
			'import socket',
			'seen = {}',
			`for place in [${JSON.stringify(folder)}, "/var/tmp", "/dev/shm", os.path.dirname(os.getcwd()), "/tmp"]:`,
			'    try:',
			'        open(os.path.join(place, "x"), "w").write("1")',
			'        seen[place] = "written"',
			'    except OSError: pass',
			'try:',
			'    with open("big", "wb") as file:',
			'        for _ in range(200): file.write(bytes(1 << 20))',
			'    seen["disk"] = "filled"',
			'except OSError: pass',
			'try: os.unlink("big")',
			'except OSError: pass',
			'try:',
			'    socket.create_connection(("1.1.1.1", 53), 2)',
			'    seen["network"] = "reached"',
			'except OSError: pass',
			'children = 0',
			'try:',
			'    while children < 2000:',
			'        if os.fork() == 0:',
			'            time.sleep(100)',
			'            os._exit(0)',
			'        children += 1',
			'    seen["forks"] = children',
			'except OSError: pass',
			`for name in [".ssh", ".aws", ".config"]:`,
			`    place = os.path.join(${JSON.stringify(os.homedir())}, name)`,
			'    if os.path.isdir(place) and os.listdir(place): seen[name] = "read"',
			'say("right", json.dumps(seen))',
		].join('\n'),
	);
	assert.equal(verdict, true, reason ?? '');
	assert.equal(reason, '{}');
});

test('without namespaces, time, memory and the size of files are limited', async () => {
	const plain = createChecker({ folder, consents, limits, isolation: plainLimits(limits) });
	const checkPlain = async (name: string, body: string) => {
		const command = script(name, body);
		await plain.allow(command);
		return plain.check(command, input, signal);
	};
	assert.equal((await checkPlain('plain.py', 'say("right" if os.listdir(".") == [] else "wrong")')).verdict, true);
	assert.match((await checkPlain('plainHang.py', 'time.sleep(1000)')).reason ?? '', /longer than 10 s/);
	assert.equal(
		(await checkPlain('plainFile.py', 'open("x", "wb").write(bytes(1 << 28)); say("right")')).verdict,
		null,
	);
	assert.ok((await plain.describe('python3 plain.py')).unlimited.includes('the network'));
});

test('cancelling ends a checker', async () => {
	const command = script('cancelled.py', 'time.sleep(1000)');
	await checker.allow(command);
	const controller = new AbortController();
	setTimeout(() => controller.abort(new Error('stop')), 500);
	await assert.rejects(checker.check(command, input, controller.signal), /stop/);
});
