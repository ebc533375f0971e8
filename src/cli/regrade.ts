import { requireAllowed } from '../workflow/questions/gradeByRule.ts';
import { planRegrade, regrade } from '../workflow/questions/regrade.ts';
import { planJudge } from '../workflow/questions/judgeStored.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import { budgetOf } from './budgetOptions.ts';
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
	teacher: true,
	async run(context) {
		const { parts, values, run } = context;
		const opened = await parts({ teacher: true });
		const scope = await scopeOf(opened.store, values);
		const grading = readGrading(values);
		await allowChecker(context, opened, grading);
		const all = values.flag('all');
		const options = { ...scope, grading, benchmark: values.text('benchmark'), all, budget: budgetOf(values) };
		const plan = await planRegrade(opened, options);
		await requireAllowed(opened, plan.rules);
		const judged = plan.questions.filter((question) => plan.ruleOf(question) === 'judge');
		if (judged.length > 0) {
			const isNew = judged.some((question) => plan.storedRuleOf(question) !== 'judge');
			await context.consent(await planJudge(opened, { ...scope, questions: judged, all: all || isNew }));
		}
		const result = await regrade(opened, options, run);
		const { questions, right, wrong, unsure, changed, waiting, reasons } = result;
		return {
			json: { ...scope, ...result },
			text:
				`answers to ${questions} questions graded: ${right} right, ${wrong} wrong, ${unsure} unsure; ${changed} ` +
				`verdicts changed${judged.length > 0 ? `; ${result.calls} calls, ${formatCost(result.cost)}` : ''}${waiting > 0 ? `; ${waiting} wait for the judge` : ''}${reasonLines(reasons)}`,
		};
	},
});
