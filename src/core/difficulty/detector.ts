import type { AnswerDigest } from '../questions/answer.ts';
import { firstVerdict } from './difficulty.ts';

/**
 * Metrics of "difficult" as a detector of "sample 0 is wrong", over classified questions that have a gold answer and a
 * definite verdict.
 */
export interface Metrics {
	accuracy: number | null;
	precision: number | null;
	recall: number | null;
	f1: number | null;
	compared: number;
}

export interface GridCell extends Metrics {
	tau1: number;
	tau2: number;
	difficult: number;
}

/**
 * Computes the metrics of "difficult" as a detector of "sample 0 is wrong" (Table 8) from the four counts; undefined
 * metrics are null.
 */
export function metricsOf(counts: {
	readonly truePositives: number;
	readonly falsePositives: number;
	readonly falseNegatives: number;
	readonly trueNegatives: number;
}): Metrics {
	const { truePositives, falsePositives, falseNegatives, trueNegatives } = counts;
	const compared = truePositives + falsePositives + falseNegatives + trueNegatives;
	const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
	const precision = ratio(truePositives, truePositives + falsePositives);
	const recall = ratio(truePositives, truePositives + falseNegatives);
	return {
		accuracy: ratio(truePositives + trueNegatives, compared),
		precision,
		recall,
		f1:
			precision === null || recall === null
				? null
				: ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
		compared,
	};
}

/**
 * Computes the metrics over classified questions whose sample 0 has a definite verdict. `difficult[i]` belongs to
 * `digests[i]`.
 */
export function detectorMetrics(digests: readonly AnswerDigest[], difficult: readonly (boolean | null)[]): Metrics {
	const counts = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
	digests.forEach((digest, index) => {
		const right = firstVerdict(digest);
		const predicted = difficult[index] ?? null;
		if (right === null || predicted === null) {
			return;
		}
		if (predicted) {
			counts[right ? 'falsePositives' : 'truePositives'] += 1;
		} else {
			counts[right ? 'trueNegatives' : 'falseNegatives'] += 1;
		}
	});
	return metricsOf(counts);
}

/**
 * Evaluates equation (1) for every (τ1, τ2) in one pass over the questions. Each question is counted in the cell of the
 * smallest thresholds that make it difficult, and prefix sums over the grid give the rest. Rows are ordered by τ1, then
 * τ2, both ascending.
 */
export function thresholdCells(
	digests: readonly AnswerDigest[],
	tau1s: readonly number[],
	tau2s: readonly number[],
): GridCell[] {
	const rows = [...new Set(tau1s)].sort((left, right) => left - right);
	const columns = [...new Set(tau2s)].sort((left, right) => left - right);
	const width = columns.length + 1;
	// bins[kind][i * width + j] counts the questions that become difficult at τ1 = rows[i] or τ2 = columns[j]. kind:
	// right, wrong, no verdict.
	const bins = [0, 1, 2].map(() => new Float64Array((rows.length + 1) * width)) as [
		Float64Array,
		Float64Array,
		Float64Array,
	];
	let questions = 0;
	for (const digest of digests) {
		if (digest.reward === null) {
			continue;
		}
		questions += 1;
		const { last, mean, minBeforeLast } = digest.reward;
		const at = firstAtLeast(rows, Math.min(last, mean)) * width + firstAtLeast(columns, minBeforeLast ?? Infinity);
		const bin = bins[binOf(firstVerdict(digest))];
		bin[at] = (bin[at] ?? 0) + 1;
	}
	// A question is easy at (i, j) if both of its indexes are greater, which prefix sums from the far corner count.
	const easy = bins.map((bin) => {
		const sums = new Float64Array(bin.length);
		for (let i = rows.length; i >= 0; i--) {
			for (let j = columns.length; j >= 0; j--) {
				const right = j < columns.length ? (sums[i * width + j + 1] as number) : 0;
				const below = i < rows.length ? (sums[(i + 1) * width + j] as number) : 0;
				const both = i < rows.length && j < columns.length ? (sums[(i + 1) * width + j + 1] as number) : 0;
				sums[i * width + j] = (bin[i * width + j] as number) + right + below - both;
			}
		}
		return sums;
	}) as [Float64Array, Float64Array, Float64Array];
	const [right, wrong] = [easy[0][0] as number, easy[1][0] as number];
	return rows.flatMap((tau1, i) =>
		columns.map((tau2, j) => {
			const beyond = (i + 1) * width + j + 1;
			const [easyRight, easyWrong, easyUnknown] = easy.map((sums) => sums[beyond] as number) as [
				number,
				number,
				number,
			];
			return {
				tau1,
				tau2,
				difficult: questions - easyRight - easyWrong - easyUnknown,
				...metricsOf({
					truePositives: wrong - easyWrong,
					falsePositives: right - easyRight,
					falseNegatives: easyWrong,
					trueNegatives: easyRight,
				}),
			};
		}),
	);
}

/** Returns the index of the first sorted value ≥ x, or the length if there is none. */
function firstAtLeast(sorted: readonly number[], x: number): number {
	let [low, high] = [0, sorted.length];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sorted[middle] as number) >= x) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return low;
}

/** Returns the index of a verdict's bins in {@link thresholdCells}. */
function binOf(verdict: boolean | null): 0 | 1 | 2 {
	if (verdict === null) {
		return 2;
	}
	return verdict ? 0 : 1;
}
