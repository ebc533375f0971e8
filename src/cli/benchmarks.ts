import { metricName } from '../core/benchmark.ts';
import { addBenchmark, listBenchmarks } from '../workflow/benchmarks.ts';
import type { Command, OptionSpec } from './command.ts';
import { fileOptions, readFileOptions } from './fileOptions.ts';
import { leftOut, table } from './wording.ts';

export const benchmarksListCommand: Command = {
	usage: '',
	about: 'Benchmarks: the paper\'s, with the paper\'s settings, and this project\'s own; how many of their questions the project has. Nothing is downloaded: "benchmarks add" reads your own files.',
	options: {},
	async run({ parts }) {
		const benchmarks = await listBenchmarks(await parts());
		const rows = benchmarks.map((one) => [one.name, one.test_questions, one.validation_questions, metricName(one), one.temperature, one.about]);
		return { json: { benchmarks }, text: table([['benchmark', 'test', 'validation', 'metric', 'temperature', 'what it is'], ...rows]) };
	},
};

const settings: Readonly<Record<string, OptionSpec>> = {
	samples: { type: 'string', value: 'K', help: 'answers a question; default the paper\'s, else 1' },
	temperature: { type: 'string', value: 'T', help: 'default the paper\'s, else 0.1' },
	metric: { type: 'string', value: 'pass@1|avg@k|pass@k', help: 'what is reported of it' },
	grading: { type: 'string', value: 'answer|text', help: 'answer (default): final answers equal in value; text: the same words' },
	validation: { type: 'string', value: 'N', help: 'questions drawn for validation; default 1000 of MATH, else 0' },
	seed: { type: 'string', value: 'N', help: 'of that draw, default 0' },
	...fileOptions,
};

export const benchmarksAddCommand: Command = {
	usage: 'NAME FILE… [--samples K] [--temperature T] [--metric M] [--grading RULE] [--validation N] [--seed S] [--map OURS=THEIRS,…]',
	about: 'A benchmark from your own files (JSON, JSONL, CSV, Parquet). Its questions join the test split, except those drawn for validation: the student is profiled on these and reported on the others. Names of the registry bring the paper\'s settings; AMC23 is told apart by its 40 or 83 questions.',
	options: settings,
	words: { least: 2, most: Infinity },
	async run({ parts, words: [name = '', ...files], values, run }) {
		const options = {
			name, files, ...readFileOptions(values), validation: values.whole('validation'), seed: values.whole('seed'),
			samples: values.whole('samples', 1), temperature: values.number('temperature'), metric: values.oneOf('metric', ['pass@1', 'avg@k', 'pass@k'] as const), grading: values.oneOf('grading', ['answer', 'text'] as const),
		};
		const result = await addBenchmark(await parts(), options, run);
		return { json: result, text: `${result.benchmark}: ${result.test} questions to report on, ${result.validation} for validation (${result.questions} new, ${result.updated} gained a field)${leftOut(result)}` };
	},
};
