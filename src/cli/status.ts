import { status } from '../workflow/status.ts';
import type { Command } from './command.ts';
import { table } from './wording.ts';

export const statusCommand: Command = {
	usage: '',
	about: 'Totals of the project.',
	options: {},
	async run({ parts }) {
		const result = await status(await parts());
		const { questions, skills, links, answers, difficult, diagnosed, corrected, setAside, replies, datasets, warnings } = result;
		const rows = [
			['training questions', questions.train],
			['validation questions', questions.validation],
			['test questions', questions.test],
			['skills', skills],
			['links', links],
			['answers', answers],
			['difficult', difficult],
			['diagnosed', diagnosed],
			['corrected', corrected],
			['replies', replies],
			['set aside', setAside],
			...datasets.map(({ name, method, pairs }): [string, number] => [`dataset ${name} (${method}), pairs`, pairs]),
		] as const;
		return { json: result, text: [table(rows), ...warnings.map((warning) => `warning: ${warning}`)].join('\n') };
	},
};
