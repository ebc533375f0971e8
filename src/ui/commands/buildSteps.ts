import * as vscode from 'vscode';
import type { BuildMethod } from '../../core/datasets/dataset.ts';
import { methodNames } from '../../core/datasets/dataset.ts';
import { formatCount } from '../../core/text/formatNumber.ts';
import { buildDefaults } from '../../core/datasets/buildDefaults.ts';
import { paperFilters } from '../../core/datasets/paperPreset.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { SynthesisFilters } from '../../core/datasets/synthesis.ts';
import { defaultFilters, mostSynRounds, synthesisDefaults } from '../../core/datasets/synthesis.ts';
import type { BuildOptions } from '../../workflow/datasets/buildOptions.ts';
import type { PickItem, WizardStep } from '../kit/wizard.ts';
import { ask, askNumber, pick } from '../kit/wizard.ts';

/** The user's choices in the wizard of a build, remembered for the next build. */
export interface Choices {
	method?: BuildMethod | undefined;
	answersFrom?: 'teacher' | 'original' | undefined;
	settings?: 'defaults' | 'paper' | 'own' | undefined;
	filters?: 'defaults' | 'flag' | 'drop' | undefined;
	pairs?: number | undefined;
	difficult?: number | undefined;
	perSkill?: number | undefined;
	nearest?: number | undefined;
	/** STAT-Sel: percentage of the rows drawn from all training questions. */
	rehearsal?: number | undefined;
	references?: number | undefined;
	new?: number | undefined;
	solutions?: number | undefined;
	agree?: number | undefined;
	rounds?: number | undefined;
	seed?: number | undefined;
	name?: string | undefined;
	replace?: boolean | undefined;
}

type NumberName =
	| 'pairs'
	| 'difficult'
	| 'perSkill'
	| 'nearest'
	| 'rehearsal'
	| 'references'
	| 'new'
	| 'solutions'
	| 'agree'
	| 'rounds'
	| 'seed';

/** Whether a method writes new questions: STAT-Syn and Embed-Syn do. */
export const writesNew = (method: BuildMethod | undefined): boolean => method === 'syn' || method === 'embed-syn';
const isNear = (method: BuildMethod | undefined): boolean => method === 'embed-sel' || method === 'embed-syn';
const bySkill = (method: BuildMethod | undefined): boolean => method === 'sel' || method === 'syn';

/** Returns all wizard steps, in order; steps that do not apply to the selected method are skipped. */
export function buildSteps(
	parts: Parts,
	hasTeacher: boolean,
	chosen: readonly SkillRef[] | undefined,
	last: BuildMethod | undefined,
): readonly WizardStep<Choices>[] {
	const own = (
		name: NumberName,
		prompt: () => string,
		value: (state: Choices) => number,
		applies: (method: BuildMethod | undefined) => boolean,
		range: { readonly min: number; readonly max: number; most?: (state: Choices) => number },
	): WizardStep<Choices> => ({
		applies: ({ settings, method }) => settings === 'own' && applies(method),
		ask: async (state, place) => {
			const max = range.most?.(state) ?? range.max;
			const answer = await askNumber(place, prompt(), Math.min(max, state[name] ?? value(state)), {
				min: range.min,
				max,
				whole: true,
			});
			return typeof answer === 'number' ? void (state[name] = answer) : answer;
		},
	});
	const always = () => true;
	return [
		methodStep(chosen, last),
		answersStep(hasTeacher),
		settingsStep(),
		own(
			'pairs',
			() => vscode.l10n.t('Maximum number of question–answer pairs'),
			() => buildDefaults.pairs,
			always,
			{ min: 1, max: 10_000_000 },
		),
		own(
			'difficult',
			() => vscode.l10n.t('Maximum number of difficult questions'),
			() => buildDefaults.difficult,
			(method) => bySkill(method) || isNear(method),
			{ min: 1, max: 1_000_000 },
		),
		own(
			'perSkill',
			() => vscode.l10n.t('Training questions drawn for each difficult question and skill'),
			() => buildDefaults.perSkill,
			(method) => method === 'sel',
			{ min: 1, max: 1000 },
		),
		own(
			'rehearsal',
			() =>
				vscode.l10n.t(
					'Rehearsal: per cent of the pairs drawn from all training questions, whatever is missing (0 ' +
						'as in the paper; with 75, students forgot least in our trials)',
				),
			() => buildDefaults.mix * 100,
			(method) => method === 'sel',
			{ min: 0, max: 95 },
		),
		own(
			'nearest',
			() => vscode.l10n.t('Nearest training questions for each difficult one'),
			() => buildDefaults.nearest,
			isNear,
			{ min: 1, max: 1000 },
		),
		own(
			'references',
			() => vscode.l10n.t('Training questions shown to the teacher for each new one'),
			() => synthesisDefaults.references,
			writesNew,
			{ min: 1, max: 100 },
		),
		own(
			'new',
			() => vscode.l10n.t('New questions per difficult question (and missing skill) in each round'),
			newQuestions,
			writesNew,
			{ min: 1, max: 100 },
		),
		own(
			'solutions',
			() => vscode.l10n.t('Solutions to each new question'),
			() => synthesisDefaults.solutions,
			writesNew,
			{ min: 1, max: 100 },
		),
		own(
			'agree',
			() => vscode.l10n.t('Solutions that must agree for a question to be used'),
			() => synthesisDefaults.agree,
			writesNew,
			{ min: 1, max: 100, most: ({ solutions }) => solutions ?? synthesisDefaults.solutions },
		),
		own(
			'rounds',
			() => vscode.l10n.t('Maximum number of rounds'),
			() => mostSynRounds,
			writesNew,
			{ min: 1, max: mostSynRounds },
		),
		filtersStep(),
		own(
			'seed',
			() => vscode.l10n.t('Seed: the same inputs and seed give the same bytes'),
			() => buildDefaults.seed,
			always,
			{ min: 0, max: 2 ** 31 },
		),
		nameStep(parts),
		replaceStep(parts),
	];
}

