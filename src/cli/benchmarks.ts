import { usageError } from './usageError.ts';
import { metricName } from '../core/questions/benchmark.ts';
import { samplingTemperature } from '../core/questions/sampling.ts';
import { addBenchmark, listBenchmarks } from '../workflow/questions/benchmarks.ts';
import { addCached, findCached } from '../workflow/questions/cachedBenchmarks.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { allowChecker, gradingOption, readGrading } from './grading.ts';
import { fileOptions, readFileOptions } from './fileOptions.ts';
import { openHostParts, openHosts } from './hostParts.ts';
import { leftOut, table } from './wording.ts';

export const benchmarksListCommand = command({
	about:
		"Lists benchmarks: the paper's, with its settings, and this project's own, with the number of their " +
		'questions in the project. Nothing is downloaded: "benchmarks add" reads your own files.',
	options: {},
	async run({ parts }) {
		const benchmarks = await listBenchmarks(await parts());
		const rows = benchmarks.map((one) => [
			one.name,
			one.test_questions,
			one.validation_questions,
			metricName(one),
			one.temperature,
			one.about,
		]);
		return {
			json: { benchmarks },
			text: table([['benchmark', 'test', 'validation', 'metric', 'temperature', 'what it is'], ...rows]),
		};
	},
});

const settings = {
	samples: { type: 'string', value: 'K', help: "answers per question; default: the paper's, else 1" },
	temperature: {
		type: 'string',
		value: 'T',
		help: `temperature; default: the paper's, else ${samplingTemperature(1)}`,
	},
	metric: { type: 'string', value: 'pass@1|avg@k|pass@k', help: 'the metric to report' },
	...gradingOption,
	validation: {
		type: 'string',
		value: 'N',
		help: "number of questions drawn for validation; default: the paper's, else 0",
	},
	seed: { type: 'string', value: 'N', help: 'seed of that draw; default 0' },
	...fileOptions,
} satisfies OptionSpecs;

const hostOption = {
	host: {
		type: 'string',
		value: 'HOST',
		help: 'whose cache: local (this machine, the default) or a host of "hosts list"',
	},
} satisfies OptionSpecs;

export const benchmarksCachedCommand = command({
	about:
		"Lists the registry's benchmarks in the Hugging Face cache of this machine or of a host ($HF_HUB_CACHE, " +
		'$HF_HOME or ~/.cache/huggingface): Parquet, JSONL and JSON files of the newest snapshot. Only reads the ' +
		'disk and requests nothing from the Hub. "benchmarks add NAME --cached" adds one.',
	options: hostOption,
	async run(context) {
		const where = context.values.text('host') ?? 'local';
		const cached = await findCached(openHosts(context), where, context.run);
		const rows = cached.map(({ benchmark, repository, files }) => [
			benchmark,
			repository,
			files.length,
			Math.ceil(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1024),
			files
				.map(({ name }) => name)
				.slice(0, 3)
				.join(', '),
		]);
		return {
			json: { host: where, cached },
			text:
				rows.length === 0
					? `the Hugging Face cache of ${where === 'local' ? 'this machine' : where} holds no ` +
						'benchmark we know'
					: table([['benchmark', 'dataset', 'files', 'kB', 'which'], ...rows]),
		};
	},
});

export const benchmarksAddCommand = command({
	args: ['NAME', '[FILE…]'],
	about:
		'Adds a benchmark from your own files (JSON, JSONL, CSV, Parquet), or with --cached from the Hugging Face ' +
		'cache of this machine or a host ("benchmarks cached" lists it). Its questions join the test split, except ' +
		'those drawn for validation: the student is profiled on these, and results are reported on the others. A ' +
		"name of the registry has the paper's settings; AMC23 is recognized by its 40 or 83 questions.",
	options: {
		...settings,
		...hostOption,
		cached: { type: 'boolean', help: 'read a Hugging Face cache; nothing is downloaded' },
		dataset: { type: 'string', value: 'OWNER/NAME', help: 'with --cached: which dataset, if several contain it' },
	},
	async run(context) {
		const {
			args: [name = '', ...files],
			values,
			run,
		} = context;
		const isCached = values.flag('cached');
		if (isCached === files.length > 0) {
			throw usageError(
				isCached
					? 'files or --cached, not both'
					: `which files? "benchmarks add ${name} FILE", or --cached for those of a Hugging Face cache`,
			);
		}
		const options = {
			name,
			...readFileOptions(values),
			validation: values.whole('validation'),
			seed: values.whole('seed'),
			samples: values.whole('samples', 1),
			temperature: values.number('temperature'),
			metric: values.oneOf('metric', ['pass@1', 'avg@k', 'pass@k'] as const),
			grading: readGrading(values),
		};
		await allowChecker(context, await context.parts(), options.grading);
		const result = isCached
			? await addCached(
					await openHostParts(context),
					{ ...options, host: values.text('host') ?? 'local', repository: values.text('dataset') },
					run,
				)
			: await addBenchmark(await context.parts(), { ...options, files }, run);
		return {
			json: result,
			text:
				`${result.benchmark}: ${result.test} questions to report on, ${result.validation} for ` +
				`validation (${result.questions} new, ${result.updated} gained a field)${leftOut(result)}`,
		};
	},
});
