import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Host } from '../../../src/core/ports/hosts.ts';
import type { HostSettings } from '../../../src/core/training/job.ts';
import { fileHash, upload } from '../../../src/remote/launch.ts';
import { openHost } from '../../../src/remote/openHost.ts';
import { createShell } from '../../../src/remote/shell.ts';
import { isUnreachable } from '../../../src/remote/unreachable.ts';
import type { Sshd } from '../../fixtures/sshd.ts';
import { cutAtRandom, noSshd, openSshd, processesOf, sshChildren } from '../../fixtures/sshd.ts';
import { noPython, python, quiet, stateOf, temporary, tinyJob, until } from './jobFixtures.ts';

const skip = noPython || noSshd();
const noisy =
	`echo "Welcome to the cluster!"\necho "quota: 97%" >&2\nprintf 'no newline at the end'\nexport ` +
	`PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1\n`;

describe('a real ssh connection as an ordinary user with a noisy .bashrc', { skip, concurrency: false }, () => {
	let sshd: Sshd;
	let gpu: (more?: Partial<HostSettings>) => Host;
	const root = `~/it's "here", \$HOME & more`;
	before(async () => {
		sshd = await openSshd(python);
		writeFileSync(path.join(sshd.home, '.bashrc'), noisy);
		writeFileSync(path.join(sshd.home, '.profile'), noisy);
		gpu = (more) =>
			openHost(
				{ name: 'gpu', root, python: sshd.python, ...more },
				{ trainerFolder: path.resolve('trainer'), configFile: sshd.configFile, controlFolder: sshd.folder },
			);
	});
	after(() => sshd.close());

	test('a job over a repeatedly cut connection runs once, and its log and files arrive without gaps or repeats', async () => {
		const host = gpu();
		assert.deepEqual(
			(await host.preflight(quiet())).filter(({ level }) => level === 'missing'),
			[],
		);
		await host.prepare(quiet());
		const { record, data } = tinyJob('gpu', 'sft', { epochs: 30, method: 'lora', save_every: 1000 });
		const cutting = cutAtRandom(3, 400);
		await Promise.all([host.launch(record, data, quiet()), host.launch(record, data, quiet())]);
		const states: string[] = [];
		let log = Buffer.alloc(0);
		let restarted = false;
		for await (const { offset, bytes } of host.tail(record, {
			file: 'events',
			offset: 0,
			follow: true,
			signal: new AbortController().signal,
			onState: (state) => states.push(state),
		})) {
			assert.equal(offset, log.length);
			log = Buffer.concat([log, bytes]);
			if (!restarted && log.includes('"step"')) {
				restarted = true;
				sshChildren().forEach((pid) => process.kill(pid, 'SIGKILL'));
				await sshd.stop();
				setTimeout(() => void sshd.start(), 1500);
			}
		}
		await cutting.stop();
		assert.ok(states.includes('unreachable') && states.at(-1) === 'connected', states.join());
		const events = log
			.toString()
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as { kind: string; step?: number });
		assert.equal(events.filter(({ kind }) => kind === 'start').length, 1);
		assert.deepEqual(
			events.filter(({ kind }) => kind === 'step').map(({ step }) => step),
			Array.from({ length: 120 }, (_, index) => index + 1),
		);
		const status = await stateOf(host, record);
		assert.equal(status?.state, 'done', status?.detail);
		const onHost = path.join(sshd.home, root.slice(2), 'jobs', record.id);
		assert.deepEqual(log, readFileSync(path.join(onHost, 'events.jsonl')));
		const folder = temporary('fetched');
		const cuts = cutAtRandom(2, 200);
		const files = await host.fetch(record, folder, quiet());
		await cuts.stop();
		for (const { name } of files) {
			assert.deepEqual(readFileSync(path.join(folder, name)), readFileSync(path.join(onHost, name)), name);
		}
		assert.ok(files.some(({ name }) => name === 'out/model/adapter_model.safetensors'));
		assert.deepEqual(
			processesOf(sshd.user).filter(({ command }) => /stat_trainer|run\.sh/.test(command)),
			[],
		);
	});

	test('an upload over a repeatedly cut connection arrives byte for byte', async () => {
		const host = gpu();
		const file = path.join(temporary('big'), 'data');
		writeFileSync(file, randomBytes(24 << 20));
		const cutting = cutAtRandom(3, 150);
		const sha = await fileHash(file);
		await upload(createShell('gpu', { configFile: sshd.configFile }), host.settings, file, sha, quiet());
		await cutting.stop();
		assert.equal(await fileHash(path.join(sshd.home, root.slice(2), 'blobs', sha)), sha);
	});

	test('a connection that needs user intervention is refused with a message that says what to do', async () => {
		const why = async (name: string) => {
			const host = openHost({ name }, { trainerFolder: path.resolve('trainer'), configFile: sshd.configFile });
			const error: unknown = await host.preflight(quiet()).catch((thrown: unknown) => thrown);
			assert.ok(isUnreachable(error) && !error.message.includes('\n'), String(error));
			return error.message;
		};
		assert.match(await why('nokey'), /nokey: cannot be reached: .*Permission denied.*log in once in a terminal/);
		assert.match(await why('changed'), /host key is unknown or has changed/);
		assert.match(await why('unknown'), /host key is unknown or has changed/);
		assert.match(await why('no-such-host.invalid'), /check that it is in your ssh config/);
	});

	test('preflight reports an unwritable home, and an upload reports a full disk', async () => {
		chmodSync(sshd.home, 0o555);
		try {
			const folder = (await gpu({ root: '~/elsewhere' }).preflight(quiet())).find(
				({ what }) => what === 'folder',
			);
			assert.equal(folder?.level, 'missing');
			assert.match(folder.mend, /set another root/);
		} finally {
			chmodSync(sshd.home, 0o750);
		}
		const small = sshd.smallDisk('small', 2);
		if (small === undefined) {
			return;
		}
		const full = gpu({ root: small });
		const findings = await full.preflight(quiet());
		assert.equal(findings.find(({ what }) => what === 'free disk')?.level, 'warn');
		const { record, data } = tinyJob('gpu', 'sft', {});
		writeFileSync(data, randomBytes(4 << 20));
		await assert.rejects(
			full.launch({ ...record, dataSha256: await fileHash(data) }, data, quiet()),
			/gpu: the upload failed: .*No space left on device.*the next attempt continues from there/,
		);
	});

	test('a job on an unreachable host is not reported as lost', async () => {
		const { record } = tinyJob('gpu', 'sft', {});
		await sshd.stop();
		try {
			await assert.rejects(gpu().status([record], new AbortController().signal), isUnreachable);
		} finally {
			await sshd.start();
		}
		await until('an answer', async () => (await stateOf(gpu(), record))?.state === 'lost');
	});
});
