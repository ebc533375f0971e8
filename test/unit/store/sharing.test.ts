import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { questionId } from '../../../src/core/questions/question.ts';
import type { Topic } from '../../../src/core/ports/store/store.ts';
import { topics } from '../../../src/core/ports/store/store.ts';
import { beat, beatInBackground, newEntryMemory } from '../../../src/store/engine/heldEntry.ts';
import { Lock } from '../../../src/store/engine/lock.ts';
import type { LockEntry } from '../../../src/store/engine/lockEntry.ts';
import { entryName } from '../../../src/store/engine/lockEntry.ts';
import { realFiles, realMachine } from '../../../src/store/engine/machine.ts';
import { builtDist } from '../../fixtures/builtDist.ts';
import { at, newProject, open } from './buildWorker.ts';
import { crashOnce } from './crash.ts';

const row = (text: string) => ({ split: 'train' as const, benchmark: null, source: 't', rows: [{ text }] });

test("two stores on one project see all of each other's writes and are notified of them", async () => {
	const project = newProject();
	const a = await open(project, { compactAt: 4000 });
	const b = await open(project, { compactAt: 4000 });
	const told = new Set<Topic>();
	const stop = b.onDidChange((topics) => topics.forEach((topic) => told.add(topic)));
	await b.read('status', {});
	await Promise.all(
		[a, b].flatMap((store, which) =>
			Array.from({ length: 40 }, (_, index) => store.write('addQuestions', row(`Question ${which} ${index}`))),
		),
	);
	for (const store of [a, b]) {
		assert.equal((await store.read('status', {})).questions.train, 80);
		assert.equal((await store.read('status', {})).seq, 80);
	}
	told.clear();
	await a.write('setSetting', { key: 'x', value: 1 });
	for (let tries = 0; tries < 100 && !told.has('settings'); tries++) {
		await sleep(50);
	}
	assert.ok(told.has('settings'), 'the other one was told without asking');
	stop();
	await a.write('addSkills', { skills: [{ subject: 'a', name: 'b' }] });
	assert.equal((await b.read('skillList', { subject: null })).length, 1);
	await Promise.all([a.close(), b.close()]);
	const c = await open(project);
	assert.deepEqual([(await c.read('status', {})).questions.train, c.warnings], [80, []]);
	await c.close();
});

test('a reader drops records that another process has removed from the journal', async () => {
	const project = newProject();
	const store = await open(project);
	await store.write('addQuestions', row('Question 0'));
	const journal = path.join(project, '.stat', 'stat.journal');
	const before = fs.readFileSync(journal);
	await store.write('addQuestions', row('Question 1'));
	assert.equal((await store.read('status', {})).questions.train, 2);
	const other = await open(project);
	// This is the state after a failed append elsewhere: the journal is shorter, and later has another record at that
	// place.
	fs.truncateSync(journal, before.length);
	assert.equal((await store.read('status', {})).questions.train, 1);
	await other.write('addQuestions', row('Question two, which is longer'));
	assert.deepEqual(
		(await store.read('questions', { scope: null, filter: {}, offset: 0, limit: 9 })).rows.map(
			({ title }) => title,
		),
		['Question 0', 'Question two, which is longer'],
	);
	await Promise.all([store.close(), other.close()]);
});

const lockOf = (project: string) => path.join(project, '.stat', 'lock');

/** Puts a lock held by `holder` into the project. */
function lockBy(project: string, holder: Partial<LockEntry>): string {
	const entry = { ...realMachine().self, store: 'abcdefabcdef', count: 1, owes: [], ...holder };
	const file = path.join(lockOf(project), entryName(entry));
	fs.rmSync(lockOf(project), { recursive: true, force: true });
	fs.mkdirSync(lockOf(project));
	fs.writeFileSync(file, '');
	return file;
}

test('a held lock is reported with its holder, and the lock of a dead process is taken over at once', async () => {
	const project = newProject();
	const store = await open(project, { patience: 300 });
	await store.write('addQuestions', row('Question 0'));
	const held = lockBy(project, {});
	await assert.rejects(store.write('addQuestions', row('Question 1')), {
		name: 'StatError',
		code: 'store.locked',
		message: new RegExp(`in use by process ${process.pid} on`),
	});
	assert.equal((await store.read('status', {})).questions.train, 1, 'reads continue');
	assert.ok(fs.existsSync(held));
	const { pid } = spawnSync(process.execPath, ['-e', '0']);
	lockBy(project, { pid });
	await store.write('addQuestions', row('Question 2'));
	if (realMachine().self.started !== '') {
		lockBy(project, { started: '1' });
		await store.write('addQuestions', row('Question 3'));
	}
	assert.deepEqual(fs.existsSync(lockOf(project)) ? fs.readdirSync(lockOf(project)) : [], []);
	await store.close();
});

