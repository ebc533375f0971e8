import { usageError } from './usageError.ts';
import { splits } from '../core/questions/question.ts';
import { importQuestions } from '../workflow/questions/importQuestions.ts';
import { command } from './command.ts';
import { fileOptions, readFileOptions } from './fileOptions.ts';
import { fieldsLine, leftOut } from './wording.ts';

export const importQuestionsCommand = command({
	args: ['FILE…'],
	about:
		'Imports questions from MATH, GSM8K, AIME/AMC, logs, plain JSON or JSONL; the format is recognized. A known ' +
		'question gains a missing subject, level, gold or solution. Training and evaluation splits never share a ' +
		'question: a later import into the other one is refused.',
	options: {
		split: {
			type: 'string',
			required: true,
			value: 'SPLIT',
			help: 'train: the student is trained on it; validation: profiled on; test: reported on',
		},
		benchmark: { type: 'string', value: 'NAME', help: 'the benchmark that they belong to' },
		...fileOptions,
	},
	async run({ parts, args: files, values, run }) {
		const split = values.oneOf('split', splits);
		if (split === undefined) {
			throw usageError('--split is missing: train, validation or test');
		}
		const options = { files, split, benchmark: values.text('benchmark'), ...readFileOptions(values) };
		const result = await importQuestions(await parts(), options, run);
		const { questions, updated, duplicates } = result;
		return {
			json: result,
			text: `${questions} ${split} questions (${duplicates} duplicates, ${updated} completed)${leftOut(result)}${fieldsLine(result)}`,
		};
	},
});
