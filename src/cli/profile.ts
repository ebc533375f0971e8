import { formatPercent } from '../core/text/formatNumber.ts';
import { profile } from '../workflow/profile/profile.ts';
import { command } from './command.ts';
import { benchmarkOf, benchmarkOption, scopeOf, scopeOptions } from './scopeOptions.ts';
import { table } from './wording.ts';

export const profileCommand = command({
	about:
		'Prints the Missing-Skill-Profile: for each skill, how many difficult questions miss it, with 95 % ' +
		'intervals, beside its share of the training set.',
	options: {
		top: { type: 'string', value: 'N', help: 'show only the first N' },
		rank: {
			type: 'string',
			value: 'BY',
			help:
				'how skills are ranked. share (default): of the questions profiled; exposure: of the answered ' +
				'questions labelled with the skill, which in our trials put planted weaknesses first slightly more ' +
				'often (docs/evidence.md)',
		},
		without: {
			type: 'string',
			value: 'WHICH',
			help:
				'disputed: leave out questions judged correct after all; contested: also those on which a jury ' +
				'disagrees, until somebody settles them',
		},
		...benchmarkOption,
		...scopeOptions,
	},
	async run({ parts, values, run }) {
		const flags = {
			top: values.whole('top', 1),
			rank: values.oneOf('rank', ['share', 'exposure'] as const),
			benchmark: benchmarkOf(values),
			without: values.oneOf('without', ['disputed', 'contested'] as const),
		};
		const opened = await parts();
		const scope = await scopeOf(opened.store, values);
		const result = await profile(opened, { ...scope, ...flags }, run);
		const rows = result.skills.map(
			({ subject, skill, questions, share, ci95: [low, high], trainShare, exposureRate }) => [
				questions,
				formatPercent(share),
				`${formatPercent(low)}–${formatPercent(high)}`,
				formatPercent(trainShare),
				formatPercent(exposureRate),
				subject === '' ? skill : `${subject}: ${skill}`,
			],
		);
		const head =
			`${result.student}, round ${result.round}: ${result.questions} of ${result.difficult} difficult ` +
			`questions${result.benchmark === null ? '' : ` of ${result.benchmark}`} diagnosed, ` +
			`${result.disputed} disputed, ${result.corrected} corrected by people`;
		return {
			json: result,
			text:
				rows.length === 0
					? head
					: `${head}\n${table([['missed', 'share', '95 %', 'of training', 'of exposed', 'skill'], ...rows])}`,
		};
	},
});
