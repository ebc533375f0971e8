import assert from 'node:assert/strict';
import test from 'node:test';
import { setImmediate as breathe } from 'node:timers/promises';
import { GroupCommit } from '../../../../src/workflow/asking/groupCommit.ts';

test('rows are written at once, then in groups, and drain does not wait for the next group', async () => {
	const writes: (readonly number[])[] = [];
	const commit = new GroupCommit<number>(async (rows) => void writes.push(rows));
	commit.add(1);
	await breathe();
	for (const row of [2, 3, 4]) {
		commit.add(row);
		await breathe();
	}
	assert.deepEqual(writes, [[1]]);
	await commit.drain();
	assert.deepEqual(writes, [[1], [2, 3, 4]]);
});

test('a failed write is thrown by the next row and by drain', async () => {
	const commit = new GroupCommit<number>(() => Promise.reject(new Error('disk full')));
	commit.add(1);
	await breathe();
	assert.throws(() => commit.add(2), /disk full/);
	await assert.rejects(commit.drain(), /disk full/);
});