test('a lock from another machine or namespace is taken only after it has stood still, and its holder is fenced off', async () => {
	for (const holder of [{ host: 'elsewhere' }, { namespace: '1' }, { boot: '1' }]) {
		const project = newProject();
		const folder = path.join(project, '.stat');
		fs.mkdirSync(folder, { recursive: true });
		let clock = 0;
		const machine = {
			...realMachine(),
			monotonic: () => clock,
			sleep: (ms: number) => {
				clock += ms;
				return Promise.resolve();
			},
		};
		const file = lockBy(project, { ...holder, pid: 999_999 });
		const moved = path.join(
			lockOf(project),
			entryName({ ...realMachine().self, ...holder, pid: 999_999, store: 'abcdefabcdef', count: 2, owes: [] }),
		);
		const lock = new Lock(folder, '111111111111', {
			...machine,
			sleep: async (ms) => {
				clock += ms;
				if (clock > 20_000 && fs.existsSync(file)) {
					fs.renameSync(file, moved);
				}
			},
		});
		await assert.rejects(lock.acquire(15_000), { code: 'store.locked' }, 'it moved, so its holder is alive');
		assert.ok(clock < 60_000);
		clock = 0;
		const hold = await new Lock(folder, '222222222222', machine).acquire(15_000);
		assert.ok(clock >= 60_000, `${clock}`);
		assert.deepEqual(hold.owes, ['abcdefabcdef']);
		assert.ok(hold.settle() && hold.release());
	}
});

test('a lock from STAT Studio 0.1 is taken only after it has stood still', async () => {
	const project = newProject();
	const store = await open(project, { patience: 200 });
	await store.write('addQuestions', row('Question 0'));
	await store.close();
	fs.rmSync(lockOf(project), { recursive: true, force: true });
	fs.writeFileSync(lockOf(project), JSON.stringify({ token: 'x', host: 'h', pid: 1, started: '', boot: '', at }));
	let clock = 0;
	const machine = {
		...realMachine(),
		monotonic: () => clock,
		sleep: (ms: number) => {
			clock += ms;
			return Promise.resolve();
		},
	};
	const hold = await new Lock(path.join(project, '.stat'), '333333333333', machine).acquire(100);
	assert.ok(clock >= 60_000);
	assert.ok(hold.release());
});

test('a holder whose lock was taken learns this at its next renewal or release', async () => {
	const project = newProject();
	const folder = path.join(project, '.stat');
	fs.mkdirSync(folder, { recursive: true });
	const lock = new Lock(folder, '444444444444', realMachine());
	const hold = await lock.acquire(100);
	const [name = ''] = fs.readdirSync(lockOf(project));
	fs.renameSync(path.join(lockOf(project), name), path.join(lockOf(project), name.replace('4444', '5555')));
	assert.equal(hold.renew(), false);
	assert.equal(hold.release(), false);
	assert.equal(fs.readdirSync(lockOf(project)).length, 1, "the other's lock stays");
});

test('a heartbeat renames the lock of a busy holder, and renames nothing after the lock is released', async () => {
	const project = newProject();
	const folder = path.join(project, '.stat');
	fs.mkdirSync(folder, { recursive: true });
	const memory = newEntryMemory();
	const hold = await new Lock(folder, '666666666666', realMachine(), memory).acquire(100);
	const before = fs.readdirSync(lockOf(project));
	beat(realFiles, lockOf(project), '666666666666', memory);
	assert.notDeepEqual(fs.readdirSync(lockOf(project)), before);
	const between = fs.readdirSync(lockOf(project));
	await beatInBackground(lockOf(project), '666666666666', memory);
	assert.notDeepEqual(fs.readdirSync(lockOf(project)), between);
	assert.ok(hold.renew() && hold.release());
	beat(realFiles, lockOf(project), '666666666666', memory);
	await beatInBackground(lockOf(project), '666666666666', memory);
	assert.deepEqual(fs.readdirSync(lockOf(project)), []);
});

test('a pipe or a link in place of the lock is reported and not waited for', { timeout: 60_000 }, async () => {
	const project = newProject();
	const store = await open(project, { patience: 200 });
	await store.write('addQuestions', row('Question 0'));
	fs.rmSync(lockOf(project), { recursive: true, force: true });
	if (spawnSync('mkfifo', [lockOf(project)]).status === 0) {
		await assert.rejects(store.write('addQuestions', row('Question 1')), { code: 'store.notFile' });
		fs.rmSync(lockOf(project));
	}
	fs.symlinkSync('/nowhere', lockOf(project));
	await assert.rejects(store.write('addQuestions', row('Question 1')), { code: 'store.link' });
	fs.rmSync(lockOf(project));
	await store.write('addQuestions', row('Question 1'));
	await store.close();
});

