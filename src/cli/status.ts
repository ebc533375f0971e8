import type { StatusResult } from '../workflow/reading/status.ts';
import { status } from '../workflow/reading/status.ts';
import { openJobFiles } from '../store/jobFiles.ts';
import { command } from './command.ts';
import { table } from './wording.ts';

export const statusCommand = command({
	about: 'Prints totals of the project.',
	options: {},
	async run({ parts }) {
		const opened = await parts();
		const result = await status(opened, openJobFiles(opened.store.folder));
		const {
			questions,
			skills,
			links,
			answers,
			difficult,
			diagnosed,
			corrected,
			setAside,
			replies,
			datasets,
			jobs,
			warnings,
		} = result;
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
			...datasets.map(({ name, method, pairs }): [string, number] => [
				`dataset ${name} (${method}), pairs`,
				pairs,
			]),
			...(jobs.length > 0 ? [['jobs', jobs.length] as [string, number]] : []),
		] as const;
		return {
			json: result,
			text: [table(rows), `next: ${nextStep(result)}`, ...warnings.map((warning) => `warning: ${warning}`)].join(
				'\n',
			),
		};
	},
});

/** Returns the first step of the loop that has no result so far. */
function nextStep({ questions, skills, answers, difficult, diagnosed, datasets, jobs }: StatusResult): string {
	if (questions.train + questions.validation + questions.test === 0) {
		return '"import skills FILE…" where questions come with skills, else "import questions FILE… --split train"';
	}
	if (skills === 0) {
		return '"catalog": the teacher makes the skill list; or "import skills FILE…"';
	}
	if (answers === 0) {
		return '"import answers FILE… --student NAME", or "evaluate --url URL": what the student answers';
	}
	if (difficult === 0) {
		return '"classify": which questions the student cannot do';
	}
	if (diagnosed === 0) {
		return '"diagnose": the teacher names the skills that its answers miss';
	}
	if (datasets.length === 0) {
		return '"profile" shows the missing skills, "build sel --name NAME" makes the training set';
	}
	return jobs.length === 0
		? '"train NAME --host HOST", or "export NAME --out FILE"'
		: '"rounds next JOB --sample" once a training is done, then "compare"';
}
