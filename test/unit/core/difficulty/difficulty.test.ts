import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AnswerDigest, Verdict } from '../../../../src/core/questions/answer.ts';
import { detectorMetrics, metricsOf, thresholdCells } from '../../../../src/core/difficulty/detector.ts';
import {
	defaultMethod,
	isDifficult,
	isDifficultByReward,
	rewardDigest,
} from '../../../../src/core/difficulty/difficulty.ts';

function digest(fields: {
	verdicts?: Verdict[];
	extracted?: (string | null)[];
	words?: number[];
	scores?: number[] | null;
}): AnswerDigest & { gold: string | null } {
	const verdicts = fields.verdicts ?? (fields.extracted ?? fields.words ?? [null]).map(() => null);
	return {
		questionId: 'q',
		samples: verdicts.map((_, index) => index),
		verdicts,
		extracted: fields.extracted ?? verdicts.map(() => null),
		words: fields.words ?? verdicts.map(() => 10),
		reward: rewardDigest(fields.scores ?? null),
		gold: null,
	};
}

const paper = { method: 'reward', tau1: 0.85, tau2: 0.7 } as const;

test('equation (1) agrees with cases computed by hand, and a score equal to a threshold passes it', () => {
	const difficult = (scores: number[]) => isDifficult(paper, digest({ scores }));
	assert.equal(difficult([0.95, 0.95, 0.95]), false);
	assert.equal(difficult([0.95, 0.95, 0.85]), true, 'r_t ≤ τ1');
	assert.equal(difficult([0.86]), false, 'one step has none before it');
	assert.equal(difficult([0.71, 0.71, 0.71, 0.99]), true, 'mean ≤ τ1');
	assert.equal(difficult([1, 1, 1, 1, 0.7, 1]), true, 'some i < t with r_i ≤ τ2, mean 0.95');
	assert.equal(difficult([1, 1, 1, 1, 0.71, 1]), false);
	assert.equal(
		isDifficult({ method: 'reward', tau1: 0, tau2: 0.9 }, digest({ scores: [0.95, 0.8] })),
		false,
		'the last step is not measured against τ2',
	);
	assert.equal(isDifficult(paper, digest({ scores: null })), null, 'never scored');
	assert.equal(isDifficult(paper, digest({ scores: [] })), null);
});

test('equation (1) agrees with its literal definition on random scores', () => {
	const unit = fc.double({ min: 0, max: 1, noNaN: true });
	fc.assert(
		fc.property(fc.array(unit, { minLength: 1, maxLength: 12 }), unit, unit, (scores, tau1, tau2) => {
			const t = scores.length;
			const mean = scores.reduce((sum, score) => sum + score, 0) / t;
			const literal =
				(scores[t - 1] as number) <= tau1 ||
				mean <= tau1 ||
				scores.some((score, index) => index < t - 1 && score <= tau2);
			assert.equal(
				isDifficultByReward(rewardDigest(scores) as NonNullable<AnswerDigest['reward']>, tau1, tau2),
				literal,
			);
		}),
	);
});

test('the answer rule uses sample 0 or the majority of k, and leaves a question open if unsure verdicts could decide it', () => {
	const rule = (samples: number, verdicts: Verdict[]) =>
		isDifficult({ method: 'answer', samples }, digest({ verdicts }));
	assert.equal(rule(1, [false, true, true]), true);
	assert.equal(rule(1, [true, false]), false);
	assert.equal(rule(1, [null, false]), null);
	assert.equal(rule(3, [true, false, false]), true);
	assert.equal(rule(4, [true, true, false, false]), false, 'a tie is no majority');
	assert.equal(rule(3, [true, false, null]), null);
	assert.equal(rule(3, [true, true, null]), false);
	assert.equal(rule(3, [false, false]), null, 'fewer samples than asked');
	const below = (rightBelow: number, verdicts: Verdict[]) =>
		isDifficult({ method: 'answer', samples: 5, rightBelow }, digest({ verdicts }));
	assert.equal(below(5, [true, true, true, true, false]), true, 'right in 4 of 5 is too few');
	assert.equal(below(5, [true, true, true, true, null]), null);
	assert.equal(below(1, [false, true, false, false, false]), false, 'right once is enough');
	assert.equal(below(1, [false, false, false, false, false]), true);
	assert.equal(below(2, [true, null, null, false, false]), null);
	assert.equal(below(3, [true, null, false, false, false]), true, 'the unsure one cannot help');
	const withoutFirst = { ...digest({ verdicts: [false] }), samples: [1] };
	assert.equal(isDifficult({ method: 'answer', samples: 1 }, withoutFirst), null, 'sample 0 is not there');
});

