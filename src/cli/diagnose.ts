import { budgetOf } from './budgetOptions.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import { diagnose, planDiagnose } from '../workflow/diagnosis/diagnose.ts';
import { command } from './command.ts';
import { benchmarkOf, benchmarkOption, scopeOf, scopeOptions } from './scopeOptions.ts';

export const diagnoseCommand = command({
	about:
		"Has the teacher read each difficult validation question with the student's answer and name the missing " +
		"skills. Diagnosed questions are skipped, so a stopped run resumes and pays for nothing twice. People's " +
		'corrections remain in effect.',
	options: {
		limit: { type: 'string', value: 'N', help: 'maximum number of questions' },
		again: { type: 'boolean', help: 'diagnose questions again that have a diagnosis' },
		...benchmarkOption,
		...scopeOptions,
	},
	teacher: true,
	async run({ parts, values, run, consent }) {
		const flags = {
			limit: values.whole('limit', 1),
			benchmark: benchmarkOf(values),
			again: values.flag('again'),
			budget: budgetOf(values),
		};
		const opened = await parts({ teacher: true });
		const scope = await scopeOf(opened.store, values);
		const options = { ...scope, ...flags };
		await consent(await planDiagnose(opened, options, run));
		const result = await diagnose(opened, options, run);
		const { diagnosed, failed, disputed, calls, cost, remaining } = result;
		return {
			json: { ...scope, ...result },
			text:
				`${diagnosed} diagnosed (${disputed} disputed: judged correct), ${failed} set aside, ` +
				`${remaining} to go; ${calls} calls, ${formatCost(cost)}`,
		};
	},
});
