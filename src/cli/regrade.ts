import { requireAllowed } from '../workflow/questions/gradeByRule.ts';
import { planRegrade, regrade } from '../workflow/questions/regrade.ts';
import { command } from './command.ts';
import { allowChecker, gradingOption, readGrading, reasonLines } from './grading.ts';
import { scopeOf, scopeOptions } from './scopeOptions.ts';

export const regradeCommand = command({
	about:
		"Grades a student's stored answers again by the project's rules, or by --grading, which then becomes the rule. " +
		'Answers that a checker or the judge has graded keep their verdict unless --all is given. A checker needs your ' +
		'consent: name it with --grading.',
	options: {
		...gradingOption,
		benchmark: { type: 'string', value: 'NAME', help: 'only questions of this benchmark; default: all questions' },
		all: { type: 'boolean', help: 'also ask the checker again about answers that have a verdict' },
		...scopeOptions,
	},
	async run(context) {
		const { parts, values, run } = context;
		const opened = await parts();
		const scope = await scopeOf(opened.store, values);
		const grading = readGrading(values);
		await allowChecker(context, opened, grading);
		const options = { ...scope, grading, benchmark: values.text('benchmark'), all: values.flag('all') };
		const plan = await planRegrade(opened, options);
		await requireAllowed(opened, plan.rules);
		const result = await regrade(opened, options, run);
		const { questions, right, wrong, unsure, changed, waiting, reasons } = result;
		return {
			json: { ...scope, ...result },
			text:
				`answers to ${questions} questions graded: ${right} right, ${wrong} wrong, ${unsure} unsure; ${changed} ` +
				`verdicts changed${waiting > 0 ? `; ${waiting} wait for the judge` : ''}${reasonLines(reasons)}`,
		};
	},
});
