import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replyPace } from '../../../../src/core/stats/pace.ts';

test('the pace of replies leaves out pauses in which nothing ran, and needs twenty replies', () => {
	const steady = Array.from({ length: 21 }, (_, index) => index * 500);
	assert.equal(replyPace(steady), 2);
	const nextDay = steady.map((time) => time + 86_400_000);
	assert.equal(replyPace([...nextDay, ...steady]), 2);
	assert.equal(replyPace(steady.slice(0, 19)), null);
	assert.equal(replyPace([...steady, Number.NaN]), 2);
	assert.equal(replyPace(new Array<number>(30).fill(5)), null);
	assert.equal(replyPace([]), null);
});
