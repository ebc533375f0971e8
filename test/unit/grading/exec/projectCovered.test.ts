import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { CheckInput } from '../../../../src/core/ports/checker.ts';
import { createChecker } from '../../../../src/grading/exec/createChecker.ts';
import { findIsolation, plainLimits } from '../../../../src/grading/exec/isolation.ts';
import { createConsents } from '../../../../src/remote/createConsents.ts';
import { createHosts } from '../../../../src/remote/hostsFile.ts';

const outside = fs.mkdtempSync(path.join(os.homedir(), '.cache', 'stat-covered-test-'));
const cacheBefore = process.env['XDG_CACHE_HOME'];
after(() => {
	fs.rmSync(outside, { recursive: true, force: true });
	if (cacheBefore === undefined) {
		delete process.env['XDG_CACHE_HOME'];
	} else {
		process.env['XDG_CACHE_HOME'] = cacheBefore;
	}
});

const hosts = createHosts({ trainerFolder: outside, file: path.join(outside, 'hosts.json') });
const consents = createConsents({ hosts, file: path.join(outside, 'consents.json') });
const signal = new AbortController().signal;
const input: CheckInput = { question: 'Add.', gold: '3', answer: '3', response: 'It is 3.', metadata: {} };

/** A project with a journal and a key, and a checker in it whose reason is what it could read of `places`. */
function project(folder: string, ...places: string[]): string {
	fs.mkdirSync(path.join(folder, '.stat'), { recursive: true });
	fs.writeFileSync(path.join(folder, '.stat', 'stat.journal'), 'GOLD');
	fs.writeFileSync(path.join(folder, '.env'), 'KEY=1');
	fs.writeFileSync(
		path.join(folder, 'check.py'),
		[
			'import json, os, subprocess, sys',
			'task = json.loads(sys.stdin.readline())',
			'seen = []',
			`for place in ${JSON.stringify([folder, ...places])}:`,
			'    for name in [".stat/stat.journal", ".env"]:',
			'        try: seen.append(open(os.path.join(place, name)).read())',
			'        except OSError: pass',
			'    # A user namespace of its own must not lift a cover.',
			'    lift = ["unshare", "-Urm", "sh", "-c", "umount -l \\"$1\\"; cat \\"$1\\"/.env", "sh", place]',
			'    try: seen += [x for x in subprocess.run(lift, capture_output=True, text=True).stdout.split()]',
			'    except OSError: pass',
			'print(json.dumps({"nonce": task["nonce"], "verdict": "right", "reason": json.dumps(seen)}))',
		].join('\n'),
	);
	return folder;
}

async function read(folder: string, command = 'python3 check.py') {
	const checker = createChecker({ folder, consents });
	await checker.allow(command);
	return checker.check(command, input, signal);
}

const isOpen = async () => (await findIsolation()).unlimited.length > 0;
const nothing = { verdict: true, reason: '[]' };

test('a checker cannot read the project, by its name, its real path or a link', async (t) => {
	if (await isOpen()) {
		t.skip('nothing covers it here');
		return;
	}
	const link = path.join(outside, 'link to it');
	fs.symlinkSync(path.join(outside, 'a project'), link);
	const folder = project(path.join(outside, 'a project'), link);
	assert.deepEqual(await read(folder), nothing);
	project(link, folder);
	assert.deepEqual(await read(link), nothing);
});

test('a virtual environment of the project still runs its checker', async (t) => {
	if (await isOpen()) {
		t.skip('nothing covers it here');
		return;
	}
	const folder = project(path.join(outside, 'withEnvironment'));
	const bin = path.join(folder, '.venv', 'bin');
	fs.mkdirSync(bin, { recursive: true });
	fs.writeFileSync(path.join(folder, '.venv', 'pyvenv.cfg'), '');
	fs.copyFileSync('/bin/cat', path.join(bin, 'mycat'));
	fs.chmodSync(path.join(bin, 'mycat'), 0o755);
	// It repeats its input, so the reason shows that it ran.
	assert.match((await read(folder, '.venv/bin/mycat')).reason ?? '', /none of "right"/);
	fs.copyFileSync('/bin/cat', path.join(folder, 'beside'));
	fs.chmodSync(path.join(folder, 'beside'), 0o755);
	assert.match((await read(folder, './beside')).reason ?? '', /none of "right"/);
	assert.match((await read(folder, './beside .env')).reason ?? '', /no verdict line/);
});

for (const place of ['/tmp', '/var/tmp']) {
	test(`with the cache and the project under ${place} a checker runs isolated`, async (t) => {
		if (await isOpen()) {
			t.skip('nothing covers it here');
			return;
		}
		const folder = fs.mkdtempSync(path.join(place, 'stat-covered-test-'));
		t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
		process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');
		assert.deepEqual(await read(project(path.join(folder, 'project'), path.join(folder, 'cache'))), nothing);
		// The cache in the project itself.
		process.env['XDG_CACHE_HOME'] = path.join(folder, 'project', 'cache');
		assert.deepEqual(await read(path.join(folder, 'project')), nothing);
		assert.deepEqual(fs.readdirSync(path.join(folder, 'project', 'cache', 'stat-studio', 'checks')), []);
		delete process.env['XDG_CACHE_HOME'];
	});
}

test('where nothing covers the project, the consent says so', () => {
	const { unlimited } = plainLimits({ seconds: 1, memory: 1, disk: 1, processes: 1, output: 1 });
	assert.match(unlimited.join(), /the project with its gold answers/);
});

test('equal faults have equal reasons, with all that was written to standard error', async () => {
	const folder = path.join(outside, 'faults');
	fs.mkdirSync(folder, { recursive: true });
	fs.writeFileSync(
		path.join(folder, 'fault.py'),
		'import sys\nsys.exit(f"{sys.argv[0]}: bad, in {__import__(\'os\').getcwd()}")',
	);
	const first = await read(folder, 'python3 fault.py');
	assert.deepEqual(first, { verdict: null, reason: 'the checker ended with status 1: fault.py: bad, in .' });
	assert.deepEqual(await read(folder, 'python3 fault.py'), first);
});
