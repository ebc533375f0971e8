import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileHash, upload } from '../../src/remote/launch.ts';
import { openHost } from '../../src/remote/openHost.ts';
import { createShell } from '../../src/remote/shell.ts';
import { isUnreachable } from '../../src/remote/unreachable.ts';
import type { Sshd } from '../fixtures/sshd.ts';
import { cutAtRandom, noSshd, openSshd } from '../fixtures/sshd.ts';
import { faults } from './remoteFaults.ts';
import { python, quiet, stateOf, temporary, tinyJob } from '../unit/remote/jobFixtures.ts';

/**
 * Kills our ssh clients with -9 at random moments in every step of a job's life, over a real sshd on loopback; each
 * interrupted step is repeated as a user would repeat it. `--cuts=N` is the total number (default 20). Then runs one
 * job for each other fault (remoteFaults.ts). `--only=cuts` or `--only=faults` runs only one part. Prints the outcome
 * of each.
 */
const cutCount = Number(process.argv.find((arg) => arg.startsWith('--cuts='))?.slice(7) ?? 20);

/** Repeats the work until it succeeds; returns the number of attempts. */
async function again(work: () => Promise<unknown>): Promise<number> {
	for (let attempts = 1; ; attempts++) {
		try {
			await work();
			return attempts;
		} catch (error) {
			if (!isUnreachable(error)) {
				throw error;
			}
		}
	}
}

/** Kills ssh clients during every step. */
async function cuts(sshd: Sshd): Promise<void> {
	const rows: string[] = [];
	const step = async (
		name: string,
		cuts: number,
		longestPause: number,
		work: () => Promise<unknown>,
		check: () => Promise<boolean> | boolean,
	): Promise<void> => {
		const cutting = cutAtRandom(cuts, longestPause);
		const attempts = await again(work);
		const done = await cutting.stop();
		rows.push(`| ${name} | ${done} | ${attempts} | ${(await check()) ? 'yes' : '**no**'} |`);
	};
	const host = openHost(
		{ name: 'gpu', python: sshd.python, prelude: 'export OMP_NUM_THREADS=1' },
		{ trainerFolder: path.resolve('trainer'), configFile: sshd.configFile },
	);
	const { record, data } = tinyJob('gpu', 'sft', { epochs: 30, method: 'lora', save_every: 1000 });
	const home = path.join(sshd.home, '.stat-studio');
	const onHost = path.join(home, 'jobs', record.id);
	const share = (part: number) => Math.max(1, Math.round(cutCount * part));
	const big = path.join(temporary('big'), 'data');
	writeFileSync(big, randomBytes(64 << 20));
	const sha = await fileHash(big);
	await step(
		'sending the trainer',
		share(0.1),
		200,
		() => host.prepare(quiet()),
		() => true,
	);
	await step(
		'upload, 64 MB',
		share(0.25),
		250,
		() => upload(createShell('gpu', { configFile: sshd.configFile }), host.settings, big, sha, quiet()),
		async () => (await fileHash(path.join(home, 'blobs', sha))) === sha,
	);
	await step(
		'launch, two at once',
		share(0.15),
		250,
		() => Promise.all([host.launch(record, data, quiet()), host.launch(record, data, quiet())]),
		async () => (await stateOf(host, record))?.state === 'running',
	);
	let log = Buffer.alloc(0);
	await step(
		'following the log',
		share(0.3),
		1500,
		async () => {
			for await (const { offset, bytes } of host.tail(record, {
				file: 'events',
				offset: log.length,
				follow: true,
				signal: new AbortController().signal,
			})) {
				log = Buffer.concat([log.subarray(0, offset), bytes]);
			}
		},
		() => log.equals(readFileSync(path.join(onHost, 'events.jsonl'))),
	);
	mkdirSync(path.join(onHost, 'out', 'big'), { recursive: true });
	writeFileSync(path.join(onHost, 'out', 'big', 'weights'), readFileSync(big));
	const folder = temporary('fetched');
	await step(
		'fetch, 64 MB',
		share(0.2),
		250,
		() => host.fetch(record, folder, quiet()),
		async () => (await fileHash(path.join(folder, 'out', 'big', 'weights'))) === sha,
	);
	const starts = log
		.toString()
		.split('\n')
		.filter((line) => line.includes('"kind": "start"')).length;
	const steps = log
		.toString()
		.split('\n')
		.filter((line) => line.includes('"kind": "step"'))
		.map((line) => (JSON.parse(line) as { step: number }).step);
	const gapless = steps.length === 120 && steps.every((value, index) => value === index + 1);
	console.log(
		`| step | ssh clients killed | asked | right in the end |\n| --- | --- | --- | --- ` +
			`|\n${rows.join('\n')}\n\nTrainers started: ${starts}. Steps in the log: ${steps.length} of 120, ` +
			`${gapless ? 'no gap, no repeat' : 'NOT gapless'}.`,
	);
	process.exitCode = starts === 1 && gapless && !rows.some((row) => row.includes('no**')) ? 0 : 1;
}

async function main(): Promise<void> {
	const why = noSshd();
	if (why) {
		throw new Error(why);
	}
	const sshd = await openSshd(python);
	const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice(7);
	try {
		if (only !== 'faults') {
			await cuts(sshd);
		}
		if (only !== 'cuts') {
			console.log(
				'\n| fault | what is seen meanwhile | trainers started | resumed from a checkpoint | done, ' +
					'every step once, log byte-exact, nobody left |\n| --- | --- | --- | --- | --- |',
			);
			await faults(sshd, (row) => {
				console.log(row);
				process.exitCode = row.endsWith('| yes |') ? process.exitCode : 1;
			});
		}
	} finally {
		await sshd.close();
	}
}

void main();
