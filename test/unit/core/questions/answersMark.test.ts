import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersMark, countAnswers } from '../../../../src/core/questions/answersMark.ts';

for (const [verdicts, mark] of [
	[[], 'unanswered'],
	[[true], 'right'],
	[[false], 'wrong'],
	[[null], 'unsure'],
	[[true, false, false, false, false], 'mixed'],
	[[false, true, true, true, true], 'mixed'],
	[[true, null], 'mixed'],
	[[false, null], 'unsure'],
	[[false, false], 'wrong'],
] as const) {
	test(`answers with the verdicts ${JSON.stringify(verdicts)} are ${mark}`, () => {
		assert.equal(answersMark(countAnswers(verdicts.map((verdict) => ({ verdict })))), mark);
	});
}
