import assert from 'node:assert/strict';
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	symlinkSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Host } from '../../../src/core/ports/hosts.ts';
import type { JobRecord } from '../../../src/core/training/job.ts';
import { openHost } from '../../../src/remote/openHost.ts';
import { noPython, python, quiet, stateOf, temporary, tinyJob, until } from './jobFixtures.ts';

const host = (root = path.join(temporary('root'), "with a space and 'quotes'")): Host & { root: string } => ({
	...openHost(
		{ name: 'local', root, python, prelude: 'export OMP_NUM_THREADS=1' },
		{ trainerFolder: path.resolve('trainer') },
	),
	root,
});

const text = async (one: Host, record: JobRecord, offset = 0, follow = true) => {
	const chunks: Uint8Array[] = [];
	for await (const { bytes } of one.tail(record, {
		file: 'events',
		offset,
		follow,
		signal: new AbortController().signal,
	})) {
		chunks.push(bytes);
	}
	return Buffer.concat(chunks).toString();
};

type Event = { kind: string; step?: number };
const eventsOf = (log: string): Event[] =>
	log
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Event);

test(
	'a job launched ten times at once runs one trainer, is followed until it ends, fetched and cleaned',
	{ skip: noPython },
	async () => {
		const here = host();
		const { record, data } = tinyJob('local', 'sft', { epochs: 1, method: 'lora' });
		await here.prepare(quiet());
		await Promise.all(Array.from({ length: 10 }, () => here.launch(record, data, quiet())));
		const log = await text(here, record);
		const status = await stateOf(here, record);
		assert.equal(status?.state, 'done', status?.detail);
		assert.equal(Buffer.byteLength(log), status.eventBytes);
		const events = eventsOf(log);
		assert.equal(events.filter((event) => event.kind === 'start').length, 1);
		assert.deepEqual(
			events.filter((event) => event.kind === 'step').map((event) => event.step),
			[1, 2, 3, 4],
		);
		assert.equal(events.at(-1)?.kind, 'end');
		await here.launch(record, data, quiet());
		assert.equal((await stateOf(here, record))?.state, 'done', 'launching an ended job starts nothing');
		const folder = temporary('fetched');
		const files = await here.fetch(record, folder, quiet());
		assert.ok(files.some((file) => file.name === 'out/model/adapter_model.safetensors' && file.bytes > 0));
		assert.ok(!files.some((file) => file.name.includes('checkpoint')));
		assert.equal(readFileSync(path.join(folder, 'events.jsonl'), 'utf8'), log);
		assert.deepEqual(await here.fetch(record, folder, quiet()), files, 'fetching again changes nothing');
		const sizes = await here.clean([record], true, quiet());
		assert.ok(sizes.some((size) => size.name === `jobs/${record.id}` && size.bytes > 0));
		assert.equal((await stateOf(here, record))?.state, 'lost');
	},
);

test(
	'a killed trainer resumes from its checkpoint without a gap, and cancelling it ends its whole process group',
	{ skip: noPython },
	async () => {
		const here = host();
		const { record, data } = tinyJob('local', 'sft', { epochs: 5000, method: 'lora', save_every: 10 });
		const folder = path.join(here.root, 'jobs', record.id);
		await here.prepare(quiet());
		await here.launch(record, data, quiet());
		await until('a checkpoint', async () => (await text(here, record, 0, false)).includes('"checkpoint"'));
		process.kill(Number(readFileSync(path.join(folder, 'heartbeat'), 'utf8').split(' ')[1]), 'SIGKILL');
		await until('steps after it went on', async () =>
			/"resumed"[^]*"step"[^]*"step"/.test(await text(here, record, 0, false)),
		);
		assert.equal((await stateOf(here, record))?.state, 'running');
		const [pid] = readFileSync(path.join(folder, 'identity'), 'utf8').split('\n');
		await here.cancel(record, quiet());
		assert.equal((await stateOf(here, record))?.state, 'cancelled');
		await until('the group to be gone', async () => {
			try {
				process.kill(-Number(pid), 0);
				return false;
			} catch {
				return true;
			}
		});
		await here.cancel(record, quiet());
		const events = eventsOf(await text(here, record));
		const at = events.findIndex((event) => event.kind === 'resumed');
		const from = events[at]?.step ?? -1;
		assert.ok(from >= 10 && from % 10 === 0);
		const steps = events
			.slice(at)
			.filter((event) => event.kind === 'step')
			.map((event) => event.step);
		assert.deepEqual(
			steps,
			steps.map((_, index) => from + 1 + index),
		);
	},
);

