import { samplingDefaults } from '../core/questions/sampling.ts';
import { sampleAnswers } from '../workflow/rounds/askStudent.ts';
import { command } from './command.ts';
import { dispatchOptions, openHostParts, readDispatch, required } from './hostParts.ts';
import { settingHelp } from './settingHelp.ts';
import { sent } from './train.ts';

export const sampleCommand = command({
	about:
		"Has the student answer the questions of a split on a host, under the project's template, without those that " +
		'it has answered in the round. A single answer per question is sampled at temperature ' +
		`${samplingDefaults.temperatureOfOne}, several at ${samplingDefaults.temperatureOfSeveral}. "jobs fetch" ` +
		'imports and grades them. Keys of --set with their defaults: ' +
		`${settingHelp('generate', { temperature: 'see above' })}.`,
	options: {
		...required(dispatchOptions, 'host', 'model'),
		student: { type: 'string', required: true, value: 'NAME', help: 'name of the student in this project' },
		samples: { type: 'string', value: 'K', help: 'answers per question (default 1)' },
		split: { type: 'string', value: 'validation|test', help: 'default validation' },
		benchmark: { type: 'string', value: 'NAME', help: "only this benchmark's questions" },
		round: { type: 'string', value: 'N', help: 'number of the round, from 1 (the default)' },
	},
	async run(context) {
		const { values, run } = context;
		const options = {
			student: values.required('student', 'what is the student called?'),
			samples: values.whole('samples', 1),
			split: values.oneOf('split', ['validation', 'test'] as const) ?? 'validation',
			benchmark: values.text('benchmark'),
			round: values.whole('round', 1) ?? 1,
		};
		const parts = await openHostParts(context);
		return sent(
			parts,
			await sampleAnswers(
				parts,
				{ ...(await readDispatch(context, parts.hosts)), gpus: values.whole('gpus', 1), ...options },
				run,
			),
			context,
		);
	},
});
