import type { GradingRule } from './gradingRule.ts';
import type { QuestionId, Split } from './question.ts';
import { randomStream, smallest } from '../stats/random.ts';
import { samplingTemperature } from './sampling.ts';

/**
 * What is reported for a benchmark: the first sample's accuracy, the mean over k samples, or whether any of k samples
 * is right.
 */
export type BenchmarkMetric = 'pass@1' | 'avg@k' | 'pass@k';

export interface BenchmarkSettings {
	readonly metric: BenchmarkMetric;
	/** k: number of answers per question requested from the student. */
	readonly samples: number;
	readonly temperature: number;
	readonly grading: GradingRule;
}

/** A benchmark in the registry. The project determines which questions it contains. */
export interface Benchmark extends BenchmarkSettings {
	readonly name: string;
	/** A short description. */
	readonly about: string;
	/** Number of questions in the published form; a file with a different number is a subset or another edition. */
	readonly questions: number | null;
	/**
	 * Number of questions drawn into validation, on which the student is profiled. Results are reported on the others
	 * (sec. 3: 1,000 of MATH's 5,000).
	 */
	readonly validation: number;
	/** Hub datasets that contain it: shown to the user, and used to search a host's cache. We never download them. */
	readonly sources: readonly string[];
	/** Set if its questions are the difficult ones of another benchmark, for this student. */
	readonly difficultOf?: string;
}

const pass1 = { metric: 'pass@1', samples: 1, temperature: samplingTemperature(1), grading: 'math' } as const;
const many = { samples: 64, temperature: samplingTemperature(64), grading: 'math' } as const;

/** The paper's benchmarks with the paper's settings (sec. 3, C.1), plus MATH-500. */
export const benchmarks: readonly Benchmark[] = [
	{
		name: 'MATH',
		...pass1,
		about: 'MATH test: 1,000 for validation, 4,000 reported',
		questions: 5000,
		validation: 1000,
		sources: ['EleutherAI/hendrycks_math'],
	},
	{
		name: 'MATH^D',
		...pass1,
		about: 'the difficult part of MATH for this student',
		questions: null,
		validation: 0,
		sources: [],
		difficultOf: 'MATH',
	},
	{
		name: 'MATH^2',
		...pass1,
		about: 'pairs of skills in one question',
		questions: 210,
		validation: 0,
		sources: ['Didolkar et al. 2024, MATH²'],
	},
	{
		name: 'GSM8K',
		...pass1,
		about: 'grade-school word problems, test',
		questions: 1319,
		validation: 0,
		sources: ['openai/gsm8k'],
	},
	{
		name: 'AMC23',
		...many,
		metric: 'avg@k',
		about: 'AMC 12 of 2023, 40 questions',
		questions: 40,
		validation: 0,
		sources: ['math-ai/amc23'],
	},
	{
		name: 'AMC23-83',
		...many,
		metric: 'avg@k',
		about: 'AMC 12 of 2022 and 2023, 83 questions: the edition the paper cites',
		questions: 83,
		validation: 0,
		sources: ['AI-MO/aimo-validation-amc'],
	},
	{
		name: 'MATH-perturb-simple',
		...pass1,
		about: 'MATH changed without changing the way to solve it',
		questions: 279,
		validation: 0,
		sources: ['math-perturb-simple'],
	},
	{
		name: 'MATH-perturb-hard',
		...pass1,
		about: 'MATH changed so that the way to solve it changes',
		questions: 279,
		validation: 0,
		sources: ['math-perturb-hard'],
	},
	{
		name: 'AIME24',
		...many,
		metric: 'pass@k',
		about: 'AIME 2024, I and II',
		questions: 30,
		validation: 0,
		sources: ['HuggingFaceH4/aime_2024', 'Maxwell-Jia/AIME_2024'],
	},
	{
		name: 'AIME25',
		...many,
		metric: 'pass@k',
		about: 'AIME 2025, I and II',
		questions: 30,
		validation: 0,
		sources: ['math-ai/aime25'],
	},
	{
		name: 'MATH-500',
		...pass1,
		about: '500 questions of MATH test',
		questions: 500,
		validation: 0,
		sources: ['HuggingFaceH4/MATH-500'],
	},
];

