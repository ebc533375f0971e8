import { budgetOf } from './budgetOptions.ts';
import { usageError } from './usageError.ts';
import { buildMethods } from '../core/datasets/dataset.ts';
import { formatCost } from '../core/text/formatNumber.ts';
import { buildDefaults } from '../core/datasets/buildDefaults.ts';
import { paperSynthesis } from '../core/datasets/paperPreset.ts';
import type { FilterAction, FilterName } from '../core/datasets/synthesis.ts';
import { defaultFilters, filterActions, synthesisDefaults } from '../core/datasets/synthesis.ts';
import { build, planBuild } from '../workflow/datasets/build.ts';
import { command } from './command.ts';
import type { OptionSpecs } from './optionSpec.ts';
import { otherTeacherOptions } from './openParts.ts';
import { benchmarkOf, benchmarkOption, scopeOf, scopeOptions } from './scopeOptions.ts';
import type { Values } from './values.ts';

const filterOption = {
	filter: {
		type: 'string',
		value: 'NAME=drop|flag|off',
		multiple: true,
		help: `syn, embed-syn: ${Object.entries(defaultFilters)
			.map(([name, action]) => `${name} (${action})`)
			.join(', ')}`,
	},
} satisfies OptionSpecs;

export const buildCommand = command({
	args: [`${buildMethods.join('|')}`],
	about:
		'Builds a training set. sel: STAT-Sel, training questions drawn for each skill that a difficult question ' +
		'misses. syn: STAT-Syn, new questions that a teacher writes for each of those skills, used if enough of its ' +
		'solutions agree, in rounds up to --pairs. Baselines: train (original solutions), augment (rewritten answers ' +
		'to all questions), hard (levels 4 and 5 of those), embed-sel (the training questions nearest to each ' +
		'difficult one by embeddings), embed-syn (new questions modelled on those). Without --embed-model, ' +
		'neighbours are found by words, and the card says so. Pairs are drawn first, and only those are rewritten; ' +
		'without a teacher, the original solutions are used. The same inputs and seed give the same bytes.',
	options: {
		name: {
			type: 'string',
			required: true,
			value: 'NAME',
			help: 'name of the dataset: letters, digits, ".", "_", "-"',
		},
		seed: { type: 'string', value: 'N', help: `seed of all random draws (default ${buildDefaults.seed})` },
		pairs: {
			type: 'string',
			value: 'N',
			help: `maximum number of question–answer pairs (default ${buildDefaults.pairs}; train: all)`,
		},
		difficult: {
			type: 'string',
			value: 'N',
			help:
				'all but train, augment, hard: maximum number of difficult questions (default ' +
				`${buildDefaults.difficult})`,
		},
		nearest: {
			type: 'string',
			value: 'N',
			help: `embed-sel, embed-syn: nearest training questions for each difficult one (default ${buildDefaults.nearest})`,
		},
		references: {
			type: 'string',
			value: 'N',
			help: `syn, embed-syn: training questions shown for each new one (default ${synthesisDefaults.references})`,
		},
		new: {
			type: 'string',
			value: 'N',
			help:
				`syn: new questions per question and missing skill in a round (default ${synthesisDefaults.new}); ` +
				`embed-syn: per difficult question (default ${synthesisDefaults.embedNew})`,
		},
		solutions: {
			type: 'string',
			value: 'N',
			help: `syn, embed-syn: solutions to each new question (default ${synthesisDefaults.solutions})`,
		},
		agree: {
			type: 'string',
			value: 'N',
			help: `syn, embed-syn: solutions that must agree (default ${synthesisDefaults.agree})`,
		},
		rounds: {
			type: 'string',
			value: 'N',
			help:
				'syn, embed-syn: maximum number of rounds (default: up to --pairs, or until three add under 1 %; ' +
				`preset paper: ${paperSynthesis.rounds})`,
		},
		...filterOption,
		'per-skill': {
			type: 'string',
			value: 'N',
			help: `sel: draws per question and missing skill (default ${buildDefaults.perSkill})`,
		},
		answers: { type: 'string', value: 'N', help: `answers per question (default ${buildDefaults.answers})` },
		'answers-from': {
			type: 'string',
			value: 'WHO',
			help: 'teacher: rewritten (default if one is set); original: as imported',
		},
		repeats: {
			type: 'string',
			value: 'HOW',
			help: 'sel, embed-sel: keep repeats (default: they are the weight) or drop them',
		},
		mix: {
			type: 'string',
			value: 'SHARE',
			help:
				'sel: the share of rows, from 0 to below 1, drawn at random from all training questions (rehearsal; ' +
				`default ${buildDefaults.mix})`,
		},
		rank: {
			type: 'string',
			value: 'BY',
			help:
				'sel: weight of a skill. share (default): how many questions miss it; exposure: how often it is ' +
				'missed where a question needs it',
		},
		preset: {
			type: 'string',
			value: 'paper',
			help: "use the paper's numbers and, if not classified yet, its rule",
		},
		replace: { type: 'boolean', help: 'replace the dataset of that name' },
		...otherTeacherOptions,
		...benchmarkOption,
		...scopeOptions,
	},
	teacher: true,
	async run({ parts, args: [requested], values, run, consent }) {
		const method = buildMethods.find((known) => known === requested);
		if (!method) {
			throw usageError(`build makes ${buildMethods.join(', ')}, not "${requested}"`);
		}
		const options = {
			method,
			name: values.required('name', 'what is the dataset to be called?'),
			seed: values.whole('seed'),
			pairs: values.whole('pairs', 1),
			difficult: values.whole('difficult', 1),
			perSkill: values.whole('per-skill', 1),
			nearest: values.whole('nearest', 1),
			answers: values.whole('answers', 1),
			answersFrom: values.oneOf('answers-from', ['teacher', 'original'] as const),
			repeats: values.oneOf('repeats', ['keep', 'drop'] as const),
			mix: values.number('mix'),
			rank: values.oneOf('rank', ['share', 'exposure'] as const),
			preset: values.oneOf('preset', ['paper'] as const),
			references: values.whole('references', 1),
			new: values.whole('new', 1),
			solutions: values.whole('solutions', 1),
			agree: values.whole('agree', 1),
			rounds: values.whole('rounds', 1),
			filters: filtersOf(values),
			replace: values.flag('replace'),
			benchmark: benchmarkOf(values),
			budget: budgetOf(values),
		};
		const isNear = method === 'embed-sel' || method === 'embed-syn';
		const isSyn = method === 'syn' || method === 'embed-syn';
		const asksTeacher = isSyn || (options.answersFrom !== 'original' && method !== 'train');
		const opened = await parts({
			teacher: asksTeacher || isNear,
			others: [...(isNear ? ['embed' as const] : []), ...(isSyn ? ['solver' as const] : [])],
		});
		const scoped =
			isNear || isSyn || method === 'sel' ? { ...options, scope: await scopeOf(opened.store, values) } : options;
		await consent(await planBuild(opened, scoped, run));
		const result = await build(opened, scoped, run);
		const { name, pairs, distinct, questions, sha256, path, calls, cost, deviations } = result;
		const stages = Object.entries(result.yield)
			.map(([stage, count]) => `${stage} ${count}`)
			.join(', ');
		const departs =
			deviations.length > 0
				? `\ndeparts from the paper:\n${deviations.map((deviation) => `  - ${deviation}`).join('\n')}`
				: '';
		const isUnmixed = method === 'sel' && options.mix === undefined && options.preset === undefined;
		const hint = isUnmixed ? rehearsalHint : '';
		return {
			json: result,
			text:
				`${name}: ${pairs} pairs, ${distinct} distinct, ${questions} questions; ${calls} calls, ` +
				`${formatCost(cost)}\n${stages}\n${path}\nsha256 ${sha256}${departs}${hint}`,
		};
	},
});

/** Based on results with eight seeds of small students; see docs/evidence.md. */
const rehearsalHint =
	'\nnothing rehearses what the student can do: in our trials such a set cost neighbouring skills; --mix ' +
	'0.75 kept most of the gain and a third of the loss (docs/evidence.md)';

function filtersOf(values: Values<typeof filterOption>): Partial<Record<FilterName, FilterAction>> {
	return Object.fromEntries(
		Object.entries(values.pairs('filter')).map(([name, action]) => {
			if (!Object.hasOwn(defaultFilters, name) || !filterActions.some((known) => known === action)) {
				throw usageError(
					`--filter ${name}=${action}: expected ${Object.keys(defaultFilters).join(', ')} = ` +
						`${filterActions.join(', ')}`,
				);
			}
			return [name, action];
		}),
	);
}
