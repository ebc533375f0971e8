import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locate } from '../../../../src/core/diagnosis/annotation.ts';

test('an annotated quote is found at its original place', () => {
	assert.deepEqual(locate({ start: 4, quote: 'x = 2' }, 'so: x = 2.'), { start: 4, end: 9, moved: false });
});

test('a quote that moved is found at its nearest occurrence, the first if two are equally near', () => {
	const text = 'ab......ab..........ab';
	for (const [start, expected] of [
		[3, 0],
		[4, 0],
		[5, 8],
		[13, 8],
		[14, 8],
		[15, 20],
	] as const) {
		assert.equal(locate({ start, quote: 'ab' }, text)?.start, expected, `from ${start}`);
	}
});

test('a quote that occurs no more, or is empty, is not found', () => {
	assert.equal(locate({ start: 0, quote: 'gone' }, 'another text'), null);
	assert.equal(locate({ start: 0, quote: '' }, 'another text'), null);
});
