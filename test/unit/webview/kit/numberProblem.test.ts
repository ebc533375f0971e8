import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberProblem } from '../../../../webview/kit/Field.tsx';

test('a number that is out of range, not an integer or missing is named as the problem', () => {
	const whole = { min: 1, max: 8, step: 1, optional: false } as const;
	assert.equal(numberProblem(8, whole), null);
	assert.equal(numberProblem(9, whole), 'From 1 to 8');
	assert.equal(numberProblem(NaN, whole), 'From 1 to 8');
	assert.equal(numberProblem(2.5, whole), 'A whole number');
	assert.equal(numberProblem(2.5, { ...whole, step: 'any' }), null);
	assert.equal(numberProblem(null, whole), 'A number is needed');
	assert.equal(numberProblem(null, { ...whole, optional: true }), null);
});
