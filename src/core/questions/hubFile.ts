import type { Benchmark } from './benchmark.ts';
import { benchmarks } from './benchmark.ts';

/** A file of a dataset in a Hugging Face cache. */
export interface HubFile {
	/** `OWNER/NAME`. */
	readonly repository: string;
	/** Path relative to the snapshot, with `/` as the separator. */
	readonly name: string;
	readonly bytes: number;
}

/** Whether a source is the name of a Hub dataset, `OWNER/NAME`. Other sources of a benchmark are prose. */
export function isHubName(source: string): boolean {
	return /^[A-Za-z0-9][\w.-]{0,95}\/[A-Za-z0-9][\w.-]{0,95}$/.test(source) && !source.includes('..');
}

/** The registry's datasets, which are looked up in a cache. */
export const benchmarkRepositories: readonly string[] = [
	...new Set(benchmarks.flatMap(({ sources }) => sources.filter(isHubName))),
];

export interface CachedBenchmark {
	readonly benchmark: string;
	readonly repository: string;
	readonly files: readonly HubFile[];
}

/**
 * Returns which of the registry's benchmarks a cache contains, in registry order. For each dataset it lists the files
 * of the test part or, if the parts have other names, every file from which questions can be read.
 */
export function cachedBenchmarks(files: readonly HubFile[]): CachedBenchmark[] {
	return benchmarks.flatMap(({ name, sources }: Benchmark) =>
		sources.flatMap((repository) => {
			const chosen = questionFiles(files.filter((file) => file.repository === repository));
			return chosen.length === 0 ? [] : [{ benchmark: name, repository, files: chosen }];
		}),
	);
}

/**
 * Picks one storage format (Parquet before JSON Lines before JSON), one configuration if there is a main one (GSM8K has
 * a second configuration with the same questions), and the test part.
 */
function questionFiles(files: readonly HubFile[]): HubFile[] {
	const rows = files.filter(
		({ name }) => !/(^|\/)(dataset_infos|dataset_dict|dataset_info|state|config)\.json$/.test(name),
	);
	const stored =
		['.parquet', '.jsonl', '.json']
			.map((end) => rows.filter(({ name }) => name.endsWith(end)))
			.find((some) => some.length > 0) ?? [];
	const main = stored.filter(({ name }) => /^(main|default)\//.test(name));
	const of = main.length > 0 ? main : stored;
	const test = of.filter(({ name }) => /(^|[^a-z])test([^a-z]|$)/i.test(name));
	return [...(test.length > 0 ? test : of)].sort((left, right) => (left.name < right.name ? -1 : 1));
}
