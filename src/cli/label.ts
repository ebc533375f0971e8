import { budgetOf } from './budgetOptions.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import { splits } from '../core/questions/question.ts';
import { label, planLabel } from '../workflow/skills/label.ts';
import { command } from './command.ts';

export const labelCommand = command({
	about:
		"Has the teacher label each question that it has not labelled yet with up to five skills of its subject's " +
		'list; its labels replace those of a bank.',
	options: {
		split: { type: 'string', value: 'SPLIT', help: 'default: all' },
		limit: { type: 'string', value: 'N', help: 'maximum number of questions' },
	},
	teacher: true,
	async run({ parts, values, run, consent }) {
		const options = {
			split: values.oneOf('split', splits),
			limit: values.whole('limit', 1),
			budget: budgetOf(values),
		};
		const opened = await parts({ teacher: true });
		await consent(await planLabel(opened, options, run));
		const result = await label(opened, options, run);
		return {
			json: result,
			text:
				`${result.questions} questions labelled, ${result.links} links; ${result.calls} calls, ` +
				`${formatCost(result.cost)}${result.failed > 0 ? `; ${result.failed} set aside` : ''}`,
		};
	},
});
