import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Host } from '../../../src/core/ports/hosts.ts';
import type { JobRecord } from '../../../src/core/training/job.ts';
import { openHost } from '../../../src/remote/openHost.ts';
import type { Slurm } from '../../fixtures/slurm.ts';
import { noSlurm, openSlurm } from '../../fixtures/slurm.ts';
import { processesOf } from '../../fixtures/sshd.ts';
import { noPython, python, quiet, stateOf, temporary, tinyJob, until } from './jobFixtures.ts';

const skip = noPython || noSlurm();

describe('a real Slurm over a real ssh connection', { skip, concurrency: false }, () => {
	let slurm: Slurm;
	let host: Host;
	const onSlurm = (settings: Record<string, number | string>): { record: JobRecord; data: string } => {
		const { record, data } = tinyJob('gpu', 'sft', { method: 'lora', ...settings });
		return { data, record: { ...record, launcher: 'slurm' } };
	};
	const steps = async (record: JobRecord): Promise<(number | undefined)[]> => {
		const chunks: Uint8Array[] = [];
		for await (const { bytes } of host.tail(record, {
			file: 'events',
			offset: 0,
			follow: false,
			signal: new AbortController().signal,
		})) {
			chunks.push(bytes);
		}
		return Buffer.concat(chunks)
			.toString()
			.split('\n')
			.filter((line) => line.includes('"step"') && line.endsWith('}'))
			.map((line) => JSON.parse(line) as { kind: string; step: number })
			.filter(({ kind }) => kind === 'step')
			.map(({ step }) => step);
	};
	before(async () => {
		slurm = await openSlurm(python);
		const { configFile, python: reachable } = slurm.sshd;
		host = openHost(
			{
				name: 'gpu',
				python: reachable,
				launcher: 'slurm',
				slurmArguments: ['--gres=gpu:1', '--mem=2000'],
				prelude: 'export OMP_NUM_THREADS=1',
			},
			{ trainerFolder: path.resolve('trainer'), configFile },
		);
		await host.prepare(quiet());
	});
	after(() => slurm.close());

	test('a job waits in the queue, runs when a node is free, and is cancelled with all its processes', async () => {
		assert.deepEqual(
			(await host.preflight(quiet())).filter(({ level }) => level === 'missing'),
			[],
		);
		slurm.command('scontrol', 'update', 'nodename=n1,n2', 'state=drain', 'reason=test');
		const { record, data } = onSlurm({ epochs: 5000, save_every: 100_000 });
		await host.launch(record, data, quiet());
		await host.launch(record, data, quiet());
		assert.equal(
			slurm.command('squeue', '-h', '-o', '%j').trim(),
			`stat-${record.id}`,
			'launched twice, it is in the queue once',
		);
		const waiting = await stateOf(host, record);
		assert.equal(waiting?.state, 'queued');
		assert.match(waiting.detail, /in the queue: pending/);
		slurm.command('scontrol', 'update', 'nodename=n1,n2', 'state=resume');
		await until('steps', async () => (await steps(record)).length > 2);
		assert.equal((await stateOf(host, record))?.state, 'running');
		await host.cancel(record, quiet());
		assert.equal((await stateOf(host, record))?.state, 'cancelled');
		await until(
			'its processes to be gone',
			async () => !processesOf(slurm.sshd.user).some(({ command }) => /stat_trainer|run\.sh/.test(command)),
		);
	});

	test('killing the controller right after the launch loses neither the job nor its state', async () => {
		const { record, data } = onSlurm({ epochs: 10 });
		await host.launch(record, data, quiet());
		await slurm.killController();
		const blind = await stateOf(host, record);
		assert.ok(blind?.state === 'queued' || blind?.state === 'running', `${blind?.state}: ${blind?.detail}`);
		await slurm.startController();
		// The new controller may have forgotten the job: a job that has not begun is launched again, and one that the
		// controller killed is resumed.
		let killed = false;
		const seen = await until('its end', async () => {
			const status = await stateOf(host, record);
			if (status?.state === 'lost') {
				killed = !status.detail.includes('never began');
				assert.ok(
					!processesOf(slurm.sshd.user).some(({ command }) => command.includes('stat_trainer')),
					`called lost while it runs: ${status.detail}`,
				);
				await (killed ? host.resume(record, quiet()) : host.launch(record, data, quiet()));
			}
			return status?.state === 'done' && status;
		});
		assert.equal(seen.exitCode, 0);
		const all = await steps(record);
		assert.deepEqual(
			killed ? all.slice(all.lastIndexOf(1)) : all,
			Array.from({ length: 40 }, (_, index) => index + 1),
			'one trainer, every step once',
		);
		const files = await host.fetch(record, temporary('fetched'), quiet());
		assert.ok(files.some(({ name }) => name === 'out/model/adapter_model.safetensors'));
	});

	test('a job on two GPUs requests both from Slurm, trains in two processes with the same batch, and can be resumed', async () => {
		const { record: one, data } = onSlurm({ epochs: 25, save_every: 10 });
		const record = { ...one, gpus: 2 };
		await host.launch(record, data, quiet());
		await until('steps', async () => (await steps(record)).length > 12);
		assert.match(slurm.command('squeue', '-h', '-o', '%b', '-n', `stat-${record.id}`), /gpu:2/);
		await host.cancel(record, quiet());
		assert.equal((await stateOf(host, record))?.state, 'cancelled');
		await until(
			'its processes to be gone',
			async () => !processesOf(slurm.sshd.user).some(({ command }) => /stat_trainer|run\.sh/.test(command)),
		);
		await Promise.all([host.resume(record, quiet()), host.resume(record, quiet())]);
		const ended = await until('its end', async () => {
			const status = await stateOf(host, record);
			assert.ok(status?.state !== 'failed' && status?.state !== 'lost', status?.detail);
			return status?.state === 'done' && status;
		});
		assert.equal(ended.exitCode, 0);
		const files = temporary('fetched');
		await host.fetch(record, files, quiet());
		const events = readFileSync(path.join(files, 'events.jsonl'), 'utf8')
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line) as Record<string, unknown>);
		const recipes = events.filter(({ kind }) => kind === 'recipe');
		assert.deepEqual(
			recipes.map(({ effective_batch, processes }) => [effective_batch, processes]),
			[
				[8, 2],
				[8, 2],
			],
			'two runs in all, two processes each',
		);
		assert.equal(events.filter(({ kind }) => kind === 'resumed').length, 1);
		assert.equal(events.filter(({ kind }) => kind === 'step').at(-1)?.['step'], 100);
	});

	test("the error for a request that Slurm refuses quotes Slurm's own message", async () => {
		const { record, data } = onSlurm({});
		const greedy = openHost(
			{ ...host.settings, slurmArguments: ['--gres=gpu:64'] },
			{ trainerFolder: path.resolve('trainer'), configFile: slurm.sshd.configFile },
		);
		await assert.rejects(
			greedy.launch(record, data, quiet()),
			/gpu: starting job .*Requested node configuration is not available/,
		);
	});
});
