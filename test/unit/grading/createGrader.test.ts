import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Grader } from '../../../src/core/ports/grader.ts';
import { createGrader } from '../../../src/grading/createGrader.ts';
import { builtDist } from '../../fixtures/builtDist.ts';
import { hostileAnswers } from '../../fixtures/grading/hostile.ts';

const dist = builtDist();
// A long deadline, so that a busy machine gives no wrong verdict; deadlines have their own tests.
const grader: Grader = createGrader({ dist, deadline: 60_000 });
after(() => grader.dispose());

test("an expensive pair is graded in the worker rather than on the caller's thread", async () => {
	const [gold, answer] = ['\\sum_{n=1}^{30000} n', '450015000'];
	assert.equal(grader.equivalentNow(gold, answer), undefined);
	assert.deepEqual(await grader.equivalent(gold, answer), { equal: true });
	assert.deepEqual(await grader.equivalent(gold, '450015001'), { equal: false });
});

test('a pair that exceeds the deadline is unsure, and the next pair is graded correctly', async () => {
	const impatient = createGrader({ dist, deadline: 40 });
	const slow = impatient.equivalent('\\sum_{n=1}^{1999999} \\frac{1}{n^2}', '\\sum_{n=1}^{1999998} \\frac{1}{n^2}');
	assert.equal((await slow).equal, null);
	await impatient.dispose();
	assert.deepEqual(await grader.equivalent('\\sum_{n=1}^{30000} n', '450015000'), { equal: true });
});

test('if the worker is missing, a pair is unsure with a reason and nothing is thrown', async () => {
	const broken = createGrader({ dist: 'out/nowhere' });
	const { equal, reason } = await broken.equivalent('\\sum_{n=1}^{30000} n', '450015000');
	assert.equal(equal, null);
	assert.ok(reason);
	await broken.dispose();
});

test('dispose resolves pending pairs as unsure', async () => {
	const short = createGrader({ dist });
	const waiting = [1, 2, 3].map((n) => short.equivalent(`\\sum_{n=1}^{1999999} \\frac{${n}}{n^2}`, '5'));
	await short.dispose();
	assert.deepEqual(
		(await Promise.all(waiting)).map((grade) => grade.equal),
		[null, null, null],
	);
});

test('a hostile answer never makes the grader throw and never equals a plain gold', async () => {
	const brisk = createGrader({ dist, deadline: 100 });
	for (const answer of hostileAnswers(1500, 7)) {
		const { equal } = await brisk.equivalent('41/7', answer);
		assert.notEqual(equal, true, answer.slice(0, 80));
		brisk.extract(answer);
	}
	await brisk.dispose();
});

test('equal answers share the smallest index as their group, and each null forms its own group', async () => {
	assert.deepEqual(
		await grader.groups(['1/2', '3', null, '0.5', '\\frac{1}{2}', '3.0', null, 'x']),
		[0, 1, 2, 0, 0, 1, 6, 7],
	);
});

test('the partition of the answers into groups does not depend on their order', async () => {
	const answers = [
		'25',
		'25\\%',
		'0.25',
		'\\frac14',
		'25',
		'60^\\circ',
		'60',
		'\\frac{\\pi}{3}',
		'1,2',
		'2,1',
		'(1,2)',
	];
	const partition = async (order: readonly string[]): Promise<string> => {
		const result = await grader.groups(order);
		const groups = new Map<number, string[]>();
		result.forEach((first, index) => groups.set(first, [...(groups.get(first) ?? []), order[index] as string]));
		return JSON.stringify([...groups.values()].map((group) => group.sort()).sort());
	};
	const expected = await partition(answers);
	for (let turn = 1; turn < answers.length; turn++) {
		assert.equal(await partition([...answers.slice(turn), ...answers.slice(0, turn)]), expected);
	}
	assert.equal(await partition([...answers].reverse()), expected);
	assert.notEqual((await grader.groups(['25', '25\\%', '0.25']))[2], 0);
});
