import { importAnswers } from '../workflow/importAnswers.ts';
import type { Command } from './command.ts';
import { readMapping } from './mapping.ts';
import { leftOut } from './wording.ts';

export const importAnswersCommand: Command = {
	usage: 'FILE… --student NAME [--round N] [--benchmark NAME] [--format F] [--map OURS=THEIRS,…]',
	about: 'Evaluation logs (Qwen2.5-Math evaluator, also with step scores; plain JSON and JSONL). Answers join their question by its text; unknown questions join validation. Graded by our grader; the log\'s own verdict is kept beside it.',
	options: {
		student: { type: 'string', value: 'NAME', help: 'whose answers they are' },
		round: { type: 'string', value: 'N', help: 'from 1, the default' },
		benchmark: { type: 'string', value: 'NAME', help: 'for questions that are new' },
		format: { type: 'string', value: 'F', help: 'a format of docs/formats.md; default: found by looking' },
		map: { type: 'string', value: 'OURS=THEIRS,…', help: 'fields of plain files' },
	},
	words: { least: 1, most: Infinity },
	async run({ parts, words: files, values, run }) {
		const options = { files, student: values.required('student', 'whose answers are these?'), round: values.whole('round', 1) ?? 1, benchmark: values.text('benchmark'), format: values.text('format'), mapping: readMapping(values.text('map')) };
		const result = await importAnswers(await parts(), options, run);
		const { answers, questions, graded, correct, unsure, disagreeing, duplicates } = result;
		return { json: result, text: `${answers} answers (${questions} new questions, ${duplicates} duplicates): ${graded} graded, ${correct} right, ${unsure} unsure; ${disagreeing} verdicts differ from the log's${leftOut(result)}` };
	},
};
