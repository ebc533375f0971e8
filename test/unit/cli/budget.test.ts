import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { newFolder, runCli } from '../../fixtures/builtCli.ts';
import { writeSmallWorld } from '../../fixtures/smallWorld.ts';
import { startStandInTeacher } from '../../fixtures/standInTeacher.ts';

test('one budget holds over a priced teacher and an unpriced solver only with a limit in calls', async () => {
	const server = await startStandInTeacher({ models: ['stand-in', 'solver'] });
	try {
		const folder = newFolder();
		const world = writeSmallWorld(path.join(folder, 'data'));
		const prices = path.join(folder, 'models.json');
		fs.writeFileSync(prices, JSON.stringify({ models: [{ match: 'stand-in', input: 1, output: 10 }] }));
		const env = {
			STAT_TEACHER_URL: server.url,
			STAT_TEACHER_MODEL: 'stand-in',
			STAT_SOLVER_MODEL: 'solver',
			STAT_STUDIO_MODELS: prices,
		};
		const run = (...args: string[]) => runCli([...args, '--json'], folder, env);
		for (const args of [
			['init'],
			['import', 'skills', ...world.trainBanks, ...world.testBanks],
			['import', 'answers', world.answers, '--student', 's'],
			['diagnose'],
		]) {
			assert.equal((await run(...args)).code, 0, args.join(' '));
		}
		const before = server.stats().received;
		const build = ['build', 'syn', '--name', 'x', '--pairs', '500', '--rounds', '2'];
		const refused = await run(...build, '--budget', '300');
		assert.equal(refused.code, 2);
		assert.match(refused.stderr, /stand-in has a price and solver has none; give --budget-calls N/);
		assert.equal(server.stats().received, before);
		// Proposals and solutions together stay within the calls.
		const built = await run(...build, '--budget', '300', '--budget-calls', '20');
		assert.equal(server.stats().received - before, 20, built.stderr);
	} finally {
		await server.close();
	}
});
