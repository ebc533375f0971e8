import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProfileSkill } from '../../../../src/core/profile/profile.ts';
import { recovery, spearman } from '../../../../src/core/profile/recovery.ts';

const skill = (name: string, questions: number, share: number, low: number): ProfileSkill =>
	({ skill: name, questions, share, ci95: [low, 1] }) as unknown as ProfileSkill;

test('precision and recall count the skills whose interval lies above the background rate', () => {
	const planted = [
		{ skill: 'a', weak: true, impact: 3 },
		{ skill: 'b', weak: true, impact: 2 },
		{ skill: 'c', weak: false, impact: 1 },
		{ skill: 'd', weak: false, impact: 0 },
	];
	// The background rate is (0.6 + 0.3 + 0.25 + 0.05) / 4 = 0.3, so a and c are found and b is missed.
	const skills = [
		skill('a', 12, 0.6, 0.4),
		skill('b', 6, 0.3, 0.2),
		skill('c', 5, 0.25, 0.31),
		skill('d', 1, 0.05, 0),
	];
	const result = recovery(planted, { skills });
	assert.deepEqual(result.planted, ['a', 'b']);
	assert.deepEqual(result.found, ['a', 'c']);
	assert.equal(result.precision, 0.5);
	assert.equal(result.recall, 0.5);
	assert.ok(Math.abs(result.background - 0.3) < 1e-12);
	assert.equal(result.rankCorrelation, 1);
});

test('recall and precision are null without a planted or a found skill', () => {
	const none = recovery([{ skill: 'a', weak: false, impact: 0 }], { skills: [skill('a', 0, 0, 0)] });
	assert.deepEqual([none.precision, none.recall, none.rankCorrelation], [null, null, null]);
});

test("Spearman's correlation averages the ranks of ties and is null if one side is constant", () => {
	assert.equal(spearman([1, 2, 3, 4], [40, 30, 20, 10]), -1);
	// Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: sum of products 4.5, sums of squares 4.5 and 5.
	assert.ok(Math.abs((spearman([1, 2, 2, 3], [1, 2, 3, 4]) ?? 0) - 4.5 / Math.sqrt(22.5)) < 1e-12);
	assert.equal(spearman([1, 1, 1], [1, 2, 3]), null);
});
