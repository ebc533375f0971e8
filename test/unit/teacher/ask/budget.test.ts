import assert from 'node:assert/strict';
import test from 'node:test';
import { Budget } from '../../../../src/teacher/ask/budget.ts';

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
