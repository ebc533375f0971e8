import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { runHistories } from '../../simulation/tally.ts';
import { buildVariant } from '../../simulation/variants.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stat-simulation-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

/** `npm run campaign -- durability` runs 20,000 histories, and removes each safeguard in turn. */
test(
	'200 histories of two machines, containers and processes lose no confirmed write',
	{ timeout: 1_200_000 },
	async () => {
		const tally = await runHistories(await buildVariant('current', folder), { from: 1, to: 201, writers: 2 });
		assert.deepEqual(tally.bad, []);
		assert.equal(tally.histories, 200);
		assert.ok(
			tally.confirmed > 2000 && tally.taken > 20 && tally.stops > 100 && tally.kills > 20,
			JSON.stringify(tally),
		);
	},
);

test(
	'the simulation detects an engine that does not check the length of the journal',
	{ timeout: 600_000 },
	async () => {
		const built = await buildVariant('no look at the length', folder);
		const tally = await runHistories(built, { from: 1, to: 201, writers: 2, hunt: 'fault' });
		assert.ok(tally.bad.length > 0, JSON.stringify(tally));
	},
);

test('the simulation detects that 0.1 trusts a pid from another PID namespace', { timeout: 600_000 }, async () => {
	const built = await buildVariant('0.1', folder);
	const tally = await runHistories(built, { from: 5, to: 201, writers: 2, world: 'containers', hunt: 'loss' });
	assert.ok(tally.bad.length > 0, JSON.stringify(tally));
});
