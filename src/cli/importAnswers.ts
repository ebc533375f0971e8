import { usageError } from './usageError.ts';
import { importAnswers } from '../workflow/questions/importAnswers.ts';
import { command } from './command.ts';
import { allowChecker, gradedLater, gradingOption, readGrading } from './grading.ts';
import { fileOptions, readFileOptions } from './fileOptions.ts';
import { fieldsLine, leftOut } from './wording.ts';

export const importAnswersCommand = command({
	args: ['FILE…'],
	about:
		"Imports a student's answers from evaluation logs (lm-evaluation-harness, Inspect, the Qwen2.5-Math " +
		'evaluator, also with step scores; plain JSON, JSONL, CSV and Parquet). Answers are matched to questions by ' +
		'text; unknown questions join validation, or test if their benchmark was added with questions to report on. ' +
		"Our grader grades them; the log's own verdicts are stored beside ours. Student and benchmark need no option " +
		"if the log names them. --format lm-eval:FILTER or inspect:SCORER selects the log's verdicts.",
	options: {
		student: { type: 'string', value: 'NAME', help: 'name of the student; default: the model that the log names' },
		round: { type: 'string', value: 'N', help: 'number of the round, from 1 (the default)' },
		benchmark: {
			type: 'string',
			value: 'NAME',
			help: 'benchmark of new questions; default: the one that the log names',
		},
		split: {
			type: 'string',
			value: 'validation|test',
			help:
				'split of new questions; default: validation, or test if their benchmark was added with questions to ' +
				'report on',
		},
		...gradingOption,
		...fileOptions,
	},
	async run(context) {
		const { parts, args: files, values, run } = context;
		const flags = {
			round: values.whole('round', 1) ?? 1,
			benchmark: values.text('benchmark'),
			split: values.oneOf('split', ['validation', 'test'] as const),
			grading: readGrading(values),
			...readFileOptions(values),
		};
		const opened = await parts();
		await allowChecker(context, opened, flags.grading);
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
				`${disagreeing} verdicts differ from the log's${gradedLater(result)}${leftOut(result)}${fieldsLine(result)}` +
				(metrics.length === 0 ? '' : `\nthe log reports ${metrics.join(', ')}`),
		};
	},
});