/**
 * Names that other tools use, in lower case without punctuation. If a name starts with several of them, the longest one
 * wins.
 */
const otherNames: Readonly<Record<string, string>> = {
	hendrycksmath: 'MATH',
	minervamath: 'MATH',
	eleutheraihendrycksmath: 'MATH',
	hendrycksmath500: 'MATH-500',
	minervamath500: 'MATH-500',
	math500: 'MATH-500',
	huggingfaceh4math500: 'MATH-500',
	gsm8k: 'GSM8K',
	openaigsm8k: 'GSM8K',
	gsm8kcot: 'GSM8K',
	aime24: 'AIME24',
	aime2024: 'AIME24',
	maxwelljiaaime2024: 'AIME24',
	huggingfaceh4aime2024: 'AIME24',
	aime25: 'AIME25',
	aime2025: 'AIME25',
	mathaiaime25: 'AIME25',
	amc23: 'AMC23',
	amc2023: 'AMC23',
	mathaiamc23: 'AMC23',
	aimoaimovalidationamc: 'AMC23-83',
	aimovalidationamc: 'AMC23-83',
	mathperturbsimple: 'MATH-perturb-simple',
	mathperturbhard: 'MATH-perturb-hard',
	math2: 'MATH^2',
	mathsquared: 'MATH^2',
	mathd: 'MATH^D',
};

function bare(name: string): string {
	return name
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[^a-z0-9]/g, '');
}

/** Finds a registered benchmark by its name in any spelling (`math²`, `AIME 2024`, `aime24`). */
export function findBenchmark(name: string): Benchmark | undefined {
	const key = bare(name);
	const found = benchmarks.find((benchmark) => bare(benchmark.name) === key);
	const other = Object.hasOwn(otherNames, key) ? otherNames[key] : undefined;
	return found ?? benchmarks.find((benchmark) => benchmark.name === other);
}

/**
 * Returns the benchmark that a tool's task belongs to (`hendrycks_math_algebra`, `gsm8k_cot`): our name if the
 * benchmark is registered, otherwise the task's own name.
 */
export function benchmarkOfTask(task: string): string {
	const key = bare(task);
	const [longest] = Object.keys(otherNames)
		.filter((name) => key.startsWith(name))
		.sort((left, right) => right.length - left.length);
	return findBenchmark(task)?.name ?? (longest === undefined ? task : (otherNames[longest] ?? task));
}

/** Returns the edition with this many questions: AMC23 circulates with 40 and with 83. */
export function editionOf(benchmark: Benchmark, questions: number): Benchmark {
	return benchmark.name.startsWith('AMC23')
		? (benchmarks.find((other) => other.name.startsWith('AMC23') && other.questions === questions) ?? benchmark)
		: benchmark;
}

/** Returns the settings of an unregistered benchmark: pass@1, graded by the value of final answers. */
export function plainBenchmark(name: string): Benchmark {
	return { name, ...pass1, about: '', questions: null, validation: 0, sources: [] };
}

/**
 * Chooses which of a benchmark's questions go to validation. They are drawn by seed and question ID, so the order of
 * the file does not matter. The others are reported on and never profiled on.
 */
export function splitBenchmark(
	ids: readonly QuestionId[],
	validation: number,
	seed: number,
): Map<QuestionId, Exclude<Split, 'train'>> {
	const distinct = [...new Set(ids)];
	const drawn = new Set(
		smallest(
			distinct.map((id) => randomStream(seed, 'benchmark', id).priority()),
			validation,
		),
	);
	return new Map(distinct.map((id, index) => [id, drawn.has(index) ? 'validation' : 'test']));
}

/** Returns the metric's name, e.g. `avg@64`. */
export function metricName({ metric, samples }: Pick<BenchmarkSettings, 'metric' | 'samples'>): string {
	return metric === 'pass@1' ? metric : metric.replace('k', String(samples));
}
