import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ran } from '../../fixtures/builtCli.ts';
import { ended, newFolder, runCli, startCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import type { StandInTeacher } from '../../fixtures/standInTeacher.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

const servers: StandInTeacher[] = [];
after(() => Promise.all(servers.map((server) => server.close())));

const slow = 600_000;

/** Starts diagnosing a small project with three calls at a time, and waits until those are in flight. */
async function diagnosing(latency: number): Promise<{
	readonly folder: string;
	readonly server: StandInTeacher;
	readonly child: ChildProcessWithoutNullStreams;
	readonly end: Promise<Ran>;
}> {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'));
	for (const args of [
		['init'],
		['import', 'skills', ...world.trainBanks, ...world.testBanks],
		['import', 'answers', world.answers, '--student', 's'],
	]) {
		assert.equal((await runCli(args, folder)).code, 0);
	}
	const server = await startStandInTeacher({ latency });
	servers.push(server);
	const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'stand-in' };
	const child = startCli(['diagnose', '--concurrency', '3', '--json'], folder, env);
	const end = ended(child);
	while (server.stats().received < 3) {
		await sleep(20);
	}
	return { folder, server, child, end };
}

async function says(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
	await new Promise<void>((resolve) => {
		let all = '';
		child.stderr.on('data', (chunk: string) => {
			all += chunk;
			if (all.includes(text)) {
				resolve();
			}
		});
	});
}

test('SIGTERM ends a command at once, and the calls in flight are reported as possibly billed', async () => {
	const { server, child, end } = await diagnosing(slow);
	child.kill('SIGTERM');
	const ran = await end;
	assert.equal(ran.code, 130, ran.stderr);
	assert.equal(ran.json()['kind'], 'cancelled');
	assert.match(ran.stderr, /3 calls cut off in flight: the endpoint may bill for them all the same/);
	assert.equal(server.stats().received, 3);
});

test('the first Ctrl-C waits for the calls in flight and stores their replies, but sends nothing more', async () => {
	const { folder, server, child, end } = await diagnosing(2000);
	child.kill('SIGINT');
	const ran = await end;
	assert.equal(ran.code, 130, ran.stderr);
	assert.match(ran.stderr, /waiting for 3 calls in flight, which are paid for; Ctrl-C again ends at once/);
	assert.deepEqual([server.stats().received, server.stats().good], [3, 3]);
	const status = await runCli(['status', '--json'], folder);
	assert.equal(status.json()['diagnosed'], 3);
});

test('the second Ctrl-C ends a command that waits for its calls in flight', async () => {
	const { server, child, end } = await diagnosing(slow);
	const isWaiting = says(child, 'waiting for 3 calls in flight');
	child.kill('SIGINT');
	await isWaiting;
	child.kill('SIGINT');
	const ran = await end;
	assert.equal(ran.code, 130, ran.stderr);
	assert.match(ran.stderr, /3 calls cut off in flight/);
	assert.deepEqual([server.stats().received, server.stats().good], [3, 0]);
});