/**
 * Converts the choices into the workflow's options. `pairs` also counts without `settings`, for callers that specify
 * nothing else.
 */
export function buildOptionsOf(state: Choices): Omit<BuildOptions, 'scope' | 'skills' | 'budget'> {
	const { method = 'sel', settings } = state;
	const isOwn = settings === 'own';
	const answersFrom = writesNew(method) ? undefined : state.answersFrom;
	const numbers = numbersOf(method, settings);
	return {
		method,
		name: state.name ?? '',
		answersFrom: method === 'train' ? 'original' : answersFrom,
		...Object.fromEntries(numbers.flatMap((name) => (state[name] === undefined ? [] : [[name, state[name]]]))),
		...(isOwn && writesNew(method) && state.filters !== undefined ? { filters: filtersOf(state.filters) } : {}),
		...(isOwn && method === 'sel' && state.rehearsal !== undefined ? { mix: state.rehearsal / 100 } : {}),
		preset: settings === 'paper' ? 'paper' : undefined,
		replace: state.replace,
	};
}

/** Returns the numbers that apply: those the user may set, or those that a caller may pass without `settings`. */
function numbersOf(method: BuildMethod, settings: Choices['settings']): (keyof Choices & NumberName)[] {
	switch (settings) {
		case 'own':
			return [
				'pairs',
				'seed',
				...(bySkill(method) || isNear(method) ? ['difficult' as const] : []),
				...(method === 'sel' ? ['perSkill' as const] : []),
				...(isNear(method) ? ['nearest' as const] : []),
				...(writesNew(method) ? (['references', 'new', 'solutions', 'agree', 'rounds'] as const) : []),
			];
		case undefined:
			return ['pairs', 'new', 'rounds'];
		default:
			return [];
	}
}

function newQuestions({ method }: Choices): number {
	return method === 'embed-syn' ? synthesisDefaults.embedNew : synthesisDefaults.new;
}

/** `skill` costs one more call per question, so it stays off unless the command line enables it. */
function filtersOf(choice: 'defaults' | 'flag' | 'drop'): SynthesisFilters {
	const all = Object.fromEntries(
		Object.keys(defaultFilters).map((name) => [name, 'drop']),
	) as unknown as SynthesisFilters;
	if (choice === 'flag') {
		return paperFilters;
	}
	return choice === 'drop' ? { ...all, skill: defaultFilters.skill } : defaultFilters;
}

function methodStep(chosen: readonly SkillRef[] | undefined, last: BuildMethod | undefined): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const only = chosen === undefined ? '' : ` · ${vscode.l10n.t('only the {0} ticked skills', chosen.length)}`;
			const item = (value: BuildMethod, description: string, detail: string): PickItem<BuildMethod> => ({
				label: methodNames[value],
				description,
				detail,
				value,
			});
			const baseline = vscode.l10n.t('baseline');
			const answer = await pick<BuildMethod>(place, {
				placeholder: vscode.l10n.t('Which training set?'),
				items: [
					item(
						'sel',
						vscode.l10n.t('what the student is missing') + only,
						vscode.l10n.t(
							'For each difficult question and each skill it misses, training questions of that skill',
						),
					),
					item(
						'syn',
						vscode.l10n.t('new questions for what is missing') + only,
						vscode.l10n.t(
							'The teacher writes questions for each missing skill and solves them several times; those ' +
								'whose solutions agree are used, and you curate them',
						),
					),
					item(
						'augment',
						baseline,
						vscode.l10n.t('All training questions, answers rewritten by the teacher'),
					),
					item(
						'hard',
						baseline,
						vscode.l10n.t('Training questions of levels 4 and 5, answers rewritten by the teacher'),
					),
					item(
						'train',
						baseline,
						vscode.l10n.t('All training questions with their original solutions; needs no teacher'),
					),
					item(
						'embed-sel',
						baseline,
						vscode.l10n.t(
							'The training questions nearest to each difficult one, by their words, whatever skill is missing',
						),
					),
					item(
						'embed-syn',
						baseline,
						vscode.l10n.t(
							'New questions modelled on the training questions nearest to each difficult one, by their ' +
								'words',
						),
					),
				],
				active: (method) => method === last,
			});
			return typeof answer === 'string' ? void (state.method = answer) : answer;
		},
	};
}

