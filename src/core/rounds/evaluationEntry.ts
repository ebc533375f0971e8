import type { BenchmarkSettings } from '../questions/benchmark.ts';
import type { Split } from '../questions/question.ts';
import type { Scope } from '../scope.ts';

/** A benchmark in this project: its questions and its default settings. */
export interface BenchmarkEntry extends BenchmarkSettings {
	readonly name: string;
	readonly about: string;
	/** The seed with which its validation part was drawn, and the number of questions requested. */
	readonly seed: number;
	readonly validation: number;
}

/** A student's result on one benchmark. */
export interface BenchmarkResult {
	/** Number of questions counted: those with a gold answer and all samples. */
	readonly n: number;
	/** Accuracy of the first sample. Unsure answers count as wrong. */
	readonly pass1: number | null;
	/** Mean over samples and questions. */
	readonly avgk: number | null;
	/**
	 * Probability that at least one of k samples is right, by the unbiased estimator; k is the evaluation's `samples`.
	 */
	readonly passk: number | null;
	/** 95% interval of the benchmark's own metric, with questions as the sampling unit. */
	readonly ci95: readonly [number, number] | null;
	/** Number of answers that the grader is unsure about. */
	readonly unsure: number;
	/** Number of questions that lack samples because these were set aside or not requested. */
	readonly unanswered: number;
	/** Number of questions without a gold answer; they are not counted in `n`. */
	readonly withoutGold: number;
}

export interface EvaluatedBenchmark extends BenchmarkSettings {
	readonly benchmark: string;
	/** The part that was evaluated: test, or validation (with a note) if there is no test part; `all` means both. */
	readonly part: Exclude<Split, 'train'> | 'all';
	/** `null` until the evaluation is complete. */
	readonly result: BenchmarkResult | null;
}

/**
 * An evaluation of a student. It is stored when it starts, so that it can resume with its original settings after an
 * interruption.
 */
export interface EvaluationEntry extends Scope {
	/** 12 hex digits. */
	readonly id: string;
	/** The model's name at the endpoint or host. */
	readonly model: string;
	/** Where the answers came from, for display: an endpoint's origin or a host's name. Never used to connect. */
	readonly by: string;
	/** Hash of the student template. */
	readonly template: string;
	readonly topP: number | null;
	/** Maximum number of tokens in an answer; `null` leaves the limit to the server. */
	readonly maxTokens: number | null;
	readonly benchmarks: readonly EvaluatedBenchmark[];
	readonly begunAt: string;
	/** `null` until the evaluation is complete. */
	readonly endedAt: string | null;
}

/** Returns the score by a benchmark's own metric; `null` if no question was counted. */
export function scoreBy(
	metric: BenchmarkSettings['metric'],
	{ pass1, avgk, passk }: Pick<BenchmarkResult, 'pass1' | 'avgk' | 'passk'>,
): number | null {
	if (metric === 'pass@1') {
		return pass1;
	}
	return metric === 'avg@k' ? avgk : passk;
}
