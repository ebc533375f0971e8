import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { MissingSkills } from '../../../../src/core/diagnosis/diagnosis.ts';
import { drawWithoutReplacement, randomStream, smallest } from '../../../../src/core/stats/random.ts';
import type { SelOptions } from '../../../../src/core/datasets/selection.ts';
import { mixWithAll, selectForSkills, selectFromAll } from '../../../../src/core/datasets/selection.ts';
import { skillKey } from '../../../../src/core/skills/skill.ts';

const skill = (name: string) => ({ subject: 'algebra', name });
const missing = (questionId: string, ...names: string[]): MissingSkills => ({
	questionId,
	subject: 'algebra',
	skills: names.map(skill),
	from: 'teacher',
	disputed: names.length === 0,
});
const map = (sizes: Record<string, number>) =>
	new Map(
		Object.entries(sizes).map(([name, size]) => [
			skillKey(skill(name)),
			Array.from({ length: size }, (_, index) => `${name}-${String(index).padStart(3, '0')}`),
		]),
	);
const options: SelOptions = { seed: 0, difficult: 500, perSkill: 5, answers: 3, repeats: 'keep', pairs: 1e9 };

test('random streams are the same on every platform, independent for each label and unbiased', () => {
	const stream = randomStream(0, 'draw', 'q', 'algebra/x');
	// Fixed values: changing a number here would change every dataset ever built.
	assert.deepEqual(
		Array.from({ length: 6 }, () => stream.int(1000)),
		[102, 293, 402, 611, 67, 933],
	);
	assert.notDeepEqual(
		Array.from({ length: 4 }, () => randomStream(0, 'a').int(2 ** 32)),
		Array.from({ length: 4 }, () => randomStream(1, 'a').int(2 ** 32)),
	);
	assert.notEqual(randomStream(0, 'a', 'b').int(2 ** 32), randomStream(0, 'ab').int(2 ** 32));
	const counts = [0, 0, 0];
	const thirds = randomStream(7, 'thirds');
	for (let index = 0; index < 30_000; index++) {
		const drawn = thirds.int(3);
		counts[drawn] = (counts[drawn] ?? 0) + 1;
	}
	// The tolerance is 5 standard deviations of a binomial(30000, 1/3).
	assert.ok(
		counts.every((count) => Math.abs(count - 10_000) < 410),
		String(counts),
	);
	assert.throws(() => stream.int(0), RangeError);
	assert.throws(() => stream.int(2 ** 33), RangeError);
});

test('drawing without replacement returns distinct items, or all items of a list that is too short', () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 50 }), fc.nat(), (size, count, seed) => {
			const items = Array.from({ length: size }, (_, index) => index);
			const drawn = drawWithoutReplacement(randomStream(seed, 'x'), items, count);
			assert.equal(drawn.length, Math.min(size, count));
			assert.equal(new Set(drawn).size, drawn.length);
			assert.ok(drawn.every((item) => items.includes(item)));
		}),
	);
	const first = Array.from(
		{ length: 3000 },
		(_, index) => drawWithoutReplacement(randomStream(index, 'y'), ['a', 'b', 'c'], 1)[0],
	);
	assert.ok(['a', 'b', 'c'].every((item) => Math.abs(first.filter((drawn) => drawn === item).length - 1000) < 130));
});

test('smallest returns the items with the lowest priorities in ascending order', () => {
	assert.deepEqual(smallest([5, 1, 4, 1], 2), [1, 3]);
	assert.deepEqual(smallest([5, 1], 9), [0, 1]);
	assert.deepEqual(smallest([5, 1], 0), []);
});

test('STAT-Sel draws 5 questions per question and missing skill with 3 answers each, or all questions of a small skill', () => {
	const { pairs, counts } = selectForSkills(
		[missing('q1', 'long', 'short'), missing('q2', 'long')],
		map({ long: 40, short: 3 }),
		options,
	);
	assert.deepEqual(counts, {
		difficult: 2,
		missingSkills: 3,
		drawn: 13,
		pool: 39,
		pairs: 39,
		skillsWithoutQuestions: 0,
	});
	const forShort = pairs.filter(({ skill: drawn }) => drawn?.name === 'short');
	assert.deepEqual(new Set(forShort.map(({ questionId, answer }) => `${questionId}/${answer}`)).size, 9);
	for (const forQuestion of ['q1', 'q2']) {
		const drawn = pairs
			.filter((pair) => pair.forQuestion === forQuestion && pair.skill?.name === 'long' && pair.answer === 0)
			.map(({ questionId }) => questionId);
		assert.equal(new Set(drawn).size, 5, 'without replacement within one (q, s)');
	}
});

