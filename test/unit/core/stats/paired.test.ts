import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	halfBinomial,
	holm,
	incompleteBeta,
	logGamma,
	student95,
	studentTwoSided,
} from '../../../../src/core/stats/distributions.ts';
import type { Pair } from '../../../../src/core/stats/pairedChange.ts';
import { mcnemar, pairedChange } from '../../../../src/core/stats/pairedChange.ts';
import { pairedInterval } from '../../../../src/core/stats/pairedInterval.ts';
import { randomStream } from '../../../../src/core/stats/random.ts';

const near = (value: number | null | undefined, expected: number, tolerance: number) =>
	assert.ok(
		value !== null && value !== undefined && Math.abs(value - expected) <= tolerance,
		`${value} is not ${expected} ± ${tolerance}`,
	);
/** Returns a function that draws uniformly from [0, 1). */
const uniform = (seed: number, label: string) => {
	const stream = randomStream(seed, label);
	return () => stream.priority() / 2 ** 53;
};
/** Draws n pairs of single answers, with one probability of a gain and another of a loss. */
function drawCounts(
	random: () => number,
	n: number,
	gain: number,
	loss: number,
): { n: number; gained: number; lost: number } {
	let [gained, lost] = [0, 0];
	for (let at = 0; at < n; at++) {
		const drawn = random();
		gained += drawn < gain ? 1 : 0;
		lost += drawn >= gain && drawn < gain + loss ? 1 : 0;
	}
	return { n, gained, lost };
}
const pairsOf = ({ n, gained, lost }: { n: number; gained: number; lost: number }): Pair[] =>
	Array.from({ length: n }, (_, at) => ({
		before: { right: at >= gained && at < gained + lost ? 1 : 0, of: 1 },
		after: { right: at < gained ? 1 : 0, of: 1 },
	}));

test('the distributions agree with their closed forms', () => {
	near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-12);
	near(logGamma(11), Math.log(3_628_800), 1e-11);
	// Below 1/2, the value follows by reflection: Γ(1/4) = 3.6256099082…
	near(logGamma(0.25), Math.log(3.6256099082219083), 1e-12);
	near(incompleteBeta(0.3, 1, 4), 1 - 0.7 ** 4, 1e-13);
	near(incompleteBeta(0.8, 2.5, 1), 0.8 ** 2.5, 1e-13);
	// Student's distribution with 1 degree of freedom is Cauchy's, with 2 it has a closed form, and with many it is
	// normal.
	near(student95(1), Math.tan(0.475 * Math.PI), 1e-6);
	near(studentTwoSided(3, 2), 1 - 3 / Math.sqrt(11), 1e-12);
	near(student95(10), 2.228139, 1e-5);
	near(student95(1e6), 1.959966, 1e-5);
	near(halfBinomial(3, 10).atMost, 176 / 1024, 1e-13);
	near(halfBinomial(10_000, 20_000).atMost, 0.5 + halfBinomial(10_000, 20_000).equal / 2, 1e-9);
	assert.deepEqual(
		holm([0.01, 0.04, 0.03, 0.005]).map((p) => +p.toFixed(10)),
		[0.03, 0.06, 0.06, 0.02],
	);
	assert.deepEqual(holm([]), []);
	assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
});

test('the interval of a net loss over many pairs is close to the normal approximation', () => {
	const { n, gained, lost } = { n: 1000, gained: 100, lost: 160 };
	const delta = (gained - lost) / n;
	const margin = 1.96 * Math.sqrt(((gained + lost) / n - delta ** 2) / n);
	const [low, high] = pairedInterval({ n, gained, lost });
	near(low, delta - margin, 0.002);
	near(high, delta + margin, 0.002);
});

