import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wilsonInterval } from '../../../../src/core/stats/interval.ts';
import { meanAccuracy, meanInterval, meanPassAtK, passAtK } from '../../../../src/core/stats/passAtK.ts';
import { randomStream } from '../../../../src/core/stats/random.ts';

/** Returns C(n, k) exactly. */
function choose(n: number, k: number): bigint {
	let result = 1n;
	for (let at = 0; at < k; at++) {
		result = (result * BigInt(n - at)) / BigInt(at + 1);
	}
	return result;
}

test('pass@k equals 1 − C(n−c, k) / C(n, k) for every c and k of 64 samples', () => {
	for (let n = 1; n <= 64; n += n < 12 ? 1 : 13) {
		for (let right = 0; right <= n; right++) {
			for (let k = 1; k <= n; k++) {
				const exact = right > n - k ? 1 : 1 - Number((choose(n - right, k) * 10n ** 18n) / choose(n, k)) / 1e18;
				assert.ok(Math.abs((passAtK(n, right, k) ?? -1) - exact) < 1e-12, `n ${n}, c ${right}, k ${k}`);
			}
		}
	}
});

test('pass@1 is the share of right samples, pass@n is 1 if any sample is right, and k above n gives null', () => {
	assert.equal(passAtK(8, 2, 1), 0.25);
	assert.equal(passAtK(8, 1, 8), 1);
	assert.equal(passAtK(8, 0, 8), 0);
	assert.equal(passAtK(8, 2, 9), null);
	assert.equal(passAtK(8, 2, 0), null);
	assert.equal(meanPassAtK([], 1), null);
	assert.equal(
		meanPassAtK(
			[
				{ samples: 4, right: 1 },
				{ samples: 2, right: 2 },
			],
			3,
		),
		null,
	);
	assert.equal(
		meanAccuracy([
			{ samples: 4, right: 1 },
			{ samples: 4, right: 3 },
		]),
		0.5,
	);
});

test('pass@k is unbiased over 20,000 simulated questions, while two naive estimators are not', () => {
	const random = randomStream(0, 'passAtK');
	const n = 16;
	for (const [p, k] of [
		[0.05, 4],
		[0.3, 2],
		[0.1, 8],
		[0.5, 3],
	] as const) {
		let [sum, squares, plugged] = [0, 0, 0];
		const trials = 20_000;
		for (let trial = 0; trial < trials; trial++) {
			let right = 0;
			for (let sample = 0; sample < n; sample++) {
				right += random.int(1_000_000) < p * 1_000_000 ? 1 : 0;
			}
			const value = passAtK(n, right, k) ?? 0;
			sum += value;
			squares += value * value;
			plugged += 1 - (1 - right / n) ** k;
		}
		const truth = 1 - (1 - p) ** k;
		const mean = sum / trials;
		const error = Math.sqrt((squares / trials - mean * mean) / trials);
		assert.ok(Math.abs(mean - truth) < 4 * error, `p ${p}, k ${k}: ${mean} for ${truth}`);
		assert.ok(
			plugged / trials < truth - 4 * error,
			'the plug-in estimator is biased downwards, and this test sees it',
		);
	}
});

test("the interval of a mean is Wilson's for one sample, and never narrower than Wilson's over all samples", () => {
	const zeros = Array.from({ length: 30 }, (_, at) => (at < 12 ? 1 : 0));
	const [low, high] = meanInterval(zeros) ?? [0, 0];
	const [wilsonLow, wilsonHigh] = wilsonInterval(12, 30);
	assert.ok(Math.abs(low - wilsonLow) < 1e-9 && Math.abs(high - wilsonHigh) < 1e-9);
	const even = meanInterval(
		Array.from({ length: 30 }, (_, at) => 0.4 + (at % 2 ? 0.05 : -0.05)),
		64,
	) ?? [0, 1];
	assert.ok(even[1] - even[0] < high - low);
	const same = meanInterval(
		Array.from({ length: 30 }, () => 0.4),
		64,
	) ?? [0, 0];
	wilsonInterval(0.4 * 30 * 64, 30 * 64).forEach((end, at) => assert.ok(Math.abs(end - (same[at] ?? 0)) < 1e-9));
	assert.deepEqual(meanInterval([0, 0, 0], 64), wilsonInterval(0, 3));
	assert.equal(meanInterval([]), null);
});

test('the 95% interval of avg@k contains the true mean in 93% to 97.5% of 1,000 simulated benchmarks', () => {
	const random = randomStream(1, 'avgAtK');
	const uniform = () => random.int(2 ** 32) / 2 ** 32;
	for (const [n, k, spread] of [
		[500, 4, 'even'],
		[500, 8, 'poles'],
		[279, 4, 'even'],
		[100, 16, 'poles'],
	] as const) {
		let held = 0;
		const worlds = 1000;
		for (let world = 0; world < worlds; world++) {
			// Each question's difficulty is uniform in [0, 1] (mean 1/2), or mostly at the ends (arcsine, mean 1/2).
			const values = Array.from({ length: n }, () => {
				const p = spread === 'even' ? uniform() : Math.sin((Math.PI / 2) * uniform()) ** 2;
				let right = 0;
				for (let sample = 0; sample < k; sample++) {
					right += uniform() < p ? 1 : 0;
				}
				return right / k;
			});
			const [low, high] = meanInterval(values, k) ?? [0, 0];
			held += low <= 0.5 && 0.5 <= high ? 1 : 0;
		}
		assert.ok(
			held / worlds >= 0.93 && held / worlds <= 0.975,
			`${n} questions, ${k} samples, ${spread}: ${held / worlds}`,
		);
	}
});
