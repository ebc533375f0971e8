import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractAnswer } from '../../../../src/grading/read/extractAnswer.ts';

const cases: [response: string, answer: string | null, how: string][] = [
	['So it is \\boxed{42}.', '42', 'boxed'],
	[
		'First \\boxed{1}, then we correct ourselves:\n\\[\\boxed{\\frac{3}{\\sqrt{2}}}\\]',
		'\\frac{3}{\\sqrt{2}}',
		'boxed',
	],
	['The roots are $\\boxed{1}$ and $\\boxed{-2}$.', '1, -2', 'boxed'],
	['$\\boxed{3}$, $\\boxed{5}$, and $\\boxed{7}$', '3, 5, 7', 'boxed'],
	['\\fbox{B}', 'B', 'boxed'],
	['It is \\boxed 5 exactly.', '5', 'boxed'],
	['\\boxed{\\boxed{7}}', '7', 'boxed'],
	['\\boxed{8}<|im_end|>\n<|im_start|>user\nNow \\boxed{9}', '8', 'boxed'],
	['The answer is 8.\n\nQuestion: what is 2+2?\nThe answer is 4.', '8', 'phrase'],
	['<think>maybe \\boxed{1}</think>The final answer is \\boxed{2}', '2', 'boxed'],
	['He has 3 left.\n#### 72', '72', 'hashes'],
	['#### Step 1: Add\nfoo\n#### Step 2: done\nThe answer is $x = 5$.', 'x = 5', 'phrase'],
	['#### 1,234', '1,234', 'hashes'],
	['The final answer is: $\\frac{1}{2}$. I hope it is correct.', '\\frac{1}{2}', 'phrase'],
	['**Final Answer:** 3.5', '3.5', 'phrase'],
	['Therefore the answer is 4:30 p.m.', '4:30 p.m.', 'phrase'],
	['Final Answer: The final answer is $12$. I hope it is correct.', '12', 'phrase'],
	['The answer is (C) because it is so.', '(C)', 'phrase'],
	['Answer:\n\n$$\\frac{7}{2}$$', '\\frac{7}{2}', 'phrase'],
	['We add them up.\n$$x = 3 + 4 = 7$$', '7', 'display'],
	['We add these numbers up carefully and find that the total is 1,250 dollars in all.', '1,250', 'number'],
	['After looking at each of the options it must be option (B)', 'B', 'choice'],
	['Thus x = 7.', '7', 'number'],
	['Therefore, there are **12** ways.', '12', 'number'],
	['It follows that $a+b = 17$.', '17', 'display'],
	['no solution', 'no solution', 'whole'],
	['The graph is an ellipse', 'The graph is an ellipse', 'whole'],
	['\\frac{3}{4}', '\\frac{3}{4}', 'whole'],
	['x = 5 or x = 3', 'x = 5 or x = 3', 'whole'],
	['**Ответ:** 3,5', '3.5', 'phrase'],
	['因此，最终答案是：$\\frac{3}{4}$。', '\\frac{3}{4}', 'phrase'],
	['La respuesta final es 14 manzanas.', '14 manzanas', 'phrase'],
	['Die Antwort lautet 2,75.', '2.75', 'phrase'],
	['A resposta é 7.', '7', 'phrase'],
	['La réponse est $x=3$.', 'x=3', 'phrase'],
	['答えは 12 です。', '12', 'phrase'],
	['정답: 42', '42', 'phrase'],
	['Final Answer: The smallest $k$ is 12.', '12', 'phrase'],
	['The answer is 15, not 16.', '15', 'phrase'],
	['The answer is B, it cannot be A.', 'B', 'phrase'],
	['Answer: 9 (since $3^2 = 9$)', '9', 'phrase'],
	['20 + 12 = 32. The answer is within \\boxed{}.', '32', 'number'],
	['Put your final answer in \\boxed{}.\n\nThe answer is 8.', '8', 'phrase'],
	['In total that is 30 + 20 = 50 pears in 4 crates.', '50', 'number'],
	['The chance is 30% after 12 draws', '30%', 'number'],
	['He pays 12 dollars and 5 cents in the end.', '12.05', 'number'],
	['I would choose B', 'B', 'choice'],
	['\\framebox{12}', '12', 'boxed'],
	['\\\\boxed{\\\\frac{1}{2}}', '\\\\frac{1}{2}', 'boxed'],
	['So \u0008oxed{17}', '17', 'boxed'],
	['<reasoning>\\boxed{1}</reasoning><answer>x = 4</answer> or 5', 'x = 4', 'tagged'],
	['[THINK]\\boxed{1}[/THINK]It is \\boxed{2}', '2', 'boxed'],
	['#### 12\n\nuser\nWhat is 1+1?\nassistant\n#### 2', '12', 'hashes'],
	['The value is 10**10', '10', 'number'],
	['The answer is 3*10**8', '3*10**8', 'phrase'],
	['So it is \\boxed{}', null, 'none'],
	['First \\boxed{3}, then again: \\boxed{ }', null, 'none'],
	['', null, 'none'],
	['   \n ', null, 'none'],
	['I am not able to solve this problem without further knowledge of its terms.', null, 'none'],
];

for (const [response, answer, how] of cases) {
	test(`extracts the answer from ${JSON.stringify(response.slice(0, 60))}`, () => {
		assert.deepEqual(extractAnswer(response), { answer, how });
	});
}

for (const response of [
	'We get \\boxed{12}. Now check: \\boxed{1',
	'So \\boxed{12} and so \\boxed{',
	'<think>Perhaps \\boxed{2}, let me see',
	'<|channel|>analysis<|message|>Perhaps \\boxed{2}',
	'analysisWe need the sum. Perhaps \\boxed{2}',
	'◁think▷ so \\boxed{2}',
	'<think>It is \\boxed{2}</think>\n',
]) {
	test(`${JSON.stringify(response.slice(0, 50))} counts as cut off before an answer`, () => {
		assert.deepEqual(extractAnswer(response), { answer: null, how: 'none', cutOff: true });
	});
}

test('a megabyte of braces, boxes or dollar signs yields no accidental answer', () => {
	for (const text of [
		'{'.repeat(1 << 20),
		'\\boxed{'.repeat(150_000),
		'$'.repeat(1 << 20),
		'\\boxed{'.repeat(1000) + '}'.repeat(999),
		'####'.repeat(250_000),
		'answer is '.repeat(100_000),
		'\\'.repeat(1 << 20),
	]) {
		extractAnswer(text);
	}
	assert.equal(extractAnswer(`\\boxed{6}${'{'.repeat(1 << 20)}`).answer, '6');
});
