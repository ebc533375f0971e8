import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callerChoices } from '../../../../src/ui/commands/evaluateChoices.ts';

const endpoint = { by: 'endpoint', url: 'http://127.0.0.1:8000/v1', model: 'tiny', benchmarks: ['MATH'] };

test('the argument of a command is read as an evaluation, read as absent, or rejected', () => {
	assert.deepEqual(callerChoices(endpoint), endpoint);
	assert.deepEqual(
		callerChoices({ by: 'host', host: 'gpu', model: 'tiny', benchmarks: ['MATH'], samples: 4, more: 1 }),
		{ by: 'host', host: 'gpu', model: 'tiny', benchmarks: ['MATH'], samples: 4 },
	);
	for (const none of [undefined, null, 'MATH', 7, { kind: 'question' }]) {
		assert.equal(callerChoices(none), undefined);
	}
	for (const wrong of [
		{ benchmarks: 'MATH' },
		{ ...endpoint, benchmarks: [] },
		{ ...endpoint, benchmarks: [{}] },
		{ ...endpoint, url: { toString: () => 'x' } },
		{ ...endpoint, url: 'file:///etc/passwd' },
		{ ...endpoint, url: undefined },
		{ ...endpoint, by: 'host' },
		{ ...endpoint, by: 'host', host: '' },
		{ ...endpoint, round: 0 },
		{ ...endpoint, samples: 1e9 },
		{ ...endpoint, temperature: NaN },
		{ ...endpoint, model: '' },
	]) {
		assert.equal(callerChoices(wrong), null, JSON.stringify(wrong));
	}
});
