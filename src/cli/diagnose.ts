import { budgetOf } from './budgetOptions.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import { compareTeachers, planCompare } from '../workflow/datasets/compareTeachers.ts';
import { diagnose, planDiagnose } from '../workflow/diagnosis/diagnose.ts';
import { usageError } from './usageError.ts';
import { command } from './command.ts';
import { formatComparison } from './comparisonText.ts';
import { compareOptions, openCompared } from './openParts.ts';
import { benchmarkOf, benchmarkOption, scopeOf, scopeOptions } from './scopeOptions.ts';

export const diagnoseCommand = command({
	about:
		"Has the teacher read each difficult validation question with the student's answer and name the missing " +
		"skills. Diagnosed questions are skipped, so a stopped run resumes and pays for nothing twice. People's " +
		'corrections remain in effect. With --compare, another teacher reads the diagnosed answers as well: both ' +
		'readings of each, agreement by skill, and what profile and STAT-Sel would be with the other. The diagnoses ' +
		'stay as they are, and the same comparison again costs nothing.',
	options: {
		limit: { type: 'string', value: 'N', help: 'maximum number of questions' },
		again: { type: 'boolean', help: 'diagnose questions again that have a diagnosis' },
		...compareOptions,
		...benchmarkOption,
		...scopeOptions,
	},
	choices: [{ options: ['again', 'compare'] }],
	teacher: true,
	async run({ parts, values, run, consent, dist }) {
		const flags = {
			limit: values.whole('limit', 1),
			benchmark: benchmarkOf(values),
			again: values.flag('again'),
			budget: budgetOf(values),
		};
		if (flags.again && values.text('compare') !== undefined) {
			throw usageError('--again overwrites diagnoses, --compare never does: give one of them');
		}
		const other = await openCompared(values, await parts(), dist, run);
		if (other) {
			try {
				const asking = { ...(await parts()), teacher: other };
				const { limit, benchmark, budget } = flags;
				const options = { ...(await scopeOf(asking.store, values)), limit, benchmark, budget };
				await consent(await planCompare(asking, options), [other]);
				const comparison = await compareTeachers(asking, options, run);
				return { json: comparison, text: formatComparison(comparison) };
			} finally {
				await other.dispose();
			}
		}
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