test('a reader reports every topic as changed after another process has compacted the journal', async () => {
	const project = newProject();
	const a = await open(project, { compactAt: 300 });
	const b = await open(project);
	await b.read('status', {});
	const told = new Set<Topic>();
	b.onDidChange((changed) => changed.forEach((topic) => told.add(topic)));
	await a.write('addQuestions', row(`A question. ${'It is long. '.repeat(60)}`));
	assert.equal((await b.read('status', {})).questions.train, 1);
	for (let tries = 0; tries < 100 && told.size < topics.length; tries++) {
		await sleep(50);
	}
	assert.deepEqual([...told].sort(), [...topics].sort());
	await Promise.all([a.close(), b.close()]);
});

test(
	'two processes killed with SIGKILL while they write and compact lose no confirmed write',
	{ timeout: 120_000 },
	async () => {
		const project = newProject();
		const known = { acked: 0, lost: 0 };
		for (let round = 0; round < 3; round++) {
			const outcome = await crashOnce(project, builtDist(), round, 400 + round * 150);
			known.acked += outcome.acked;
			known.lost += outcome.lost;
			assert.deepEqual(outcome.warnings, []);
		}
		assert.ok(known.acked > 0);
		assert.equal(known.lost, 0);
	},
);

test(
	'a full disk gives one clear error and loses nothing, and writing resumes once there is space again',
	{ skip: process.platform === 'win32' ? 'no ulimit' : false, timeout: 120_000 },
	async () => {
		const writer = path.join(builtDist(), 'crashWriter.js');
		const project = newProject();
		// For the writer, a file-size limit acts as a full disk, with EFBIG instead of ENOSPC.
		const child: ChildProcess = spawn(
			'bash',
			[
				'-c',
				`trap '' XFSZ; ulimit -f 600; exec "$0" "$@"`,
				process.execPath,
				writer,
				project,
				builtDist(),
				'0',
				'100000000',
			],
			{ stdio: ['ignore', 'pipe', 'pipe'] },
		);
		let out = '';
		let err = '';
		child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
		child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
		await once(child, 'close');
		assert.match(err, /nothing more can be stored: the disk is full/);
		const acked = out.split('\n').filter((line) => line.startsWith('ack '));
		assert.ok(acked.length > 0);
		const store = await open(project);
		assert.deepEqual(store.warnings, []);
		for (const line of acked) {
			const name = line.slice(4);
			assert.ok(
				name.startsWith('reply')
					? await store.get(name)
					: await store.read('question', { id: questionId(`Question ${name}`) }),
				line,
			);
		}
		await store.write('addQuestions', row('there is room again'));
		await store.close();
	},
);

test('a lock from STAT Studio 0.1 does not expire while it is renewed or its process runs on this machine', async () => {
	const project = newProject();
	await (await open(project)).close();
	const real = realMachine();
	let clock = 0;
	const machine = {
		...real,
		monotonic: () => clock,
		sleep: (ms: number) => {
			clock += ms;
			return Promise.resolve();
		},
	};
	const { self } = real;
	const living = { token: 'x', at, ...self };
	const folder = path.join(project, '.stat');
	for (const [holder, taken] of [
		[living, false],
		[{ ...living, started: '1' }, true],
	] as const) {
		fs.rmSync(lockOf(project), { recursive: true, force: true });
		fs.writeFileSync(lockOf(project), JSON.stringify(holder));
		const acquired = new Lock(folder, '444444444444', machine).acquire(70_000);
		await (taken ? acquired.then((hold) => hold.release()) : assert.rejects(acquired, { code: 'store.locked' }));
	}

	fs.rmSync(lockOf(project), { recursive: true, force: true });
	fs.writeFileSync(lockOf(project), JSON.stringify({ ...living, host: 'elsewhere' }));
	const renewed = {
		...machine,
		sleep: (ms: number) => {
			clock += ms;
			fs.utimesSync(lockOf(project), clock, clock);
			return Promise.resolve();
		},
	};
	await assert.rejects(new Lock(folder, '555555555555', renewed).acquire(70_000), { code: 'store.locked' });
});

test('a read-only store that found damage follows the project again once it is whole', async () => {
	const project = newProject();
	const writer = await open(project, { compactAt: 100 });
	await writer.write('addQuestions', row('Question 0'));
	const reader = await open(project, { readOnly: true });
	fs.renameSync(path.join(project, '.stat/stat.journal'), path.join(project, '.stat/moved'));
	await reader.read('status', {});
	assert.match(reader.warnings.join('\n'), /damaged files/);
	fs.renameSync(path.join(project, '.stat/moved'), path.join(project, '.stat/stat.journal'));
	for (let index = 1; index < 9; index++) {
		await writer.write('addQuestions', row(`Question ${index}`));
	}
	assert.equal((await reader.read('status', {})).questions.train, 9);
	await writer.close();
	await reader.close();
});