test('questions drawn for several missing skills are kept or dropped without changing other draws', () => {
	const questions = Array.from({ length: 10 }, (_, index) => missing(`q${index}`, 'short'));
	const repeated = selectForSkills(questions, map({ short: 3 }), options);
	assert.equal(repeated.pairs.length, 90, 'a skill that ten questions miss weighs ten times');
	const dropped = selectForSkills(questions, map({ short: 3 }), { ...options, repeats: 'drop' });
	assert.equal(dropped.pairs.length, 9);
	assert.equal(new Set(dropped.pairs.map(({ questionId, answer }) => `${questionId}/${answer}`)).size, 9);
});

test('adding or removing a question changes no other draw', () => {
	const sizes = map({ a: 50, b: 60, c: 70 });
	fc.assert(
		fc.property(
			fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 8 }),
			fc.nat(),
			(ids, seed) => {
				const all = ids.map((id, index) => missing(id, ...['a', 'b', 'c'].slice(0, 1 + (index % 3))));
				const gone = all[0] as MissingSkills;
				const settings = { ...options, seed };
				const whole = selectForSkills(all, sizes, settings).pairs;
				const without = selectForSkills(all.slice(1), sizes, settings).pairs;
				assert.deepEqual(
					without,
					whole.filter(({ forQuestion }) => forQuestion !== gone.questionId),
				);
			},
		),
		{ numRuns: 50 },
	);
});

test('the order of the questions and of the skills in a diagnosis does not matter', () => {
	const sizes = map({ a: 50, b: 60 });
	const one = selectForSkills([missing('q1', 'a', 'b'), missing('q2', 'b')], sizes, { ...options, pairs: 20 });
	const other = selectForSkills([missing('q2', 'b'), missing('q1', 'b', 'a', 'b')], sizes, { ...options, pairs: 20 });
	assert.deepEqual(other, one);
});

test('the limit on difficult questions picks a seeded random subset and does not count disputed questions', () => {
	const many = Array.from({ length: 50 }, (_, index) => missing(`q${index}`, index % 5 === 0 ? 'b' : 'a'));
	const sizes = map({ a: 20, b: 20 });
	const used = (seed: number) =>
		new Set(
			selectForSkills([...many, missing('disputed')], sizes, { ...options, seed, difficult: 10 }).pairs.map(
				({ forQuestion }) => forQuestion,
			),
		);
	assert.equal(used(0).size, 10);
	assert.deepEqual(used(0), used(0));
	assert.notDeepEqual(used(0), used(1));
	const onlyB = selectForSkills(many, sizes, { ...options, difficult: 8, skills: [skill('B')] });
	assert.equal(onlyB.counts.difficult, 8);
	assert.ok(onlyB.pairs.every((pair) => pair.skill?.name === 'b'));
});

test('pairs are drawn from draws × answers in order, and a skill without training questions is counted', () => {
	const { pairs, counts } = selectForSkills([missing('q1', 'a', 'none')], map({ a: 30 }), { ...options, pairs: 7 });
	assert.equal(pairs.length, 7);
	assert.deepEqual(counts, {
		difficult: 1,
		missingSkills: 2,
		drawn: 5,
		pool: 15,
		pairs: 7,
		skillsWithoutQuestions: 1,
	});
	const whole = selectForSkills([missing('q1', 'a', 'none')], map({ a: 30 }), options).pairs.map((pair) =>
		JSON.stringify(pair),
	);
	const places = pairs.map((pair) => whole.indexOf(JSON.stringify(pair)));
	assert.deepEqual(
		places,
		[...places].sort((left, right) => left - right),
	);
});

