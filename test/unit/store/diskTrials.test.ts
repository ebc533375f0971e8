import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitFlips, fileErrors, powerFailures } from '../../simulation/diskTrials.ts';

/** `npm run campaign -- durability` tries every operation, every file call and 1,200 bits. */
test('no confirmed write is lost if the power fails between two operations', async () => {
	const trials = await powerFailures({ writes: 30, every: 23, cuts: 3 });
	assert.deepEqual([trials.lost, trials.unreadable, trials.bad], [0, 0, []]);
	assert.ok(trials.disks > 100 && trials.confirmed > 1000, JSON.stringify(trials));
});

test('trials of power failures detect a journal that is never synced', async () => {
	const trials = await powerFailures({ writes: 12, every: 23, cuts: 2, isNeverSynced: true });
	assert.ok(trials.lost > 0, JSON.stringify(trials));
});

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