test("McNemar's test and Tango's interval agree with published values", () => {
	// Airway hyper-responsiveness before and after a transplant (Bentur et al. 2009): 1 and 7 discordant pairs of 21.
	const published = pairedChange(pairsOf({ n: 21, gained: 1, lost: 7 }));
	near(published.delta, -6 / 21, 1e-12);
	near(published.p, 18 / 256, 1e-12);
	near(published.midP, 10 / 256, 1e-12);
	assert.equal(published.interval, 'exact');
	near(mcnemar(4, 4).midP, 1 - 70 / 512, 1e-12);
	assert.equal(mcnemar(4, 4).exact, 1);
	assert.deepEqual(mcnemar(0, 0), { exact: 1, midP: 1 });
	const counts = { n: 300, gained: 40, lost: 22 };
	const [low, high] = pairedInterval(counts);
	// The score interval is near Wald's for large n, and changes sign when the rounds are swapped.
	const wald = Math.sqrt(62 - 18 ** 2 / 300) / 300;
	near(low, 0.06 - 1.96 * wald, 0.003);
	near(high, 0.06 + 1.96 * wald, 0.003);
	const [turnedLow, turnedHigh] = pairedInterval({ n: 300, gained: 22, lost: 40 });
	near(turnedLow, -high, 1e-9);
	near(turnedHigh, -low, 1e-9);
	assert.deepEqual(pairedInterval({ n: 0, gained: 0, lost: 0 }), [-1, 1]);
	// All n pairs gained: the exact lower limit is the point where even the likeliest world with more losses has a
	// probability of 2.5% of n gains.
	for (const n of [1, 5, 20]) {
		const [lower, upper] = pairedInterval({ n, gained: n, lost: 0 });
		near(lower, 2 * 0.025 ** (1 / n) - 1, 1e-4);
		assert.equal(upper, 1);
	}
});

test('the 95% interval covers 93–97% with 500 pairs or more, and the exact one at least 95% below 100 pairs', () => {
	const random = uniform(1, 'coverage');
	const coverage = (n: number, gain: number, loss: number, runs: number) => {
		let covered = 0;
		for (let at = 0; at < runs; at++) {
			const [low, high] = pairedInterval(drawCounts(random, n, gain, loss));
			covered += low <= gain - loss && gain - loss <= high ? 1 : 0;
		}
		return covered / runs;
	};
	for (const [gain, loss] of [
		[0.1, 0.1],
		[0.12, 0.05],
		[0.3, 0.02],
		[0.02, 0.02],
	] as const) {
		const share = coverage(500, gain, loss, 1000);
		assert.ok(share >= 0.93 && share <= 0.97, `${gain}, ${loss}: ${share}`);
	}
	// This is exact rather than simulated: the probabilities of all tables are summed.
	for (const n of [6, 15, 30]) {
		const ways = (x: number, y: number) =>
			logGamma(n + 1) - logGamma(x + 1) - logGamma(y + 1) - logGamma(n - x - y + 1);
		for (const [gain, loss] of [
			[0.1, 0.1],
			[0.3, 0.02],
			[0.02, 0.02],
			[0.5, 0.3],
			[0.003, 0.001],
			[0.25, 0],
		] as const) {
			let covered = 0;
			for (let x = 0; x <= n; x++) {
				for (let y = 0; y <= (loss === 0 ? 0 : n - x); y++) {
					const [low, high] = pairedInterval({ n, gained: x, lost: y });
					const rest = 1 - gain - loss;
					covered +=
						low <= gain - loss && gain - loss <= high
							? Math.exp(
									ways(x, y) +
										x * Math.log(gain) +
										(loss === 0 ? 0 : y * Math.log(loss)) +
										(n - x - y) * Math.log(rest),
								)
							: 0;
				}
			}
			assert.ok(covered >= 0.95 - 1e-6, `n ${n}, ${gain}, ${loss}: ${covered}`);
		}
	}
});

