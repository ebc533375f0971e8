import { usageError } from './usageError.ts';
import { importAnswers } from '../workflow/questions/importAnswers.ts';
import type { Command } from './command.ts';
import { fileOptions, readFileOptions } from './fileOptions.ts';
import { leftOut } from './wording.ts';

export const importAnswersCommand: Command = {
	args: ['FILE…'],
	about:
		'Evaluation logs (lm-evaluation-harness, Inspect, the Qwen2.5-Math evaluator, also with step scores; ' +
		'plain JSON, JSONL, CSV and Parquet). Answers join their question by its text; unknown questions join ' +
		'validation, or test where their benchmark was added with a part to report on. Graded by our grader; ' +
		"the log's own verdict is kept beside it. A log that names its model and benchmark need not be told. " +
		"--format lm-eval:FILTER or inspect:SCORER says whose verdicts are the log's.",
	options: {
		student: { type: 'string', value: 'NAME', help: 'whose answers they are; default the model the log names' },
		round: { type: 'string', value: 'N', help: 'from 1, the default' },
		benchmark: { type: 'string', value: 'NAME', help: 'for questions that are new; default the one the log names' },
		split: {
			type: 'string',
			value: 'validation|test',
			help:
				'what questions join that are new; default validation, or test where their benchmark was added ' +
				'with a part to report on',
		},
		...fileOptions,
	},
	async run({ parts, args: files, values, run }) {
		const flags = {
			round: values.whole('round', 1) ?? 1,
			benchmark: values.text('benchmark'),
			split: values.oneOf('split', ['validation', 'test'] as const),
			...readFileOptions(values),
		};
		const opened = await parts();
		const described = await Promise.all(
			files.map((file) =>
				opened.files
					.describeAnswers(file, { signal: run.signal, format: flags.format, mapping: flags.mapping })
					.catch(() => null),
			),
		);
		const named = [...new Set(described.map((one) => one?.student))];
		const student = values.text('student') ?? (named.length === 1 ? named[0] : undefined);
		if (student === undefined) {
			throw usageError(
				named.length > 1
					? `these files are of several students (${named
							.map((name) => name ?? 'unnamed')
							.slice(0, 10)
							.join(', ')}): import them one by one, or name one with --student`
					: '--student is missing: whose answers are these?',
			);
		}
		const result = await importAnswers(opened, { files, student, ...flags }, run);
		const reported = described.flatMap((one) => one?.reported ?? []);
		const { answers, questions, graded, correct, unsure, disagreeing, duplicates } = result;
		const metrics = reported.map(({ metric, value }) => `${metric} ${value.toFixed(4)}`);
		return {
			json: { student, ...result, reported },
			text:
				`${answers} answers of ${student} (${questions} new questions, ${duplicates} duplicates): ` +
				`${graded} graded, ${correct} right, ${unsure} unsure; ` +
				`${disagreeing} verdicts differ from the log's${leftOut(result)}` +
				(metrics.length === 0 ? '' : `\nthe log reports ${metrics.join(', ')}`),
		};
	},
};
