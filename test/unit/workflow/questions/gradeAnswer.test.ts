import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createGrader } from '../../../../src/grading/createGrader.ts';
import { gradeAnswer } from '../../../../src/workflow/questions/gradeAnswer.ts';
import { builtDist } from '../../../fixtures/builtDist.ts';

const grader = createGrader({ dist: builtDist(), deadline: 60_000 });
after(() => grader.dispose());

for (const [text, verdict] of [
	// Nothing that could follow would change these answers.
	['So it is \\boxed{12}', true],
	['So it is \\boxed{13}', false],
	['The answer is 12. To check this, we', true],
	['#### 12\nNow the next', true],
	['<answer>12</answer> Let me', true],
	// These sentences could continue.
	['The answer is 12', null],
	['The answer is 1', null],
	['#### 12', null],
	['<answer>12', null],
	['So it is \\boxed{12', null],
	// These do not state an answer.
	['We have 3 rows of 4, which makes 12', null],
	['12', null],
	['Let us begin', null],
] as const) {
	test(`an answer that was cut off after ${JSON.stringify(text.slice(-22))} is ${verdict ?? 'unsure'}`, async () => {
		assert.equal((await gradeAnswer(grader, '12', text, true)).verdict, verdict);
	});
}

test('an answer that was not cut off is still graded by its last number', async () => {
	assert.equal((await gradeAnswer(grader, '12', 'We have 3 rows of 4, which makes 12')).verdict, true);
	assert.equal((await gradeAnswer(grader, '12', 'The answer is 12')).verdict, true);
});
