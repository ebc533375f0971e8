import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equivalentNow } from '../../../src/grading/createGrader.ts';

test('a numeral with a digit that its base does not have is not a number and equals only itself', () => {
	for (const [gold, answer] of [
		['110_6', '70_{6}'],
		['113_5', '63_{5}'],
		['4_{10}', '12_2'],
	] as const) {
		assert.equal(equivalentNow(gold, answer)?.equal, false, `${gold} against ${answer}`);
		assert.equal(equivalentNow(answer, gold)?.equal, false, `${answer} against ${gold}`);
	}
	assert.equal(equivalentNow('2B_{16}', '43_{10}')?.equal, true);
	assert.equal(equivalentNow('0110_6', '110_{6}')?.equal, true);
});

test('numerals too long to read in full are never graded equal', () => {
	assert.notEqual(equivalentNow(`${'1'.repeat(3000)}0_2`, `${'1'.repeat(3000)}1_3`)?.equal, true);
});