function answersStep(hasTeacher: boolean): WizardStep<Choices> {
	return {
		applies: ({ method }) => method !== 'train' && !writesNew(method),
		ask: async (state, place) => {
			const answer = await pick<'teacher' | 'original'>(place, {
				placeholder: vscode.l10n.t('Which solutions should the student learn from?'),
				items: [
					{
						label: vscode.l10n.t('Rewritten by the teacher'),
						description: hasTeacher
							? vscode.l10n.t('as in the paper; only drawn questions are rewritten')
							: vscode.l10n.t('no teacher is set yet'),
						value: 'teacher',
					},
					{
						label: vscode.l10n.t('The original solutions'),
						description: vscode.l10n.t('free'),
						value: 'original',
					},
				],
				active: (value) => value === (state.answersFrom ?? (hasTeacher ? 'teacher' : 'original')),
			});
			return typeof answer === 'string' ? void (state.answersFrom = answer) : answer;
		},
	};
}

function settingsStep(): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const { method } = state;
			const pairs = formatCount(buildDefaults.pairs);
			const defaults = writesNew(method)
				? vscode.l10n.t(
						'{0} new questions per target, used if {1} of {2} solutions agree, in rounds up to {3} ' +
							'pairs; copies and leaks are dropped',
						newQuestions(state),
						synthesisDefaults.agree,
						synthesisDefaults.solutions,
						pairs,
					)
				: vscode.l10n.t(
						'At most {0} pairs, {1} draws per skill, seed {2}; departures from the paper are listed on ' +
							'the card',
						pairs,
						buildDefaults.perSkill,
						buildDefaults.seed,
					);
			const paper = writesNew(method)
				? vscode.l10n.t('One pass, filtered only by agreement; the yield is not topped up')
				: vscode.l10n.t('The numbers of its text and README; the yield is not topped up');
			const answer = await pick<'defaults' | 'paper' | 'own'>(place, {
				placeholder: vscode.l10n.t('Which numbers should the build use?'),
				items: [
					{ label: vscode.l10n.t('The defaults'), detail: defaults, value: 'defaults' },
					{ label: vscode.l10n.t('As in the paper'), detail: paper, value: 'paper' },
					{
						label: vscode.l10n.t('My own…'),
						detail: writesNew(method)
							? vscode.l10n.t('Pairs, questions, solutions, agreement, rounds, filters and seed')
							: vscode.l10n.t('Pairs, draws, rehearsal and seed'),
						value: 'own',
					},
				],
				active: (value) => value === state.settings,
			});
			return typeof answer === 'string' ? void (state.settings = answer) : answer;
		},
	};
}

function filtersStep(): WizardStep<Choices> {
	return {
		applies: ({ settings, method }) => settings === 'own' && writesNew(method),
		ask: async (state, place) => {
			const answer = await pick<'defaults' | 'flag' | 'drop'>(place, {
				placeholder: vscode.l10n.t(
					'What should happen to copies, twins, leaks, figures and unsolvable questions?',
				),
				items: [
					{
						label: vscode.l10n.t('Dropped, except twins'),
						detail: vscode.l10n.t(
							'The default: questions with the same template and different numbers are only flagged for curation',
						),
						value: 'defaults',
					},
					{
						label: vscode.l10n.t('All flagged for curation'),
						detail: vscode.l10n.t('Questions whose solutions agree are never dropped, as in the paper'),
						value: 'flag',
					},
					{
						label: vscode.l10n.t('All dropped'),
						detail: vscode.l10n.t('Including questions with the same template and different numbers'),
						value: 'drop',
					},
				],
				active: (value) => value === (state.filters ?? 'defaults'),
			});
			return typeof answer === 'string' ? void (state.filters = answer) : answer;
		},
	};
}

function nameStep(parts: Parts): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const taken = new Set((await parts.datasets.list()).map(({ name }) => name));
			const stem = state.method ?? 'sel';
			let at = 1;
			while (taken.has(`${stem}-r${at}`)) {
				at++;
			}
			const answer = await ask(place, {
				prompt: vscode.l10n.t('Name of the dataset'),
				value: state.name ?? `${stem}-r${at}`,
				check: (name) =>
					/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/.test(name)
						? undefined
						: vscode.l10n.t('Letters, digits, “.”, “_” and “-”, at most 80, no leading dot'),
			});
			return typeof answer === 'string' ? void (state.name = answer) : answer;
		},
	};
}

function replaceStep(parts: Parts): WizardStep<Choices> {
	return {
		ask: async (state, place) => {
			const there = (await parts.datasets.list()).find(({ name }) => name === state.name);
			if (!there) {
				state.replace = false;
				return undefined;
			}
			const answer = await pick<boolean>(place, {
				placeholder: vscode.l10n.t(
					'There is a dataset {0} with {1} pairs',
					there.name,
					formatCount(there.pairs),
				),
				items: [{ label: vscode.l10n.t('Replace it'), value: true }],
			});
			return typeof answer === 'boolean' ? void (state.replace = answer) : answer;
		},
	};
}
