import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitSteps } from '../../../../src/core/questions/steps.ts';
import { firstTurn, markedAnswer, spokenPart } from '../../../../src/core/text/answerMarks.ts';
import { extractAnswer } from '../../../../src/grading/read/extractAnswer.ts';
import { visibleReply } from '../../../../src/teacher/replies/replyTags.ts';

const thought = 'First I add 3 and 4.\n\nThat might be \\boxed{8}.\n\n';
const answer = 'Add 3 and 4.\n\nSo it is \\boxed{7}.';
/** One thought and one answer, as written by different models. */
const outputs: [model: string, text: string][] = [
	['R1', `<think>\n${thought}</think>\n\n${answer}`],
	['R1 with a template that opens the thought', `${thought}</think>\n\n${answer}`],
	['Qwen3', `<think>\n${thought}\n</think>\n\n${answer}<|im_end|>`],
	['Claude', `<thinking>${thought}</thinking>\n\n${answer}`],
	['Magistral', `[THINK]${thought}[/THINK]${answer}</s>`],
	['Kimi', `◁think▷${thought}◁/think▷${answer}`],
	['Seed', `<seed:think>${thought}</seed:think>${answer}`],
	[
		'gpt-oss',
		`<|channel|>analysis<|message|>${thought}<|end|><|start|>assistant<|channel|>final<|message|>${answer}<|return|>`,
	],
	['gpt-oss with its tokens skipped', `analysis${thought}assistantfinal${answer}`],
	['one that thinks twice', `<think>${thought}</think>Wait.<think>${thought}</think>${answer}`],
	['OpenThinker', `<|begin_of_thought|>${thought}<|end_of_thought|>${answer}`],
];

for (const [model, text] of outputs) {
	test(`the output of ${model} is read without its thought`, () => {
		assert.deepEqual(extractAnswer(text), { answer: '7', how: 'boxed' });
		const steps = splitSteps(text).map(([start, end]) => text.slice(start, end));
		assert.equal(steps.length, 2, JSON.stringify(steps));
		assert.equal(steps[0], 'Add 3 and 4.');
		assert.ok(steps[1]?.startsWith('So it is \\boxed{7}.'));
		assert.ok(visibleReply(text).startsWith('Add 3 and 4.'));
	});
}

test('an unclosed thought is cut off, and the text before it is the answer', () => {
	const { start, end, cutOff } = spokenPart('It is 3. <think>Or is it');
	assert.deepEqual({ start, end, cutOff }, { start: 0, end: 9, cutOff: true });
});

test('text that consists only of a thought is split into the steps of the thought', () => {
	assert.equal(splitSteps(`<think>${thought}`).length, 2);
});

test('step scores that cover the thought are matched with its steps', () => {
	const text = `<think>One.\n\nTwo.</think>\n\nThree.\n\nFour.`;
	assert.equal(splitSteps(text).length, 2);
	assert.equal(splitSteps(text, 4).length, 4);
});

test('a turn ends at an end token or at the header line of the next role, not at its own header', () => {
	const text = '<|im_start|>assistant\nIt is 4.\nuser\nAnd 2+2?';
	const { start, end } = firstTurn(text);
	assert.equal(text.slice(start, end).trim(), 'It is 4.');
	assert.deepEqual(firstTurn('The user is right.'), { start: 0 });
});

test('the last marked answer that is not empty is used', () => {
	assert.equal(markedAnswer('<answer>3</answer> no: <answer> 4 </answer>'), '4');
	assert.equal(markedAnswer('<answer>4'), '4');
	assert.equal(markedAnswer('<answer></answer>'), undefined);
	assert.equal(markedAnswer('x < 3'), undefined);
});
