import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ended, newFolder, runCli, startCli } from '../../fixtures/builtCli.ts';
import { classifyProject } from '../../fixtures/classifyProject.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import { startStandInBatches } from '../../fixtures/standInBatches.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

test('a diagnosis in a batch, killed while it is created and again while it runs, then interrupted, is paid for once', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 3, validation: 12 });
	const teacher = await startStandInTeacher({ models: ['gpt-4o-mini'] });
	const server = await startStandInBatches(teacher, { step: 300, holds: 'POST /v1/batches' });
	const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'gpt-4o-mini' };
	const diagnose = ['diagnose', '--batch', '--json'];
	const start = () => {
		const child = startCli(diagnose, folder, env);
		return { child, end: ended(child) };
	};
	try {
		await classifyProject(folder, world, env);
		const creating = server.arrival('POST /v1/batches');
		const first = start();
		await creating;
		first.child.kill('SIGKILL');
		await first.end;
		server.settings = { ...server.settings, step: 3_600_000, holds: null };

		const looking = server.arrival('GET /v1/batches/batch_0');
		const second = start();
		await looking;
		second.child.kill('SIGKILL');
		await second.end;

		const lookingAgain = server.arrival('GET /v1/batches/batch_0');
		const third = start();
		await lookingAgain;
		// The command has to have shown the batch before it is interrupted.
		await new Promise((resolve) => setTimeout(resolve, 500));
		third.child.kill('SIGINT');
		const interrupted = await third.end;
		assert.notEqual(interrupted.code, 0);
		assert.match(interrupted.stderr, /the batch runs on at .* started again, fetches its replies/);
		assert.doesNotMatch(interrupted.stderr, /may have been billed/);
		assert.equal(server.batches.length, 1);

		const listed = await runCli(['batches', '--json'], folder, env);
		assert.deepEqual(
			(listed.json()['batches'] as { batch: string; isRunning: boolean }[]).map(({ batch, isRunning }) => [
				batch,
				isRunning,
			]),
			[['batch_0', true]],
		);

		server.finish();
		const last = await start().end;
		assert.equal(last.code, 0, last.stderr);
		assert.match(last.stderr, /calls to gpt-4o-mini at .*, in batches: about/);
		assert.equal(server.batches.length, 1);
		assert.ok(server.answered.length > 3);
		assert.equal(last.json()['calls'], server.answered.length);
		assert.equal(teacher.stats().good, server.answered.length);
		assert.equal(fs.existsSync(path.join(folder, '.stat', 'lock.batches')), false);
		const again = await runCli(diagnose, folder, env);
		assert.equal(again.json()['calls'], 0);
	} finally {
		await server.close();
		await teacher.close();
	}
});

test('a batch that is cancelled by command ends at the endpoint, and what it answered is not requested again', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 3, validation: 8 });
	const teacher = await startStandInTeacher({ models: ['gpt-4o-mini'] });
	const server = await startStandInBatches(teacher, { step: 3_600_000 });
	const env = { STAT_TEACHER_URL: server.url, STAT_TEACHER_MODEL: 'gpt-4o-mini' };
	try {
		await classifyProject(folder, world, env);
		const looking = server.arrival('GET /v1/batches/batch_0');
		const child = startCli(['diagnose', '--batch', '--json'], folder, env);
		const end = ended(child);
		await looking;
		const cancelled = await runCli(['batches', '--cancel', '--yes', '--json'], folder, env);
		assert.equal(cancelled.json()['cancelled'], 1, cancelled.stderr);
		const ran = await end;
		assert.notEqual(ran.code, 0);
		assert.match(ran.stderr, /batch batch_0 was cancelled there; the replies so far are stored/);
		assert.equal(server.answered.length, 2);
		const rest = await runCli(['diagnose', '--json'], folder, env);
		assert.equal(rest.code, 0, rest.stderr);
		assert.equal(teacher.stats().goodTwice, 0);
		assert.equal(rest.json()['calls'], teacher.stats().good - 2);
		assert.match((await runCli(['batches'], folder, env)).stdout, /no batch is recorded/);
	} finally {
		await server.close();
		await teacher.close();
	}
});

test('a tier is sent with each request, and cannot be combined with batches', async () => {
	const folder = newFolder();
	const world = writeSmallWorld(path.join(folder, 'data'), { train: 3, validation: 4 });
	const teacher = await startStandInTeacher({ models: ['gpt-5-mini'] });
	const env = { STAT_TEACHER_URL: teacher.url, STAT_TEACHER_MODEL: 'gpt-5-mini' };
	const run = (...args: string[]) => runCli(args, folder, env);
	try {
		await classifyProject(folder, world, env);
		const plain = await run('diagnose', '--limit', '1', '--again', '--json');
		assert.equal(teacher.bodies.at(-1)?.['service_tier'], undefined);
		const flex = await run('diagnose', '--limit', '2', '--again', '--tier', 'flex', '--json');
		assert.equal(flex.code, 0, flex.stderr);
		assert.equal(teacher.bodies.at(-1)?.['service_tier'], 'flex');
		assert.match(flex.stderr, /gpt-5-mini at .*, tier flex, 1 more answered already: about/);
		assert.deepEqual([plain.json()['calls'], flex.json()['calls']], [1, 1]);
		const both = await run('diagnose', '--batch', '--tier', 'flex');
		assert.equal(both.code, 2);
		assert.match(both.stderr, /--batch and --tier exclude each other/);
		const wrong = await run('diagnose', '--tier', 'cheap');
		assert.equal(wrong.code, 2);
		assert.match(wrong.stderr, /--tier/);
	} finally {
		await teacher.close();
	}
});
