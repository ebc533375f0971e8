import { openJobFiles } from '../store/jobFiles.ts';
import { status } from '../workflow/status.ts';
import type { Command } from './command.ts';
import { table } from './wording.ts';

export const statusCommand: Command = {
	usage: '',
	about: 'Totals of the project.',
	options: {},
	async run({ parts }) {
		const opened = await parts();
		const result = await status(opened, openJobFiles(opened.store.folder));
		const { questions, skills, links, answers, difficult, diagnosed, corrected, setAside, replies, datasets, jobs, warnings } = result;
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
			...(jobs.length > 0 ? [['jobs', jobs.length] as [string, number]] : []),
		] as const;
		return { json: result, text: [table(rows), ...warnings.map((warning) => `warning: ${warning}`)].join('\n') };
	},
};
