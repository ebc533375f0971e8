import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitSteps } from '../../../../src/core/questions/steps.ts';

const texts = (answer: string, count?: number) =>
	splitSteps(answer, count).map(([start, end]) => answer.slice(start, end));

test('blank lines separate steps, even with CRLF or spaces', () => {
	assert.deepEqual(texts('First we add.\n\nThen we halve,\nas asked.\r\n \t\r\n\n\\boxed{5}\n'), [
		'First we add.',
		'Then we halve,\nas asked.',
		'\\boxed{5}',
	]);
	assert.deepEqual(texts(''), []);
	assert.deepEqual(texts(' \n \n'), []);
	assert.deepEqual(texts('one line'), ['one line']);
});

test('numbered steps stay whole, and the conclusion is a separate step', () => {
	assert.deepEqual(
		texts(
			'## Step 1: Add.\nWe have\n\n$$1+1=2$$\n\n## Step 2: Halve.\n\n$$2/2=1$$\n\nThe final answer is \\boxed{1}.',
		),
		['## Step 1: Add.\nWe have\n\n$$1+1=2$$', '## Step 2: Halve.\n\n$$2/2=1$$', 'The final answer is \\boxed{1}.'],
	);
	assert.deepEqual(texts('Let us see.\n\n1. Add.\n\nIt is 2.\n\n2. Halve.\n\nTherefore 1.'), [
		'Let us see.',
		'1. Add.\n\nIt is 2.',
		'2. Halve.',
		'Therefore 1.',
	]);
	assert.deepEqual(
		texts('Step 1: a\nStep 2: b\nso c'),
		['Step 1: a', 'Step 2: b\nso c'],
		'headings part also without a blank line',
	);
	assert.deepEqual(texts('2. One number alone.\n\nAnother paragraph.'), [
		'2. One number alone.',
		'Another paragraph.',
	]);
});

test('the split whose number of steps equals the number of scores is used', () => {
	const answer = 'Step 1: a\n\nmore\n\nStep 2: b\n\nend\nof it';
	assert.equal(texts(answer).length, 2);
	assert.deepEqual(texts(answer, 4), ['Step 1: a', 'more', 'Step 2: b', 'end\nof it'], 'every blank line');
	assert.deepEqual(texts(answer, 5), ['Step 1: a', 'more', 'Step 2: b', 'end', 'of it'], 'every line');
	assert.deepEqual(texts(answer, 9), texts(answer), 'none fits');
});

test('steps are in order, do not overlap, and cover everything except white space', () => {
	fc.assert(
		fc.property(
			fc
				.array(
					fc.constantFrom(
						'a b',
						'\n',
						'\n\n',
						'Step 2: ',
						'3. ',
						'**Step 1**',
						' ',
						'\r\n',
						'\u2028',
						'\ud800',
						'\\boxed{1}',
						'therefore',
					),
					{ maxLength: 40 },
				)
				.map((parts) => parts.join('')),
			fc.option(fc.nat(8), { nil: undefined }),
			(answer, count) => {
				const steps = splitSteps(answer, count);
				let end = 0;
				for (const [start, stop] of steps) {
					assert.ok(start >= end && stop > start);
					assert.equal(answer.slice(end, start).trim(), '');
					end = stop;
				}
				assert.equal(answer.slice(end).trim(), '');
			},
		),
	);
});

test('a megabyte of line ends, spaces or digits is split without hanging', () => {
	for (const unit of ['\n', ' ', '1', '1. ', 'Step 1 \n', '#']) {
		assert.ok(Array.isArray(splitSteps(unit.repeat(1e6 / unit.length))));
	}
});