test(
	'an invalid spec fails once with a one-line reason, even if it is launched several times at once',
	{ skip: noPython },
	async () => {
		const here = host();
		await here.prepare(quiet());
		for (let round = 0; round < 3; round++) {
			const { record, data } = tinyJob('local', 'sft', { rank: -3 });
			await Promise.all(Array.from({ length: 10 }, () => here.launch(record, data, quiet())));
			const status = await until('its end', async () => {
				const seen = await stateOf(here, record);
				return seen?.state === 'failed' && seen;
			});
			assert.match(status.detail, /settings\.rank: expected more than 0/);
			assert.ok(!status.detail.includes('\n'));
			assert.deepEqual(
				eventsOf(await text(here, record)).map(({ kind }) => kind),
				['end'],
			);
		}
	},
);

test(
	'a cancelled job resumes once as the same job, however often it is resumed, and a finished job cannot be resumed',
	{ skip: noPython },
	async () => {
		const here = host();
		const { record, data } = tinyJob('local', 'sft', { epochs: 40, method: 'lora', save_every: 10 });
		const folder = path.join(here.root, 'jobs', record.id);
		await here.prepare(quiet());
		await here.launch(record, data, quiet());
		await until('a checkpoint', async () => (await text(here, record, 0, false)).includes('"checkpoint"'));
		await assert.doesNotReject(
			here.resume(record, quiet()),
			'a running job has nothing to resume, and nothing is started',
		);
		await here.cancel(record, quiet());
		assert.equal((await stateOf(here, record))?.state, 'cancelled');
		await Promise.all([here.resume(record, quiet()), here.resume(record, quiet()), here.resume(record, quiet())]);
		await here.resume(record, quiet());
		const log = await text(here, record);
		assert.equal((await stateOf(here, record))?.state, 'done');
		const events = eventsOf(log);
		assert.deepEqual(
			events.filter(({ kind }) => kind === 'start' || kind === 'resumed').map(({ kind }) => kind),
			['start', 'start', 'resumed'],
		);
		const at = events.findIndex(({ kind }) => kind === 'resumed');
		const from = events[at]?.step ?? 0;
		assert.ok(from >= 10);
		assert.deepEqual(
			events
				.slice(at)
				.filter(({ kind }) => kind === 'step')
				.map(({ step }) => step),
			Array.from({ length: 160 - from }, (_, index) => from + 1 + index),
		);
		assert.deepEqual(
			readdirSync(folder)
				.filter((name) => name.startsWith('claimed'))
				.sort(),
			['claimed', 'claimed.2'],
		);
		await assert.rejects(here.resume(record, quiet()), /it is done: there is nothing left to do/);
	},
);

test('a job whose whole process group was killed is resumed and runs until it ends', { skip: noPython }, async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', { epochs: 30, method: 'lora', save_every: 5 });
	const folder = path.join(here.root, 'jobs', record.id);
	await here.prepare(quiet());
	await here.launch(record, data, quiet());
	await until('a checkpoint', async () => (await text(here, record, 0, false)).includes('"checkpoint"'));
	process.kill(-Number(readFileSync(path.join(folder, 'identity'), 'utf8').split('\n')[0]), 'SIGKILL');
	assert.equal(
		(await stateOf(here, record))?.state,
		'running',
		'its heartbeat is young: nothing is said before it is sure',
	);
	await here.resume(record, quiet());
	await text(here, record);
	assert.equal((await stateOf(here, record))?.state, 'done');
});

test('if the clock jumps, a running job is never lost and a lost job never running', { skip: noPython }, async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', { epochs: 5000, method: 'lora', save_every: 100_000 });
	const folder = path.join(here.root, 'jobs', record.id);
	await here.prepare(quiet());
	await here.launch(record, data, quiet());
	await until('steps', async () => (await text(here, record, 0, false)).includes('"step"'));
	// This simulates another node of a cluster, where only the heartbeat shows that the job is running.
	const identity = readFileSync(path.join(folder, 'identity'), 'utf8');
	const lines = identity.split('\n');
	writeFileSync(path.join(folder, 'identity'), [...lines.slice(0, 3), 'another-node', ...lines.slice(4)].join('\n'));
	const jump = (seconds: number) =>
		utimesSync(path.join(folder, 'heartbeat'), Date.now() / 1000 + seconds, Date.now() / 1000 + seconds);
	for (const seconds of [-7200, 7200, -40 * 365 * 86_400]) {
		jump(seconds);
		assert.equal((await stateOf(here, record))?.state, 'running', `a clock ${seconds} s away`);
	}
	writeFileSync(path.join(folder, 'identity'), identity);
	process.kill(-Number(lines[0]), 'SIGKILL');
	writeFileSync(path.join(folder, 'identity'), [...lines.slice(0, 3), 'another-node', ...lines.slice(4)].join('\n'));
	for (const seconds of [-7200, 7200]) {
		jump(seconds);
		assert.equal((await stateOf(here, record))?.state, 'lost', `dead, and a clock ${seconds} s away`);
	}
	const began = Date.now();
	assert.equal((await stateOf(here, record))?.state, 'lost');
	assert.ok(Date.now() - began < 5000, 'what is known to be silent is not waited for again');
});

