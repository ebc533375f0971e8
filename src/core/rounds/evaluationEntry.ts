import type { BenchmarkSettings } from '../questions/benchmark.ts';
import type { Split } from '../questions/question.ts';
import type { Scope } from '../scope.ts';

/** A benchmark of this project: which questions, and how it is run unless one says otherwise. */
export interface BenchmarkEntry extends BenchmarkSettings {
	readonly name: string;
	readonly about: string;
	/** The seed that drew its validation part, and how many that was to be. */
	readonly seed: number;
	readonly validation: number;
}

/** What a student's answers to one benchmark came to. */
export interface BenchmarkResult {
	/** Questions counted: with gold and all their samples. */
	readonly n: number;
	/** The first sample's accuracy. An answer nobody is sure of counts as wrong. */
	readonly pass1: number | null;
	/** Mean over samples and questions. */
	readonly avgk: number | null;
	/** The chance that one of k samples is right, by the unbiased estimator; k is the evaluation's `samples`. */
	readonly passk: number | null;
	/** 95 % interval of the benchmark's own metric, questions being the sample. */
	readonly ci95: readonly [number, number] | null;
	/** Answers neither equal to gold nor surely different. */
	readonly unsure: number;
	/** Questions that lack samples: set aside, or not asked. */
	readonly unanswered: number;
	/** Questions without a gold answer: not counted. */
	readonly withoutGold: number;
}

export interface EvaluatedBenchmark extends BenchmarkSettings {
	readonly benchmark: string;
	/** The part that was asked: the test part, else (and said so) the validation part; `all` both. */
	readonly part: Exclude<Split, 'train'> | 'all';
	/** `null` until it is through. */
	readonly result: BenchmarkResult | null;
}

/** An evaluation of a student: made when it begins, so that a stopped one goes on under the settings it began with. */
export interface EvaluationEntry extends Scope {
	/** 12 hex digits. */
	readonly id: string;
	/** As the endpoint or the host calls it. */
	readonly model: string;
	/** Who answered, for people: an endpoint's origin or a host's name. Never used to connect. */
	readonly by: string;
	/** Hash of the student template it was asked with. */
	readonly template: string;
	readonly topP: number | null;
	/** Tokens an answer at most; `null`: the server's own limit. */
	readonly maxTokens: number | null;
	readonly benchmarks: readonly EvaluatedBenchmark[];
	readonly begunAt: string;
	/** `null`: not through. */
	readonly endedAt: string | null;
}

/** The score by a benchmark's own metric; `null`: nothing was counted. */
export function scoreBy(
	metric: BenchmarkSettings['metric'],
	{ pass1, avgk, passk }: Pick<BenchmarkResult, 'pass1' | 'avgk' | 'passk'>,
): number | null {
	return metric === 'pass@1' ? pass1 : metric === 'avg@k' ? avgk : passk;
}
