import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSameChoice, isSameText, readGradingRule } from '../../../../src/core/questions/gradingRule.ts';

for (const [text, rule] of [
	['answer', 'math'],
	['math', 'math'],
	['choice', 'choice'],
	['exec: python3 check.py', 'exec:python3 check.py'],
	['exec:', undefined],
	['exec:a\nb', undefined],
	[`exec:${'x'.repeat(2001)}`, undefined],
	['Math', undefined],
	['', undefined],
] as const) {
	test(`the rule ${JSON.stringify(text.slice(0, 30))} is ${rule ?? 'none'}`, () =>
		assert.equal(readGradingRule(text), rule));
}

for (const [gold, answer, verdict] of [
	['B', '(b)', true],
	['B', '\\text{(B)}', true],
	['(C)', 'C. Paris', true],
	['D', 'Option D', true],
	['D', '**D**', true],
	['B', 'C', false],
	['(A) 12', '(B) 12', false],
	['B', 'Paris', null],
	['Paris', 'A', null],
	['A', 'A dog', null],
	['Paris', 'paris.', true],
	['Paris', 'Rome', false],
] as const) {
	test(`the option ${gold} against ${answer} is ${verdict ?? 'unsure'}`, () =>
		assert.equal(isSameChoice(gold, answer), verdict));
}

test('texts are the same in any case, and a final full stop does not count', () => {
	assert.equal(isSameText(' New  York.', 'new york'), true);
	assert.equal(isSameText('New York', 'York'), false);
});
