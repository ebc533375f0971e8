import { budgetOf } from './budgetOptions.ts';
import { usageError } from './usageError.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import { splits } from '../core/questions/question.ts';
import { skillLabel } from '../core/skills/skill.ts';
import { catalog, planCatalog } from '../workflow/skills/catalog.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

const modeOptions = {
	add: { type: 'boolean', help: 'find skills for the questions without any, and add them to the list' },
	replace: {
		type: 'boolean',
		help: 'make new lists and retire the old skills of these subjects ("skills undo" restores them)',
	},
} satisfies OptionSpecs;

export const catalogCommand = command({
	about:
		'Makes skill lists from the questions alone: the teacher names the skills of each question in its own words, ' +
		"groups each subject's names, and labels every question with up to five skills of its subject's list. " +
		'Questions need no subject. If there are skills already, use --add or --replace. An interrupted run is ' +
		'resumed by the same command and pays for nothing twice.',
	options: {
		...modeOptions,
		split: { type: 'string', value: 'SPLIT', help: 'default: all' },
		limit: { type: 'string', value: 'N', help: 'maximum number of questions, for a first look' },
	},
	choices: [{ options: ['add', 'replace'] }],
	teacher: true,
	async run({ parts, values, run, consent }) {
		const options = {
			mode: modeOf(values),
			split: values.oneOf('split', splits),
			limit: values.whole('limit', 1),
			budget: budgetOf(values),
		};
		const opened = await parts({ teacher: true });
		await consent(await planCatalog(opened, options));
		const result = await catalog(opened, options, run);
		const { skills, subjects, names, questions, links, retired, calls, cost, failed, unfinished, lists } = result;
		const head = unfinished
			? `the budget was used up while ${unfinished}; run it again with a larger one to continue`
			: `${skills} skills in ${subjects} subjects${names > 0 ? ` from ${names} names` : ''}; ` +
				`${questions} questions labelled, ${links} ` +
				`links${retired > 0 ? `; ${retired} skills retired` : ''}`;
		const shown = lists.map(
			({ subject, skills: list }) =>
				`${subject === '' ? 'no subject' : skillLabel(subject)} (${list.length}): ` +
				`${list.map(skillLabel).join(', ')}`,
		);
		return {
			json: result,
			text: [
				`${head}; ${calls} calls, ${formatCost(cost)}${failed > 0 ? `; ${failed} questions set aside` : ''}`,
				...shown,
			].join('\n'),
		};
	},
});

function modeOf(values: Values<typeof modeOptions>): 'add' | 'replace' | undefined {
	const [add, replace] = [values.flag('add'), values.flag('replace')];
	if (add && replace) {
		throw usageError('say --add or --replace, not both');
	}
	if (add) {
		return 'add';
	}
	return replace ? 'replace' : undefined;
}
