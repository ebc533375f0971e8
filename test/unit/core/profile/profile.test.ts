import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MissingSkills } from '../../../../src/core/diagnosis/diagnosis.ts';
import { wilsonInterval } from '../../../../src/core/stats/interval.ts';
import { deviationsFromPaper } from '../../../../src/core/datasets/paperPreset.ts';
import { missingSkillProfile } from '../../../../src/core/profile/profile.ts';
import { readTemplate } from '../../../../src/core/questions/studentTemplate.ts';

const near = (actual: number | null | undefined, expected: number) =>
	assert.ok(
		actual !== null && actual !== undefined && Math.abs(actual - expected) < 5e-4,
		`${actual} is not ${expected}`,
	);

test('Wilson intervals agree with values computed by hand, including at 0 and 1', () => {
	// 8 of 10: (0.8 + 0.19207) / 1.38415 ± 1.95996/1.38415 · √(0.016 + 0.009604)
	near(wilsonInterval(8, 10)[0], 0.4902);
	near(wilsonInterval(8, 10)[1], 0.9433);
	near(wilsonInterval(0, 10)[1], 0.2775);
	assert.equal(wilsonInterval(0, 10)[0], 0);
	assert.equal(wilsonInterval(10, 10)[1], 1);
	assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
	fc.assert(
		fc.property(fc.nat(500), fc.nat(500), (successes, failures) => {
			const trials = successes + failures;
			const [low, high] = wilsonInterval(successes, trials);
			assert.ok(
				low >= 0 &&
					high <= 1 &&
					low <= high &&
					(trials === 0 || (low <= successes / trials && successes / trials <= high)),
			);
		}),
	);
});

const equations = { subject: 'algebra', name: 'solving_equations' };
const primes = { subject: 'number_theory', name: 'prime_numbers' };
const row = (
	questionId: string,
	subject: string | null,
	skills: MissingSkills['skills'],
	from: MissingSkills['from'] = 'teacher',
): MissingSkills => ({ questionId, subject, skills, from, disputed: skills.length === 0 });

test("a profile's counts, shares, exposure and subjects agree with a case computed by hand", () => {
	const result = missingSkillProfile({
		missing: [
			row('1', 'algebra', [equations]),
			row('2', 'algebra', [{ ...equations, name: 'Solving Equations' }, equations, primes]),
			row('3', 'number_theory', [primes], 'person'),
			row('4', 'number_theory', []),
		],
		train: [
			{ ...equations, questions: 30 },
			{ ...primes, questions: 10 },
			{ subject: 'geometry', name: 'angles', questions: 60 },
		],
		answered: [
			{ questionId: '1', skills: [equations] },
			{ questionId: '2', skills: [equations] },
			{ questionId: '9', skills: [equations] },
			{ questionId: '8', skills: [{ subject: 'geometry', name: 'angles' }] },
		],
	});
	assert.deepEqual([result.questions, result.disputed, result.corrected], [4, 1, 1]);
	assert.deepEqual(
		result.skills.map(({ skill, questions, share, trainShare, train, exposed, exposureRate }) => ({
			skill,
			questions,
			share,
			trainShare,
			train,
			exposed,
			exposureRate,
		})),
		[
			{
				skill: 'solving_equations',
				questions: 2,
				share: 0.5,
				trainShare: 0.3,
				train: 30,
				exposed: 3,
				exposureRate: 2 / 3,
			},
			{
				skill: 'prime_numbers',
				questions: 2,
				share: 0.5,
				trainShare: 0.1,
				train: 10,
				exposed: 0,
				exposureRate: null,
			},
		],
		'a question counts a skill once however it is spelled; equal counts by subject and name; a skill ' +
			'nobody misses is left out',
	);
	near(result.skills[0]?.ci95[0], 0.15);
	near(result.skills[0]?.ci95[1], 0.85);
	assert.deepEqual(result.subjects, [
		{ subject: 'algebra', questions: 2, skills: 1 },
		{ subject: 'number_theory', questions: 2, skills: 1 },
	]);
});

test('omitting disputed questions reduces the denominator, and sorting by exposure puts certainly missed skills first', () => {
	const missing = [
		row('1', null, [equations]),
		row('2', null, [primes]),
		row('3', null, [primes]),
		row('4', null, []),
	];
	const input = {
		missing,
		train: [],
		answered: [
			...['1', '7', '8', '9'].map((questionId) => ({ questionId, skills: [equations] })),
			...['2', '3'].map((questionId) => ({ questionId, skills: [primes] })),
		],
	};
	assert.equal(missingSkillProfile(input).skills[0]?.share, 0.5);
	assert.equal(missingSkillProfile({ ...input, without: 'disputed' }).skills[0]?.share, 2 / 3);
	assert.equal(missingSkillProfile({ ...input, rank: 'exposure' }).skills[0]?.name, 'prime_numbers');
	assert.equal(missingSkillProfile(input).skills[0]?.trainShare, null);
	const nothing = missingSkillProfile({ missing: [], train: [], answered: [] });
	assert.deepEqual([nothing.questions, nothing.skills.length], [0, 0]);
});

test('a card lists only deviations from the paper', () => {
	const faithful = {
		method: 'sel',
		pairs: 9500,
		perSkill: 5,
		answers: 3,
		repeats: 'keep',
		answersFrom: 'teacher',
		difficultUsed: 500,
		difficultRequested: 500,
		classification: { method: 'reward', settings: { tau1: 0.85, tau2: 0.7 } },
		skillsPerQuestion: 2.5,
		onlySomeSkills: false,
		mix: 0,
		rank: 'share',
		corrected: 0,
		teachers: ['gpt-4o-mini'],
		setAside: 0,
	} as const;
	assert.deepEqual(
		deviationsFromPaper(faithful).map((deviation) => deviation.slice(0, 17)),
		['pairs drawn first', 'rewritten answers'],
		'what we always do otherwise',
	);
	assert.deepEqual(
		deviationsFromPaper({
			...faithful,
			method: 'train',
			answersFrom: 'original',
			pairs: null,
			classification: null,
			teachers: [],
		}),
		[],
	);
	const other = deviationsFromPaper({
		...faithful,
		answersFrom: 'original',
		perSkill: 3,
		pairs: 100,
		repeats: 'drop',
		difficultUsed: 20,
		classification: { method: 'answer', settings: { samples: 1 } },
		skillsPerQuestion: 1,
		mix: 0.25,
		rank: 'exposure',
		corrected: 2,
		teachers: ['x'],
		setAside: 1,
	}).join('\n');
	for (const phrase of [
		'difficult questions where the first answer is wrong, not by process rewards',
		'20 difficult questions',
		'3 draws',
		'Skill-Map of 1.00',
		'2 diagnoses corrected',
		'25 % of the rows',
		'weighs by how often',
		'repeated draws dropped',
		'original solutions',
		'cut to 100',
		'teacher x',
		'1 pairs set aside',
	]) {
		assert.ok(other.includes(phrase), `${phrase} in\n${other}`);
	}
});

test('a stored student template is validated', () => {
	assert.equal(readTemplate(undefined)?.kind, 'chat');
	assert.deepEqual(readTemplate({ kind: 'plain', instruction: 'Box it.' }), {
		kind: 'plain',
		system: null,
		instruction: 'Box it.',
	});
	for (const wrong of [
		5,
		'chat',
		[],
		{ kind: 'shell' },
		{ kind: 'chat', system: 7 },
		{ kind: 'chat', instruction: 'x'.repeat(30_000) },
	]) {
		assert.equal(readTemplate(wrong), null);
	}
});
