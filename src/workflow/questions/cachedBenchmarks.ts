import type { CachedBenchmark } from '../../core/questions/hubFile.ts';
import { benchmarkRepositories, cachedBenchmarks } from '../../core/questions/hubFile.ts';
import { findBenchmark } from '../../core/questions/benchmark.ts';
import type { Hosts } from '../../core/ports/hosts.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { AddBenchmarkOptions, AddBenchmarkResult } from './benchmarks.ts';
import { addBenchmark } from './benchmarks.ts';

/**
 * Finds the registry's benchmarks in a host's Hugging Face cache (`local`: this machine). Only reads its disk; nothing
 * is downloaded.
 */
export async function findCached(hosts: Hosts, host: string, run: Pick<Run, 'signal'>): Promise<CachedBenchmark[]> {
	return cachedBenchmarks(await (await hosts.open(host)).hubFiles(benchmarkRepositories, run.signal));
}

/**
 * Adds a benchmark from a host's cache, just as from the user's own files. `repository`: the one to use if several
 * contain the benchmark; default: the first.
 */
export async function addCached(
	parts: Parts & { readonly hosts: Hosts },
	options: Omit<AddBenchmarkOptions, 'files'> & { readonly host: string; readonly repository?: string | undefined },
	run: Run,
): Promise<AddBenchmarkResult> {
	const { host: name, repository, ...rest } = options;
	const benchmark = findBenchmark(options.name)?.name;
	const all = await findCached(parts.hosts, name, run);
	const found = all.find(
		(one) => one.benchmark === benchmark && (repository === undefined || one.repository === repository),
	);
	if (!found) {
		throw missingFromCache(name, options.name, all);
	}
	const host = await parts.hosts.open(name);
	return host.withHubFiles(found.files, { signal: run.signal, progress: run.progress, log: run.log }, (files) =>
		addBenchmark(parts, { ...rest, files }, run),
	);
}

function missingFromCache(host: string, name: string, found: readonly CachedBenchmark[]): StatError {
	const where = host === 'local' ? 'this machine' : host;
	const others = [...new Set(found.map(({ benchmark }) => benchmark))].join(', ');
	return others === ''
		? new StatError('questions.cacheEmpty', { host: where, name })
		: new StatError('questions.notCached', { host: where, name, others });
}