test("a full-size selection has the paper's size: 500 × 2.5 × 5 draws give about 4,240 distinct questions", () => {
	const names = Array.from({ length: 118 }, (_, index) => `s${index}`);
	const all = Array.from({ length: 7500 }, (_, index) => String(index).padStart(5, '0'));
	const even = new Map(
		names.map((name, index) => [skillKey(skill(name)), all.filter((_, place) => place % 118 === index)]),
	);
	const random = randomStream(1, 'profile');
	const profile = Array.from({ length: 500 }, (_, index) =>
		missing(`q${index}`, ...drawWithoutReplacement(random, names, index % 2 === 0 ? 2 : 3)),
	);
	const { pairs, counts } = selectForSkills(profile, even, { ...options, pairs: 9500 });
	assert.deepEqual([counts.missingSkills, counts.drawn, counts.pool, pairs.length], [1250, 6250, 18_750, 9500]);
	const drawn = new Set(selectForSkills(profile, even, options).pairs.map(({ questionId }) => questionId)).size;
	// 7500 (1 − e^(−6250/7500)) = 4,240, with 5% allowed for chance.
	assert.ok(Math.abs(drawn - 4240) < 212, String(drawn));
});

test('baselines take every question, or draw pairs from questions × answers', () => {
	const ids = ['c', 'a', 'b'];
	assert.deepEqual(
		selectFromAll(ids, { seed: 0, answers: 1, pairs: Infinity }).pairs.map(({ questionId }) => questionId),
		['a', 'b', 'c'],
	);
	const cut = selectFromAll(ids, { seed: 0, answers: 3, pairs: 4 });
	assert.equal(cut.pairs.length, 4);
	assert.equal(cut.counts.pool, 9);
	assert.deepEqual(selectFromAll([...ids].reverse(), { seed: 0, answers: 3, pairs: 4 }), cut);
});

test('a mix with original data draws its share as MATH-Augment does, and keeps that share even if targeted pairs are few', () => {
	const all = Array.from({ length: 400 }, (_, index) => `p-${String(index).padStart(3, '0')}`);
	const profile = Array.from({ length: 40 }, (_, index) => missing(`q${index}`, 'a'));
	const sizes = map({ a: 60 });
	const mixed = (pairs: number, mix: number) =>
		mixWithAll((count) => selectForSkills(profile, sizes, { ...options, pairs: count }), all, {
			seed: 3,
			answers: 3,
			pairs,
			mix,
		});
	const { pairs, counts } = mixed(400, 0.25);
	assert.deepEqual([pairs.length, counts.pairs, counts.rehearsal], [400, 400, 100]);
	const rehearsal = pairs.filter(({ skill: drawn, forQuestion }) => drawn === null && forQuestion === null);
	assert.deepEqual(rehearsal, selectFromAll(all, { seed: 3, answers: 3, pairs: 100 }).pairs);
	assert.deepEqual(
		pairs.filter(({ skill: drawn }) => drawn !== null),
		selectForSkills(profile, sizes, { ...options, pairs: 300 }).pairs,
	);
	// There are 40 × 5 × 3 = 600 targeted pairs in all. If original data makes up one third of the mix, it adds 300
	// pairs.
	assert.deepEqual([mixed(5000, 1 / 3).pairs.length, mixed(5000, 1 / 3).counts.rehearsal], [900, 300]);
	assert.equal(mixed(400, 0).counts.rehearsal, 0);
});

test('a weighted skill gets its share of the draws regardless of how many questions miss it', () => {
	const profile = Array.from({ length: 200 }, (_, index) => missing(`q${index}`, index < 180 ? 'frequent' : 'rare'));
	const sizes = map({ frequent: 500, rare: 500 });
	const drawsOf = (weights?: ReadonlyMap<string, number>) => {
		const { pairs, counts } = selectForSkills(profile, sizes, { ...options, answers: 1, weights });
		return [pairs.filter(({ skill: drawn }) => drawn?.name === 'rare').length, counts.drawn];
	};
	assert.deepEqual(drawsOf(), [100, 1000]);
	const [rare = 0, drawn = 0] = drawsOf(
		new Map([
			[skillKey(skill('frequent')), 0.2],
			[skillKey(skill('rare')), 0.6],
		]),
	);
	// 37.5 draws for each of 20 questions and 1.39 for each of 180, rounded at random; 5 standard deviations are 11 and
	// 33.
	assert.ok(Math.abs(rare - 750) <= 11 && Math.abs(drawn - 1000) <= 44, `${rare} of ${drawn}`);
	assert.deepEqual(
		drawsOf(new Map([[skillKey(skill('rare')), 1]])),
		[1000, 1000],
		'a skill without a weight has no draws',
	);
	assert.deepEqual(drawsOf(new Map()), [0, 0]);
});
