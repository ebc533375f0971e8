import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement, clusteredAgreement, cohenKappa, rateOf } from '../../../../src/core/stats/agreement.ts';
import { adjustedRand, bestMatch } from '../../../fixtures/partition.ts';
import {
	concordOf,
	indistinctPairs,
	qualityByPeople,
	readingAgreement,
	stratifiedSample,
} from '../../../../src/core/diagnosis/teacherQuality.ts';

const s = (name: string) => ({ subject: 'a', name });
const near = (actual: number | null | undefined, expected: number, message?: string) =>
	assert.ok(
		actual !== null && actual !== undefined && Math.abs(actual - expected) < 1e-9,
		`${message ?? ''} ${String(actual)} is not ${expected}`,
	);

test('kappa matches a case computed by hand, and is null if chance agreement is certain', () => {
	const table = { both: 20, onlyFirst: 5, onlySecond: 10, neither: 15 };
	near(cohenKappa(table), 0.4);
	const found = agreement(table);
	near(found.observed, 0.7);
	near(found.overlap, 20 / 35);
	assert.equal(cohenKappa({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 9 }), null, 'both always say no');
	assert.equal(cohenKappa({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 }), null);
	near(cohenKappa({ both: 5, onlyFirst: 0, onlySecond: 0, neither: 5 }), 1);
	near(cohenKappa({ both: 0, onlyFirst: 5, onlySecond: 5, neither: 0 }), -1);
	near(cohenKappa({ both: 25, onlyFirst: 25, onlySecond: 25, neither: 25 }), 0);
});

test("kappa's standard error matches that of Fleiss, Cohen and Everitt, and the simpler formula for independent raters", () => {
	// With even margins and kappa k, the variance is (1 - k)(1 + k)(…)/n; for margins of one half it reduces to (1 -
	// k²)/n.
	const found = agreement({ both: 40, onlyFirst: 10, onlySecond: 10, neither: 40 });
	near(found.kappa, 0.6);
	const half = 1.959963984540054 * Math.sqrt((1 - 0.36) / 100);
	near(found.kappa95?.[0], 0.6 - half);
	near(found.kappa95?.[1], 0.6 + half);
	assert.equal(
		agreement({ both: 2, onlyFirst: 1, onlySecond: 1, neither: 96 }).kappa95,
		null,
		'three yeses are too few for an interval',
	);
	assert.equal(
		agreement({ both: 10, onlyFirst: 2, onlySecond: 2, neither: 10 }).kappa95,
		null,
		'and so are 24 answers',
	);
});

test('the jackknife interval of kappa over clusters is wider than the naive one when skills are correlated', () => {
	const same = { both: 3, onlyFirst: 0, onlySecond: 0, neither: 3 };
	const other = { both: 0, onlyFirst: 3, onlySecond: 3, neither: 0 };
	const clusters = Array.from({ length: 40 }, (_, index) => (index % 4 === 0 ? other : same));
	const found = clusteredAgreement(clusters);
	near(found.kappa, 0.5);
	const naive = agreement({ both: 90, onlyFirst: 30, onlySecond: 30, neither: 90 });
	near(naive.kappa, 0.5);
	const width = ([low, high]: readonly [number, number]) => high - low;
	assert.ok(found.kappa95 && naive.kappa95 && width(found.kappa95) > 2 * width(naive.kappa95));
	// With equal cluster sizes and margins, kappa is a mean over clusters, and the jackknife gives its exact standard
	// error.
	near(width(found.kappa95), 2 * 1.959963984540054 * Math.sqrt((40 * 0.25 * 0.75 * 4) / 39 / 40));
	assert.equal(clusteredAgreement(clusters.slice(0, 19)).kappa95, null);
});

test('two diagnoses count as alike, overlapping or different, and agreement by skill omits skills that neither names', () => {
	const offered = [s('x'), s('y'), s('z'), s('never')];
	const found = readingAgreement([
		{ questionId: '1', first: [s('x')], second: [s('x')], offered },
		{ questionId: '2', first: [s('x'), s('y')], second: [s('y')], offered },
		{ questionId: '3', first: [s('z')], second: [s('y')], offered },
		{ questionId: '4', first: [], second: [], offered },
	]);
	assert.deepEqual([found.identical.hits, found.overlapping.hits], [2, 3]);
	assert.deepEqual(
		found.skills.map(({ name, table: { both, onlyFirst, onlySecond, neither } }) => [
			name,
			both,
			onlyFirst,
			onlySecond,
			neither,
		]),
		[
			['x', 1, 1, 0, 2],
			['y', 1, 0, 1, 2],
			['z', 0, 1, 0, 3],
		],
	);
	near(found.overall.overlap, 2 / 5);
	assert.equal(found.overall.n, 16);
	assert.deepEqual(
		[
			concordOf({ judge: 'incorrect', skills: [s('X ')] }, { judge: 'incorrect', skills: [s('x')] }),
			concordOf({ judge: 'correct', skills: [] }, { judge: 'incorrect', skills: [s('x')] }),
			concordOf({ judge: 'correct', skills: [] }, { judge: 'correct', skills: [] }),
		],
		['same', 'apart', 'same'],
	);
});