test(
	'two processes train one job with the same effective batch and are restarted, cancelled and resumed together',
	{ skip: noPython },
	async () => {
		const here = host();
		const { record, data } = tinyJob('local', 'sft', { epochs: 60, method: 'lora', save_every: 10 }, { gpus: 2 });
		const folder = path.join(here.root, 'jobs', record.id);
		await here.prepare(quiet());
		await here.launch(record, data, quiet());
		await until('a checkpoint', async () => (await text(here, record, 0, false)).includes('"checkpoint"'));
		const trainers = (): number =>
			readdirSync('/proc')
				.filter((pid) => /^\d+$/.test(pid))
				.filter((pid) => {
					try {
						return (
							readFileSync(`/proc/${pid}/environ`, 'utf8').includes('LOCAL_RANK=') &&
							readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('stat_trainer') &&
							readlinkSync(`/proc/${pid}/cwd`) === folder
						);
					} catch {
						return false;
					}
				}).length;
		assert.equal(trainers(), 2);
		process.kill(Number(readFileSync(path.join(folder, 'heartbeat'), 'utf8').split(' ')[1]), 'SIGKILL');
		await until('steps after it went on', async () =>
			/"resumed"[^]*"kind": "step"/.test(await text(here, record, 0, false)),
		);
		assert.equal(trainers(), 2, 'nobody of the first two is left');
		await here.cancel(record, quiet());
		await until('all to be gone', async () => trainers() === 0);
		assert.equal((await stateOf(here, record))?.state, 'cancelled');
		await here.resume(record, quiet());
		const events = eventsOf(await text(here, record)) as (Event & Record<string, unknown>)[];
		assert.equal((await stateOf(here, record))?.state, 'done');
		assert.equal(events.filter(({ kind }) => kind === 'step').at(-1)?.step, 240);
		for (const { effective_batch, accumulation, processes } of events.filter(({ kind }) => kind === 'recipe')) {
			assert.deepEqual([effective_batch, accumulation, processes], [8, 2, 2]);
		}
	},
);

test('the error names a missing interpreter', async () => {
	const missing = openHost(
		{ name: 'local', root: temporary('root'), python: '/nowhere/python' },
		{ trainerFolder: path.resolve('trainer') },
	);
	await assert.rejects(missing.prepare(quiet()), /local: \/nowhere\/python does not run/);
});

