import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Latencies } from '../../../../src/teacher/wire/latencies.ts';

test('the timeout is eight times the slowest recent reply, in whole milliseconds', () => {
	const latencies = new Latencies();
	for (let index = 0; index < 19; index++) {
		latencies.add(10_000.123);
	}
	assert.equal(latencies.timeout(300_000), 300_000, 'too few replies to judge by');
	latencies.add(10_000.123);
	assert.equal(latencies.timeout(300_000), 80_001);
	assert.equal(latencies.timeout(70_000), 70_000);
});

test('the timeout is at least a minute', () => {
	const latencies = new Latencies();
	for (let index = 0; index < 20; index++) {
		latencies.add(0.5);
	}
	assert.equal(latencies.timeout(300_000), 60_000);
});
