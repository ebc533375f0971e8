import assert from 'node:assert/strict';
import test from 'node:test';
import { Pace } from '../../../../src/teacher/ask/pace.ts';

function paced(ceiling: number) {
	let now = 0;
	const lines: string[] = [];
	const pace = new Pace({ ceiling, log: (_, line) => lines.push(line), now: () => now, random: () => 0.5 });
	return {
		pace,
		lines,
		at: (ms: number) => (now = ms),
		answer: (count: number) => Array.from({ length: count }, () => pace.answered()),
	};
}

test('slow start doubles the window with every round of replies until it reaches the ceiling', () => {
	const { pace, answer } = paced(100);
	const limits = [pace.concurrency];
	for (let round = 0; round < 4; round++) {
		answer(pace.concurrency);
		limits.push(pace.concurrency);
	}
	assert.deepEqual(limits, [20, 40, 80, 100, 100]);
	assert.equal(paced(5).pace.concurrency, 5);
});

test('an episode of 429s reduces the window by a fifth only once and ends the doubling', () => {
	const { pace, answer, at } = paced(200);
	answer(20);
	for (let n = 0; n < 40; n++) {
		pace.limited(1000);
	}
	assert.equal(pace.concurrency, 32);
	assert.equal(pace.mayStart, false);
	at(1000);
	assert.equal(pace.mayStart, true);
	pace.limited(100);
	assert.equal(pace.concurrency, 32, 'within 15 s: the same episode');
	at(16_000);
	pace.limited(100);
	assert.equal(pace.concurrency, 25);
	at(20_000);
	answer(25);
	assert.equal(pace.concurrency, 28);
});

test('a pause stops all calls, is never shortened, is capped with a warning, and doubles if no length is given', () => {
	const { pace, lines, at } = paced(10);
	pace.limited(5000);
	pace.limited(1000);
	assert.equal(pace.pause, 5000);
	pace.pauseFor(3_600_000, 'rate limit');
	assert.equal(pace.pause, 600_000);
	at(600_000);
	pace.limited(undefined);
	assert.equal(pace.pause, 1000);
	pace.limited(undefined);
	assert.equal(pace.pause, 1000, 'the same episode');
	at(601_000);
	pace.limited(undefined);
	assert.equal(pace.pause, 2000);
	at(700_000);
	pace.pauseFor(7_200_000, 'rate limit');
	assert.match(lines.at(-1) ?? '', /asks for 120 min; we try again sooner/);
});

test('a reply that is being stored holds no slot, but no more replies than slots may wait to be stored', () => {
	const { pace } = paced(2);
	pace.take();
	pace.take();
	assert.equal(pace.mayStart, false);
	pace.arrived();
	assert.equal(pace.mayStart, true);
	pace.take();
	pace.arrived();
	assert.equal(pace.mayStart, false);
	pace.stored();
	assert.equal(pace.mayStart, true);
	assert.equal(pace.running, 1);
});