test('only pairs of skills that are confused more often than by chance are suggested for merging', () => {
	const read = (first: string, second: string) => ({ first: [s(first)], second: [s(second)] });
	const mixed = [
		...Array(3).fill(read('carry', 'regroup')),
		...Array(2).fill(read('regroup', 'carry')),
		...Array(2).fill(read('carry', 'carry')),
		...Array(2).fill(read('regroup', 'regroup')),
	] as ReturnType<typeof read>[];
	assert.deepEqual(
		indistinctPairs(mixed).map(({ left, right, questions, swapped }) => [left, right, questions, swapped]),
		[['carry', 'regroup', 9, 5]],
	);
	const clear = [
		...Array(20).fill(read('x', 'x')),
		...Array(20).fill(read('y', 'y')),
		...Array(3).fill(read('x', 'y')),
	] as ReturnType<typeof read>[];
	assert.deepEqual(indistinctPairs(clear), []);
	assert.deepEqual(indistinctPairs([read('x', 'y'), read('y', 'x')]), [], 'twice is too little');
	const across = Array.from({ length: 5 }, () => ({ first: [s('x')], second: [{ subject: 'b', name: 'y' }] }));
	assert.deepEqual(indistinctPairs(across), [], 'of different subjects: not to be merged');
});

test('precision and recall follow from the diagnoses that users left unchanged and the skills they added', () => {
	const found = qualityByPeople([
		{ first: [s('x'), s('y')], second: [s('x'), s('y')] },
		{ first: [s('x')], second: [s('y')] },
		{ first: [s('x')], second: [] },
	]);
	assert.deepEqual(
		[
			found.precision.hits,
			found.precision.of,
			found.recall.hits,
			found.recall.of,
			found.identical.hits,
			found.identical.of,
		],
		[2, 4, 2, 3, 1, 3],
	);
	assert.deepEqual(
		found.skills.map(({ name, precision, recall }) => [name, precision.hits, precision.of, recall.hits, recall.of]),
		[
			['x', 1, 3, 1, 1],
			['y', 1, 1, 1, 2],
		],
	);
	// Wilson's interval for 1 of 3 in closed form.
	const z2 = 1.959963984540054 ** 2;
	near(rateOf(1, 3).ci95[0], (1 / 3 + z2 / 6 - Math.sqrt(z2 * (2 / 9 / 3) + z2 ** 2 / 36)) / (1 + z2 / 3));
	assert.equal(rateOf(0, 0).rate, null);
});

test("a stratified sample has each stratum's share, depends only on the seed, and takes all items if it is large enough", () => {
	const strata = 'a'.repeat(70) + 'b'.repeat(25) + 'c'.repeat(5);
	const items = [...strata].map((stratum, id) => ({ id, stratum }));
	const sample = stratifiedSample(items, 20, 7, ({ stratum }) => stratum);
	assert.deepEqual(
		['a', 'b', 'c'].map((name) => sample.filter(({ stratum }) => stratum === name).length),
		[14, 5, 1],
	);
	assert.deepEqual(
		stratifiedSample(items, 20, 7, ({ stratum }) => stratum),
		sample,
	);
	assert.notDeepEqual(
		stratifiedSample(items, 20, 8, ({ stratum }) => stratum),
		sample,
	);
	const larger = new Set(stratifiedSample(items, 40, 7, ({ stratum }) => stratum).map(({ id }) => id));
	assert.ok(
		sample.every(({ id }) => larger.has(id)),
		'a larger sample holds the smaller one',
	);
	assert.equal(stratifiedSample(items, 1000, 7, ({ stratum }) => stratum).length, 100);
	assert.equal(stratifiedSample(items, 7, 1, ({ id }) => String(id)).length, 7, 'more strata than places');
});

test('the adjusted Rand index and the one-to-one matching of sets agree with cases computed by hand', () => {
	near(adjustedRand(['a', 'a', 'b', 'b'], ['x', 'x', 'y', 'y']), 1);
	near(adjustedRand(['a', 'a', 'b', 'b'], ['x', 'y', 'x', 'y']), -0.5);
	// Hubert and Arabie's index if 1 pair is together in both partitions, of 2 and 3 pairs: (1 - 2·3/10) / ((2 + 3)/2 -
	// 2·3/10).
	near(adjustedRand(['a', 'a', 'b', 'b', 'c'], ['x', 'x', 'x', 'y', 'z']), (1 - 0.6) / (2.5 - 0.6));
	assert.equal(adjustedRand(['a'], ['x']), null);
	const set = (...members: string[]) => new Set(members);
	const found = bestMatch(
		new Map([
			['p', set('1', '2', '3')],
			['q', set('4')],
		]),
		new Map([
			['u', set('1', '2')],
			['v', set('3', '4')],
			['w', set('9')],
		]),
	);
	assert.deepEqual(
		found.matches.map(({ truth, found: other, common }) => [truth, other, common]),
		[
			['p', 'u', 2],
			['q', 'v', 1],
		],
	);
	near(found.precision, 3 / 5);
	near(found.recall, 3 / 4);
});
