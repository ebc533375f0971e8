import assert from 'node:assert/strict';
import test from 'node:test';
import { Budget } from '../../../../src/teacher/ask/budget.ts';
import { Pace } from '../../../../src/teacher/ask/pace.ts';
import { pauseMs, retryAfterMs } from '../../../../src/teacher/wire/rateHeaders.ts';

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

test('a budget admits calls that fit in the worst case, waits for calls in flight, and rejects calls that can never fit', () => {
	const budget = new Budget(1);
	assert.deepEqual(
		[budget.reserve(0.4), budget.reserve(0.4), budget.reserve(0.4), budget.reserve(1.1)],
		['reserved', 'reserved', 'wait', 'never'],
	);
	budget.settle(0.4, 0.1);
	assert.equal(budget.reserve(0.4), 'reserved');
	budget.settle(0.4, 0.4);
	budget.settle(0.4, 0.4);
	assert.equal(budget.reserve(0.2), 'never');
	const calls = new Budget(3);
	assert.deepEqual(
		[1, 1, 1, 1].map((one) => {
			const answer = calls.reserve(one);
			calls.settle(answer === 'reserved' ? one : 0, answer === 'reserved' ? one : 0);
			return answer;
		}),
		['reserved', 'reserved', 'reserved', 'never'],
	);
	assert.equal(new Budget(undefined).reserve(1e9), 'reserved');
	assert.equal(new Budget(0).reserve(1), 'never');
});

test('waiting times are read from every rate-limit header', () => {
	const now = Date.parse('2026-11-21T00:00:00Z');
	const after = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), now);
	assert.equal(after({ 'retry-after': '7' }), 7000);
	assert.equal(after({ 'retry-after': 'Sat, 21 Nov 2026 00:00:30 GMT' }), 30_000);
	assert.equal(after({ 'retry-after': 'Sat, 21 Nov 2020 00:00:30 GMT' }), 0);
	assert.equal(after({ 'retry-after-ms': '250', 'retry-after': '9' }), 250);
	assert.equal(after({ 'retry-after': 'soon' }), undefined);
	assert.equal(after({ 'retry-after': '-5' }) ?? 0, 0);
	assert.equal(after({}), undefined);
	const rest = (headers: Record<string, string>) => pauseMs(new Headers(headers), now);
	assert.equal(rest({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '1m30s' }), 90_000);
	assert.equal(
		rest({
			'x-ratelimit-remaining-requests': '0',
			'x-ratelimit-reset-requests': '60s',
			'x-ratelimit-limit-requests': '500',
		}),
		1200,
	);
	assert.equal(rest({ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '120ms' }), 120);
	assert.equal(rest({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 3) }), 3000);
	assert.equal(rest({ 'x-ratelimit-remaining-requests': '3', 'x-ratelimit-reset-requests': '60s' }), undefined);
	assert.equal(rest({}), undefined);
});
