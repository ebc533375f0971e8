import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { equivalentNow } from '../../../src/grading/createGrader.ts';

interface Pair {
	readonly category: string;
	readonly gold: string;
	readonly answer: string;
	readonly equal: boolean;
}

for (const [file, mostUnsure] of [
	['pairs.jsonl', 0.02],
	['heldOut.jsonl', 0.06],
] as const) {
	const pairs = readFileSync(`test/fixtures/grading/${file}`, 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Pair);

	test(`${file}: no different pair is graded equal, and few equal pairs are graded different or unsure`, () => {
		const graded = pairs.map((pair) => ({
			...pair,
			verdict: equivalentNow(pair.gold, pair.answer)?.equal ?? null,
		}));
		assert.deepEqual(
			graded.filter((pair) => !pair.equal && pair.verdict === true),
			[],
		);
		const different = graded.filter((pair) => pair.equal && pair.verdict === false);
		assert.ok(different.length <= pairs.length * 0.02, JSON.stringify(different));
		const unsure = graded.filter((pair) => pair.verdict === null);
		assert.ok(unsure.length <= pairs.length * mostUnsure, JSON.stringify(unsure));
	});

	test(`${file}: swapping gold and answer changes no verdict`, () => {
		for (const { gold, answer } of pairs) {
			assert.deepEqual(
				equivalentNow(answer, gold)?.equal,
				equivalentNow(gold, answer)?.equal,
				`${gold} and ${answer}`,
			);
		}
	});
}

test('every answer in the table equals itself', () => {
	const pairs = readFileSync('test/fixtures/grading/pairs.jsonl', 'utf8')
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as Pair);
	for (const text of pairs.flatMap((pair) => [pair.gold, pair.answer])) {
		assert.equal(equivalentNow(text, ` ${text} `)?.equal, true, text);
	}
});

test('a decimal for an exact value is different with three digits, unsure with five and equal with six or more', () => {
	assert.equal(equivalentNow('\\pi', '3.1416')?.equal, null);
	assert.equal(equivalentNow('\\frac23', '0.667')?.equal, false);
	assert.equal(equivalentNow('\\pi', '3.141593')?.equal, true);
	assert.equal(equivalentNow('\\pi', '3.141592')?.equal, true, 'cut instead of rounded');
	assert.equal(equivalentNow('\\pi', '3.141594')?.equal, false);
	assert.equal(equivalentNow('0.3', '0.30000000000000004')?.equal, true);
	assert.equal(equivalentNow('\\frac13', '0.333\\ldots')?.equal, true);
});

test('numbers too large to write out are compared exactly', () => {
	assert.equal(equivalentNow('9^{9^{9}}', '9^{387420489}')?.equal, true);
	assert.equal(equivalentNow('9^{9^{9}}', '9^{9^{9}}+1')?.equal, false);
	assert.equal(equivalentNow('2^{1000}\\sqrt{2}', '(2^{1000}+1)\\sqrt{2}')?.equal, false);
	assert.equal(equivalentNow('(x+1)^{5000}', '(x+1)^{4999}(1+x)')?.equal, true);
	assert.equal(equivalentNow('10^{-80}\\sqrt{2}', '2\\cdot10^{-80}\\sqrt{2}')?.equal, false);
});

test('a number after _ or ^ does not become part of a mixed number', () => {
	assert.equal(equivalentNow('x^2\\frac{1}{8}', '\\frac{x^2}{8}')?.equal, true);
	assert.equal(equivalentNow('x^2\\frac{1}{2}', 'x^{5/2}')?.equal, false);
	assert.equal(equivalentNow('\\log_2\\frac{1}{8}', '-3')?.equal, true);
});

test('an unsure verdict has a reason', () => {
	assert.match(equivalentNow('C', '17')?.reason ?? '', /choice/);
	assert.match(equivalentNow('\\int_0^1 x\\,dx', '\\frac12')?.reason ?? '', /.+/);
	assert.equal(equivalentNow('', '5')?.equal, null);
});