test('the consistency rule classifies a question as difficult only if no two of its K samples agree', () => {
	const rule = (extracted: (string | null)[], groups?: number[]) =>
		isDifficult({ method: 'consistency', samples: 5 }, digest({ extracted }), groups);
	assert.equal(rule(['1', '2', '3', '4', '5']), true);
	assert.equal(rule(['1', '2', '3', '4', '1']), false);
	assert.equal(rule(['1', '2', '3', '4', '5', '5']), true, 'the sixth sample is not asked');
	assert.equal(rule([null, null, null, null, null]), true, 'no answers are not the same answer');
	assert.equal(rule(['1', '2', '3', '4']), null);
	assert.equal(rule(['1/2', '0.5', '3', '4', '5'], [0, 0, 2, 3, 4]), false, 'equal in value by the grader');
});

test('the length rule applies to the mean answer length, from 800 words', () => {
	const rule = (words: number[]) => isDifficult({ method: 'length', words: 800 }, digest({ words }));
	assert.equal(rule([700, 900]), true);
	assert.equal(rule([700, 899]), false);
	assert.equal(rule([]), null);
});

test('the default rule is the simplest one that the data allow', () => {
	const graded = { ...digest({ verdicts: [true] }), gold: '1' };
	const scored = digest({ verdicts: [null], scores: [0.5] });
	const five = digest({ extracted: ['1', '2', '3', '4', '5'] });
	assert.equal(defaultMethod([graded, scored]), 'answer');
	assert.equal(defaultMethod([scored, five]), 'reward');
	assert.equal(defaultMethod([five]), 'consistency');
	assert.equal(defaultMethod([digest({ verdicts: [null] })]), null);
	assert.equal(
		defaultMethod([graded, scored, scored, scored]),
		'reward',
		'one gold answer in four does not make the rule',
	);
	assert.equal(defaultMethod([]), null);
});

test("the detector's metrics agree with cases computed by hand, and undefined ones are null", () => {
	// 3 of 5 are wrong: two of them are found and one is missed; one right question is called difficult.
	const digests = [false, false, false, true, true, null].map((verdict) => digest({ verdicts: [verdict] }));
	assert.deepEqual(detectorMetrics(digests, [true, true, false, true, false, true]), {
		accuracy: 3 / 5,
		precision: 2 / 3,
		recall: 2 / 3,
		f1: 2 / 3,
		compared: 5,
	});
	assert.deepEqual(detectorMetrics(digests, [null, null, null, null, null, true]), {
		accuracy: null,
		precision: null,
		recall: null,
		f1: null,
		compared: 0,
	});
	assert.deepEqual(metricsOf({ truePositives: 0, falsePositives: 0, falseNegatives: 2, trueNegatives: 2 }), {
		accuracy: 0.5,
		precision: null,
		recall: 0,
		f1: null,
		compared: 4,
	});
	assert.equal(metricsOf({ truePositives: 0, falsePositives: 1, falseNegatives: 1, trueNegatives: 0 }).f1, 0);
});

test('the grid has the metrics of equation (1) for every pair of thresholds', () => {
	const unit = fc.integer({ min: 0, max: 20 }).map((twentieths) => twentieths / 20);
	const question = fc.record({
		scores: fc.option(fc.array(unit, { minLength: 1, maxLength: 5 })),
		verdict: fc.constantFrom<Verdict>(true, false, null),
	});
	fc.assert(
		fc.property(
			fc.array(question, { maxLength: 30 }),
			fc.uniqueArray(unit, { minLength: 1, maxLength: 4 }),
			fc.uniqueArray(unit, { minLength: 1, maxLength: 4 }),
			(questions, tau1s, tau2s) => {
				const digests = questions.map(({ scores, verdict }) => digest({ verdicts: [verdict], scores }));
				const cells = thresholdCells(digests, tau1s, tau2s);
				assert.equal(cells.length, tau1s.length * tau2s.length);
				for (const { tau1, tau2, difficult, ...metrics } of cells) {
					const each = digests.map((one) => isDifficult({ method: 'reward', tau1, tau2 }, one));
					assert.equal(difficult, each.filter((value) => value === true).length);
					assert.deepEqual(metrics, detectorMetrics(digests, each));
				}
			},
		),
	);
});
