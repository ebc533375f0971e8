import { StatError } from '../core/run.ts';
import { build, planBuild } from '../workflow/build.ts';
import { buildMethods } from '../workflow/buildSelection.ts';
import type { Command } from './command.ts';
import { scopeOf, scopeOptions } from './scopeOptions.ts';
import { money } from './wording.ts';

export const buildCommand: Command = {
	usage: `${buildMethods.join('|')} --name NAME [--seed 0] [--pairs N] [--difficult 500] [--per-skill 5] [--answers 3] [--answers-from teacher|original] [--repeats keep|drop] [--preset paper]`,
	about: 'sel: STAT-Sel, training questions drawn for each skill a difficult question misses. Baselines: train (original solutions), augment (rewritten answers of all), hard (levels 4 and 5 of that). Pairs are drawn first, and only those are rewritten; with no teacher set, the original solutions are used. The same inputs and seed give the same bytes.',
	options: {
		name: { type: 'string', value: 'NAME', help: 'letters, digits, ".", "_", "-"' },
		seed: { type: 'string', value: 'N', help: 'default 0' },
		pairs: { type: 'string', value: 'N', help: 'question–answer pairs at most (default 9500; train: all)' },
		difficult: { type: 'string', value: 'N', help: 'sel: difficult questions used at most (default 500)' },
		'per-skill': { type: 'string', value: 'N', help: 'sel: draws for each question and missing skill (default 5)' },
		answers: { type: 'string', value: 'N', help: 'answers a question brings (default 3)' },
		'answers-from': { type: 'string', value: 'WHO', help: 'teacher: rewritten (default where one is set); original: as imported' },
		repeats: { type: 'string', value: 'HOW', help: 'sel: keep (default: they are the weight of a skill) or drop' },
		preset: { type: 'string', value: 'paper', help: 'the paper\'s numbers and, if not classified yet, its rule' },
		replace: { type: 'boolean', help: 'replace the dataset of that name' },
		...scopeOptions,
	},
	teacher: true,
	words: { least: 1, most: 1 },
	async run({ parts, words: [word], values, run, consent }) {
		const method = buildMethods.find((known) => known === word);
		if (!method) {
			throw new StatError(`build makes ${buildMethods.join(', ')}, not "${word}"`, 'usage');
		}
		const options = {
			method,
			name: values.required('name', 'what is the dataset to be called?'),
			seed: values.whole('seed'),
			pairs: values.whole('pairs', 1),
			difficult: values.whole('difficult', 1),
			perSkill: values.whole('per-skill', 1),
			answers: values.whole('answers', 1),
			answersFrom: values.oneOf('answers-from', ['teacher', 'original'] as const),
			repeats: values.oneOf('repeats', ['keep', 'drop'] as const),
			preset: values.oneOf('preset', ['paper'] as const),
			replace: values.flag('replace'),
			budget: values.number('budget'),
		};
		const opened = await parts({ teacher: options.answersFrom !== 'original' && method !== 'train' });
		const scoped = method === 'sel' ? { ...options, scope: await scopeOf(opened.store, values) } : options;
		await consent(await planBuild(opened, scoped, run));
		const result = await build(opened, scoped, run);
		const { name, pairs, distinct, questions, sha256, path, calls, cost, deviations } = result;
		const stages = Object.entries(result.yield).map(([stage, count]) => `${stage} ${count}`).join(', ');
		const departs = deviations.length > 0 ? `\ndeparts from the paper:\n${deviations.map((words) => `  - ${words}`).join('\n')}` : '';
		return { json: result, text: `${name}: ${pairs} pairs, ${distinct} distinct, ${questions} questions; ${calls} calls, ${money(cost)}\n${stages}\n${path}\nsha256 ${sha256}${departs}` };
	},
};
