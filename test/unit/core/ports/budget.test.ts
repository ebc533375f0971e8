import assert from 'node:assert/strict';
import test from 'node:test';
import { Budget } from '../../../../src/core/ports/budget.ts';
import { StatError } from '../../../../src/core/errors/statError.ts';

const dollars = (usd: number) => ({ usd, calls: 1 });
const free = { usd: 0, calls: 0 };

test('a budget admits calls that fit in the worst case, waits for calls in flight, and rejects calls that can never fit', () => {
	const budget = new Budget({ usd: 1 });
	assert.deepEqual(
		[0.4, 0.4, 0.4, 1.1].map((usd) => budget.reserve(dollars(usd))),
		['reserved', 'reserved', 'wait', 'never'],
	);
	budget.settle(dollars(0.4), dollars(0.1));
	assert.equal(budget.reserve(dollars(0.4)), 'reserved');
	budget.settle(dollars(0.4), dollars(0.4));
	budget.settle(dollars(0.4), dollars(0.4));
	assert.equal(budget.reserve(dollars(0.2)), 'never');
	assert.equal(new Budget({}).reserve(dollars(1e9)), 'reserved');
	assert.equal(new Budget({ usd: 0 }).reserve(dollars(1)), 'never');
});

test('without a price, a budget in dollars counts calls, unless there is one in calls', () => {
	const call = { usd: null, calls: 1 };
	const admitted = (budget: Budget) => {
		for (let count = 0; ; count++) {
			if (budget.reserve(call) !== 'reserved') {
				return count;
			}
			budget.settle(call, call);
		}
	};
	assert.deepEqual(
		[{ usd: 3 }, { calls: 5 }, { usd: 3, calls: 5 }].map((limits) => admitted(new Budget(limits))),
		[3, 5, 5],
	);
});

test('both limits hold over all models that share a budget', () => {
	const budget = new Budget({ usd: 1, calls: 3 });
	budget.admit([
		{ model: 'priced', hasPrice: true },
		{ model: 'unpriced', hasPrice: false },
	]);
	assert.equal(budget.reserve(dollars(0.9)), 'reserved');
	budget.settle(dollars(0.9), dollars(0.9));
	assert.equal(budget.reserve(dollars(0.2)), 'never');
	assert.equal(budget.reserve({ usd: null, calls: 1 }), 'reserved');
	assert.equal(budget.reserve(dollars(0.1)), 'reserved');
	assert.equal(budget.reserve(dollars(0)), 'wait');
	budget.settle({ usd: null, calls: 1 }, free);
	assert.equal(budget.reserve(dollars(0)), 'reserved');
});

test('dollars alone do not limit a model without a price beside one that has a price', () => {
	const budget = new Budget({ usd: 1 });
	budget.admit([{ model: 'unpriced', hasPrice: false }]);
	assert.throws(
		() => budget.admit([{ model: 'priced', hasPrice: true }]),
		(error) => error instanceof StatError && error.code === 'asking.mixedPrices',
	);
});
