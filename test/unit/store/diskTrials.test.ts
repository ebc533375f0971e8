import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitFlips, fileErrors, powerFailures } from '../../simulation/diskTrials.ts';

/** `npm run campaign -- durability` tries every operation, every file call and 1,200 bits. */
test('no confirmed write is lost if the power fails between two operations, except replies of the last second', async () => {
	const trials = await powerFailures({ writes: 36, every: 19, cuts: 3 });
	assert.deepEqual([trials.lost, trials.unreadable, trials.bad], [0, 0, []]);
	assert.ok(trials.disks > 100 && trials.confirmed > 1000, JSON.stringify(trials));
	// A power failure takes at most the replies of the second before.
	assert.ok(trials.recent > 0, JSON.stringify(trials));
});

for (const without of ['syncs', 'timers'] as const) {
	test(`trials of power failures detect that nothing is synced without ${without}`, async () => {
		const trials = await powerFailures({ writes: 24, every: 23, cuts: 2, without });
		assert.ok(trials.lost > 0, JSON.stringify(trials));
	});
}

test('no confirmed write is lost if a file call fails, whether once or from then on', async () => {
	const trials = await fileErrors({ writes: 12, every: 17 });
	assert.deepEqual([trials.lost, trials.reported, trials.unreadable, trials.bad], [0, 0, 0, []]);
	assert.ok(trials.disks > 30 && trials.confirmed > 100, JSON.stringify(trials));
});

test('a flipped bit changes no confirmed write, or the damage is reported', async () => {
	const trials = await bitFlips({ flips: 60, seed: 7 });
	assert.deepEqual([trials.lost, trials.unreadable, trials.bad], [0, 0, []]);
	assert.ok(trials.reported > 10, JSON.stringify(trials));
});
