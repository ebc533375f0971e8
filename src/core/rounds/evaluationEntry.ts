import type { BenchmarkSettings } from '../questions/benchmark.ts';
import type { Split } from '../questions/question.ts';
import type { Scope } from '../scope.ts';

/** A benchmark of this project: its questions and its default settings. */
export interface BenchmarkEntry extends BenchmarkSettings {
	readonly name: string;
	readonly about: string;
	/** The seed that drew its validation part, and the size requested. */
	readonly seed: number;
	readonly validation: number;
}

/** A student's result on one benchmark. */
export interface BenchmarkResult {
	/** Questions counted: with gold and all samples. */
	readonly n: number;
	/** The first sample's accuracy. Unsure answers count as wrong. */
	readonly pass1: number | null;
	/** Mean over samples and questions. */
	readonly avgk: number | null;
	/** The probability that one of k samples is right, by the unbiased estimator; k is the evaluation's `samples`. */
	readonly passk: number | null;
	/** 95 % interval of the benchmark's own metric, with questions as the sample. */
	readonly ci95: readonly [number, number] | null;
	/** Answers that the grader is unsure about. */
	readonly unsure: number;
	/** Questions that lack samples: set aside, or not requested. */
	readonly unanswered: number;
	/** Questions without a gold answer, which are not counted. */
	readonly withoutGold: number;
}

export interface EvaluatedBenchmark extends BenchmarkSettings {
	readonly benchmark: string;
	/** The part that was evaluated: the test part, else (with a note) the validation part; `all`: both. */
	readonly part: Exclude<Split, 'train'> | 'all';
	/** `null` until it is complete. */
	readonly result: BenchmarkResult | null;
}

/**
 * An evaluation of a student. It is stored when it begins, so that an interrupted one resumes with its original
 * settings.
 */
export interface EvaluationEntry extends Scope {
	/** 12 hex digits. */
	readonly id: string;
	/** As the endpoint or the host names it. */
	readonly model: string;
	/** Who answered, for display: an endpoint's origin or a host's name. Never used to connect. */
	readonly by: string;
	/** Hash of the student template. */
	readonly template: string;
	readonly topP: number | null;
	/** Maximum tokens of an answer; `null`: the server's own limit. */
	readonly maxTokens: number | null;
	readonly benchmarks: readonly EvaluatedBenchmark[];
	readonly begunAt: string;
	/** `null`: not complete. */
	readonly endedAt: string | null;
}

/** The score by a benchmark's own metric; `null` if nothing was counted. */
export function scoreBy(
	metric: BenchmarkSettings['metric'],
	{ pass1, avgk, passk }: Pick<BenchmarkResult, 'pass1' | 'avgk' | 'passk'>,
): number | null {
	if (metric === 'pass@1') {
		return pass1;
	}
	return metric === 'avg@k' ? avgk : passk;
}