test('a job folder that has another token or is reached through a symbolic link is never touched', async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', {});
	const folder = path.join(here.root, 'jobs', record.id);
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, 'token'), `${'0'.repeat(32)}\n`);
	writeFileSync(path.join(folder, 'exit'), '0\n');
	assert.equal((await stateOf(here, record))?.state, 'lost');
	await assert.rejects(here.cancel(record, quiet()), /token is another job's/);
	await assert.rejects(here.fetch(record, temporary('fetched'), quiet()), /token is another job's/);
	await assert.rejects(here.launch(record, data, quiet()), /another job's/);
	await here.clean([record], true, quiet());
	assert.ok(existsSync(path.join(folder, 'token')));
	const linked = tinyJob('local', 'sft', {});
	symlinkSync(folder, path.join(here.root, 'jobs', linked.record.id));
	await assert.rejects(here.cancel({ ...linked.record, token: '0'.repeat(32) }, quiet()), /no such job folder/);
});

test('a fetched file is never written outside its folder, and symbolic links are not fetched', async () => {
	const here = host();
	const { record } = tinyJob('local', 'sft', {});
	const folder = path.join(here.root, 'jobs', record.id);
	mkdirSync(path.join(folder, 'out', '-rf'), { recursive: true });
	writeFileSync(path.join(folder, 'token'), `${record.token}\n`);
	writeFileSync(path.join(folder, 'out', '-rf', 'a'), 'x');
	await assert.rejects(here.fetch(record, temporary('fetched'), quiet()), /not a plain relative name/);
	symlinkSync('/etc/passwd', path.join(folder, 'events.jsonl'));
	const clean = tinyJob('local', 'sft', {});
	const other = path.join(here.root, 'jobs', clean.record.id);
	mkdirSync(path.join(other, 'out'), { recursive: true });
	writeFileSync(path.join(other, 'token'), `${clean.record.token}\n`);
	symlinkSync('/etc/passwd', path.join(other, 'out', 'secret'));
	symlinkSync('/etc/passwd', path.join(other, 'events.jsonl'));
	const into = temporary('fetched');
	assert.deepEqual(await here.fetch(clean.record, into, quiet()), []);
	assert.deepEqual(readdirSync(into), []);
	// If a single file is fetched, a missing name or a link yields nothing.
	writeFileSync(path.join(other, 'out', 'validation.jsonl'), '{}\n');
	writeFileSync(path.join(other, 'out', 'weights'), 'w');
	assert.deepEqual(
		(await here.fetch(clean.record, into, quiet(), 'out/validation.jsonl')).map(({ name }) => name),
		['out/validation.jsonl'],
	);
	assert.deepEqual(
		await Promise.all(
			['out/secret', 'out/none', 'events.jsonl'].map((name) => here.fetch(clean.record, into, quiet(), name)),
		),
		[[], [], []],
	);
	assert.deepEqual(readdirSync(path.join(into, 'out')), ['validation.jsonl']);
});

test('an interrupted upload continues where it stopped, and an upload with different bytes starts again', async () => {
	const here = host();
	const { record, data } = tinyJob('local', 'sft', {});
	const blobs = path.join(here.root, 'blobs');
	mkdirSync(blobs, { recursive: true });
	const { upload } = await import('../../../src/remote/launch.ts');
	const { createShell } = await import('../../../src/remote/shell.ts');
	const whole = readFileSync(data);
	const leftover = (name: string, bytes: Uint8Array) => {
		writeFileSync(path.join(blobs, name), bytes);
		utimesSync(path.join(blobs, name), 1e9, 1e9);
	};
	leftover(`${record.dataSha256}.aa.part`, whole.subarray(0, 700));
	await upload(createShell('local'), here.settings, data, record.dataSha256, quiet());
	assert.deepEqual(readFileSync(path.join(blobs, record.dataSha256)), whole);
	const second = tinyJob('local', 'sft', {});
	writeFileSync(second.data, `${readFileSync(second.data, 'utf8')}{"question":"x","solution":"y"}\n`);
	const { fileHash } = await import('../../../src/remote/launch.ts');
	const sha = await fileHash(second.data);
	leftover(`${sha}.bb.part`, Buffer.from('something else altogether'));
	await upload(createShell('local'), here.settings, second.data, sha, quiet());
	assert.deepEqual(readFileSync(path.join(blobs, sha)), readFileSync(second.data));
	assert.deepEqual(readdirSync(blobs).sort(), [record.dataSha256, sha].sort(), 'nothing half-sent is left');
});

test('a missing model is reported before anything is uploaded', { skip: noPython }, async () => {
	const here = host();
	await assert.rejects(here.prepare(quiet(), { name: '/nowhere/model' }), /no config.json in that directory/);
	await assert.rejects(here.prepare(quiet(), { name: 'a b; id' }), /expected tiny, a directory on the host/);
	const away = openHost(
		{
			name: 'local',
			root: here.root,
			python,
			prelude: 'HF_ENDPOINT=http://127.0.0.1:9 HF_HOME=/tmp/nowhere-at-all; export HF_ENDPOINT HF_HOME',
		},
		{ trainerFolder: path.resolve('trainer') },
	);
	await assert.rejects(
		away.prepare(quiet(), { name: 'some/model', token: 'secret-token' }),
		(error: Error) =>
			/model some\/model is not on the host and cannot be downloaded/.test(error.message) &&
			!error.message.includes('secret'),
	);
});

test('preflight reports what is present and how to fix what is missing', async () => {
	const here = host();
	const findings = await here.preflight(quiet());
	assert.equal(findings.find((finding) => finding.what === 'folder')?.level, 'ok');
	assert.ok(findings.every((finding) => finding.level === 'ok' || finding.mend !== ''));
	const nowhere = openHost({ name: 'local', root: '/proc/nowhere' }, { trainerFolder: path.resolve('trainer') });
	assert.equal((await nowhere.preflight(quiet())).find((finding) => finding.what === 'folder')?.level, 'missing');
	const relative = openHost({ name: 'local', root: 'relative/../x' }, { trainerFolder: path.resolve('trainer') });
	await assert.rejects(relative.preflight(quiet()), /expected an absolute path/);
});
