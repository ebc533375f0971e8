import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { makeSample } from '../../../scripts/makeSample.ts';
import { Hand } from '../../../scripts/sample/hand.ts';
import type { Grader } from '../../../src/core/ports/grader.ts';
import { createGrader } from '../../../src/grading/createGrader.ts';
import { builtDist } from '../../fixtures/builtDist.ts';

const sample = makeSample();
const grader: Grader = createGrader({ dist: builtDist(), deadline: 60_000 });
after(() => grader.dispose());

async function verdict(gold: string, response: string): Promise<boolean | null> {
	const { answer } = grader.extract(response);
	return answer === null ? false : (await grader.equivalent(gold, answer)).equal;
}

test('every reference solution is graded right', async () => {
	for (const problem of [...sample.train, ...sample.validation]) {
		const hand = new Hand(() => 0);
		const final = problem.write(hand);
		assert.equal(
			await verdict(problem.gold, `${hand.steps.join(' ')} The answer is $\\boxed{${final}}$.`),
			true,
			problem.text,
		);
	}
});

test('right answers of any form are graded right, wrong ones never are, and few answers are unsure', async () => {
	const differ: string[] = [];
	let unsure = 0;
	for (const [i, answers] of sample.answers.entries()) {
		for (const { text, right, odd } of answers) {
			const graded = await verdict(sample.validation[i]?.gold ?? '', text);
			unsure += graded === null ? 1 : 0;
			if (graded !== null && graded !== right) {
				differ.push(`${odd}, ${right ? 'right' : 'wrong'}: gold ${sample.validation[i]?.gold}\n${text}`);
			}
		}
	}
	assert.ok(unsure <= 6, `${unsure} of 600 unsure`);
	assert.deepEqual(differ, []);
});

test('only deliberately wrong rewrites differ from the gold', async () => {
	let wrong = 0;
	let all = 0;
	const gold = new Map(sample.train.map((problem) => [problem.text, problem.gold]));
	for (const line of sample.replies) {
		if (line.task === 'rewrite' && line.attempt === undefined) {
			all++;
			wrong += (await verdict(gold.get(line.question ?? '') ?? '', line.text)) === true ? 0 : 1;
		}
	}
	assert.ok(all === 900 && wrong >= 2 && wrong <= 15, `${wrong} of ${all}`);
});
