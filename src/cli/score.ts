import type { RewardForm } from '../core/training/settings.ts';
import { optionSettings } from '../core/training/settings.ts';
import { scoreAnswers } from '../workflow/rounds/askStudent.ts';
import { command } from './command.ts';
import { dispatchOptions, openHostParts, readDispatch, required } from './hostParts.ts';
import { scopeOf, scopeOptions } from './scopeOptions.ts';
import { settingHelp } from './settingHelp.ts';
import { sent } from './train.ts';

export const scoreCommand = command({
	about:
		"Has a process reward model score each step of the student's answers on a host, with one forward pass per " +
		'answer. "jobs fetch" imports the scores; "classify --method reward" uses them. Keys of --set with their ' +
		`defaults: ${settingHelp('score')}.`,
	options: {
		...required(dispatchOptions, 'host', 'model'),
		...scopeOptions,
		form: {
			type: 'string',
			value: 'F',
			help: `${optionSettings.form.about}; default ${optionSettings.form.defaults.score}`,
		},
		samples: {
			type: 'string',
			value: 'K',
			help: 'number of samples per question, from the first (default 1: the one that the rule reads)',
		},
	},
	async run(context) {
		const { values, run } = context;
		const parts = await openHostParts(context);
		const options = {
			...(await scopeOf(parts.store, values)),
			form: values.oneOf('form', Object.keys(optionSettings.form.values) as RewardForm[]),
			samples: values.whole('samples', 1),
		};
		return sent(
			parts,
			await scoreAnswers(
				parts,
				{ ...(await readDispatch(context, parts.hosts)), gpus: values.whole('gpus', 1), ...options },
				run,
			),
			context,
		);
	},
});