test('with k answers per question, the paired t interval covers the true difference and the exact test permutes rounds', () => {
	const random = uniform(2, 'samples');
	const draw = (n: number, k: number, gain: number): Pair[] =>
		Array.from({ length: n }, () => {
			const ability = random() < 0.3 ? 0.05 : random() * 0.9;
			const right = (chance: number) =>
				Array.from({ length: k }, () => (random() < chance ? 1 : 0)).reduce<number>((sum, one) => sum + one, 0);
			return { before: { right: right(ability), of: k }, after: { right: right(ability + gain), of: k } };
		});
	const coverage = (n: number, k: number, gain: number, runs: number) =>
		Array.from({ length: runs }, () => pairedIntervalOf(draw(n, k, gain))).filter(
			([low, high]) => low <= gain && gain <= high,
		).length / runs;
	const pairedIntervalOf = (pairs: readonly Pair[]) => pairedChange(pairs).ci95 ?? [NaN, NaN];
	const large = coverage(500, 4, 0.05, 300);
	// The limits are 3 standard deviations of 300 runs on either side of 95%.
	assert.ok(large > 0.912 && large < 0.988, String(large));
	for (const n of [8, 25, 60]) {
		const small = coverage(n, 4, 0.05, 400);
		assert.ok(small >= 0.93, `n ${n}: ${small}`);
	}
	// Differences of 1, 1 and 2 quarters: the sums over eight sign choices are 4, ±2 and 0, and |sum| ≥ 4 in two of
	// them.
	const few: Pair[] = [
		[1, 2],
		[0, 1],
		[1, 3],
	].map(([before = 0, after = 0]) => ({ before: { right: before, of: 4 }, after: { right: after, of: 4 } }));
	assert.deepEqual([pairedChange(few).p, pairedChange(few).interval, pairedChange(few).midP], [0.25, 't', null]);
	const same = pairedChange(
		Array.from({ length: 5 }, () => ({ before: { right: 2, of: 4 }, after: { right: 2, of: 4 } })),
	);
	assert.deepEqual([same.delta, same.p], [0, 1]);
	assert.ok((same.ci95?.[0] ?? 0) < 0 && (same.ci95?.[1] ?? 0) > 0, 'five questions without change prove little');
	// With one answer in one round and several in the other, there is still one difference per question.
	near(pairedChange([{ before: { right: 1, of: 1 }, after: { right: 1, of: 3 } }]).delta, -2 / 3, 1e-12);
	// If each question's answers in a round all agree, the p-value is that of McNemar's exact test, as with one answer
	// per question.
	const single = { n: 40, gained: 9, lost: 2 };
	const asTwo = pairsOf(single).map(({ before, after }) => ({
		before: { right: before.right * 2, of: 2 },
		after: { right: after.right * 2, of: 2 },
	}));
	near(pairedChange(asTwo).p, mcnemar(9, 2).exact, 1e-12);
});

test("with too many pairs for the exact test, Student's test gives nearly the same p-value", () => {
	const random = uniform(3, 'large');
	const pairs: Pair[] = Array.from({ length: 6000 }, () => ({
		before: { right: Math.floor(random() * 9), of: 8 },
		after: { right: Math.floor(random() * 9), of: 8 },
	}));
	const { p, delta, ci95 } = pairedChange(pairs);
	assert.ok(p !== null && p > 0 && p <= 1 && ci95 !== null && delta !== null);
	assert.equal(p < 0.05, ci95[0] > 0 || ci95[1] < 0);
	assert.deepEqual(pairedChange([]), {
		n: 0,
		before: null,
		after: null,
		delta: null,
		ci95: null,
		p: null,
		midP: null,
		gained: 0,
		lost: 0,
		interval: null,
	});
});

test("Holm's procedure keeps the family-wise error at 5% without losing power", () => {
	const random = uniform(4, 'family');
	const families = 600;
	let [wrong, found] = [0, 0];
	for (let at = 0; at < families; at++) {
		const adjusted = holm(
			Array.from({ length: 40 }, (_, skill) => {
				const { gained, lost } = drawCounts(random, 30, skill === 0 ? 0.6 : 0.15, skill === 0 ? 0.02 : 0.15);
				return mcnemar(gained, lost).exact;
			}),
		);
		found += (adjusted[0] ?? 1) < 0.05 ? 1 : 0;
		wrong += adjusted.slice(1).some((p) => p < 0.05) ? 1 : 0;
	}
	// The limit is 5% plus three standard deviations of 600 families.
	assert.ok(wrong / families <= 0.05 + 0.027, `family-wise error ${wrong / families}`);
	assert.ok(found / families > 0.9, `power ${found / families}`);
});
