import * as vscode from 'vscode';
import { buildDefaults } from '../../core/paperPreset.ts';
import type { Parts } from '../../core/ports.ts';
import type { SkillRef } from '../../core/skill.ts';
import type { BuildOptions, BuildResult } from '../../core/workflows.ts';
import { commandIds, mementoKeys, viewIds } from '../ids.ts';
import type { ProjectSession } from '../projectSession.ts';
import { number } from '../runs/runs.ts';
import { teacherSettings } from '../settings.ts';
import type { Step } from '../steps.ts';
import { ask, askNumber, pick, runSteps } from '../steps.ts';
import type { Command, Studio } from '../studio.ts';
import { needSession, needTrust, withTeacher } from '../studio.ts';
import { methodLabel } from '../tree/datasetsTree.ts';
import { isRecord } from './arguments.ts';
import { needConsent, planRun, spentWords } from './paidRun.ts';
import { tellFailed } from './teacherRuns.ts';

type Method = 'sel' | 'train' | 'augment' | 'hard';
const methods: readonly Method[] = ['sel', 'train', 'augment', 'hard'];

interface Choices {
	method?: Method | undefined;
	answersFrom?: 'teacher' | 'original' | undefined;
	/** `null`: the default number. */
	pairs?: number | undefined;
	settings?: 'defaults' | 'paper' | 'own' | undefined;
	perSkill?: number | undefined;
	seed?: number | undefined;
	name?: string | undefined;
	replace?: boolean | undefined;
}

/** A training set for the skills that are ticked: method, answers, numbers and name are asked; what it would cost is said before the first call. */
export const build: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const parts = await session.parts();
	const title = vscode.l10n.t('Build Training Set');
	const last = studio.context.workspaceState.get<Choices>(mementoKeys.buildChoices, {});
	const asked = isRecord(argument) ? methods.find((method) => method === argument['method']) : undefined;
	const state: Choices = asked ? { ...(argument as Choices), method: asked } : { ...last, name: undefined, replace: undefined };
	const hasTeacher = studio.teachers.chosenOrNone(session.root) !== null;
	const chosen = await chosenSkills(session);
	if (!asked && !(await runSteps(title, state, [methodStep(chosen, last.method), answersStep(hasTeacher), settingsStep(), pairsStep(), perSkillStep(), seedStep(), nameStep(parts), replaceStep(parts)]))) {
		return;
	}
	await studio.context.workspaceState.update(mementoKeys.buildChoices, { ...last, ...state, name: undefined, replace: undefined });
	const options = await optionsOf(state, session, chosen);
	if (options.answersFrom === 'teacher') {
		await withTeacher(studio, session, (withOne) => run(studio, withOne, options, title));
	} else {
		await run(studio, parts, options, title);
	}
};

async function run(studio: Studio, parts: Parts, options: BuildOptions, title: string): Promise<void> {
	const { build: start, planBuild } = await import('../../workflow/build.ts');
	if (parts.teacher) {
		const plan = await planBuild(parts, options, planRun(studio.log));
		await needConsent(vscode.l10n.t('Build {0}: {1} pairs?', options.name, number(plan.rows)), plan, parts.teacher);
	}
	const result = await studio.runs.start('build', title, viewIds.datasets, (job) => start(parts, options, job));
	const open = { command: commandIds.openCard, title: vscode.l10n.t('Open Dataset Card'), arguments: [{ name: result.name }] };
	studio.runs.show({ text: builtWords(result), open });
	studio.datasets.refresh();
	tellFailed(result.failed, `build ${result.name}`);
}

function builtWords(result: BuildResult): string {
	return `${vscode.l10n.t('{0}: {1} pairs, {2} questions', result.name, number(result.pairs), number(result.questions))}${spentWords(result.calls, result.cost)}`;
}

async function optionsOf(state: Choices, session: ProjectSession, chosen: readonly SkillRef[] | undefined): Promise<BuildOptions> {
	const method = state.method ?? 'sel';
	return {
		method,
		name: state.name ?? '',
		scope: method === 'sel' ? ((await session.scope()) ?? undefined) : undefined,
		answersFrom: method === 'train' ? 'original' : state.answersFrom,
		...(state.settings === 'own' ? { pairs: state.pairs, perSkill: state.perSkill, seed: state.seed } : {}),
		...(state.settings === undefined && state.pairs !== undefined ? { pairs: state.pairs } : {}),
		preset: state.settings === 'paper' ? 'paper' : undefined,
		skills: method === 'sel' ? chosen : undefined,
		budget: teacherSettings().budget,
		replace: state.replace,
	};
}

/** The ticked skills; undefined when all are. */
async function chosenSkills(session: ProjectSession): Promise<SkillRef[] | undefined> {
	const rows = await (await session.parts()).store.read('skills', { scope: await session.scope() });
	const chosen = rows.filter((row) => session.isChosen(row)).map(({ subject, name }) => ({ subject, name }));
	return chosen.length === rows.length ? undefined : chosen;
}

function methodStep(chosen: readonly SkillRef[] | undefined, last: Method | undefined): Step<Choices> {
	return {
		ask: async (state, place) => {
			const only = chosen === undefined ? '' : ` · ${vscode.l10n.t('only the {0} ticked skills', chosen.length)}`;
			const answer = await pick<Method>(place, {
				placeholder: vscode.l10n.t('Which training set?'),
				items: [
					{ label: methodLabel('sel'), description: vscode.l10n.t('what the student is missing') + only, detail: vscode.l10n.t('For each difficult question and each skill it misses, training questions of that skill'), value: 'sel' },
					{ label: methodLabel('augment'), description: vscode.l10n.t('baseline'), detail: vscode.l10n.t('All training questions, answers rewritten by the teacher'), value: 'augment' },
					{ label: methodLabel('hard'), description: vscode.l10n.t('baseline'), detail: vscode.l10n.t('Training questions of levels 4 and 5, answers rewritten by the teacher'), value: 'hard' },
					{ label: methodLabel('train'), description: vscode.l10n.t('baseline'), detail: vscode.l10n.t('All training questions with their original solutions; asks no teacher'), value: 'train' },
				],
				active: (method) => method === last,
			});
			return typeof answer === 'string' ? void (state.method = answer) : answer;
		},
	};
}

function answersStep(hasTeacher: boolean): Step<Choices> {
	return {
		applies: ({ method }) => method !== 'train',
		ask: async (state, place) => {
			const answer = await pick<'teacher' | 'original'>(place, {
				placeholder: vscode.l10n.t('Whose solutions shall the student learn from?'),
				items: [
					{ label: vscode.l10n.t('Rewritten by the teacher'), description: hasTeacher ? vscode.l10n.t('as in the paper; only what is drawn is rewritten') : vscode.l10n.t('no teacher is set yet'), value: 'teacher' },
					{ label: vscode.l10n.t('The original solutions'), description: vscode.l10n.t('free'), value: 'original' },
				],
				active: (value) => value === (state.answersFrom ?? (hasTeacher ? 'teacher' : 'original')),
			});
			return typeof answer === 'string' ? void (state.answersFrom = answer) : answer;
		},
	};
}

function settingsStep(): Step<Choices> {
	return {
		ask: async (state, place) => {
			const answer = await pick<'defaults' | 'paper' | 'own'>(place, {
				placeholder: vscode.l10n.t('With which numbers?'),
				items: [
					{ label: vscode.l10n.t('The defaults'), detail: vscode.l10n.t('{0} pairs at most, {1} draws a skill, seed {2}; departures from the paper are listed on the card', number(buildDefaults.pairs), buildDefaults.perSkill, buildDefaults.seed), value: 'defaults' },
					{ label: vscode.l10n.t('As the paper'), detail: vscode.l10n.t('Its text and README wherever they say; the real yield, whatever it is'), value: 'paper' },
					{ label: vscode.l10n.t('My own…'), detail: vscode.l10n.t('Pairs, draws and seed'), value: 'own' },
				],
				active: (value) => value === state.settings,
			});
			return typeof answer === 'string' ? void (state.settings = answer) : answer;
		},
	};
}

function pairsStep(): Step<Choices> {
	return {
		applies: ({ settings }) => settings === 'own',
		ask: async (state, place) => {
			const answer = await askNumber(place, vscode.l10n.t('Question–answer pairs, at most'), state.pairs ?? buildDefaults.pairs, { min: 1, max: 10_000_000, whole: true });
			return typeof answer === 'number' ? void (state.pairs = answer) : answer;
		},
	};
}

function perSkillStep(): Step<Choices> {
	return {
		applies: ({ settings, method }) => settings === 'own' && method === 'sel',
		ask: async (state, place) => {
			const answer = await askNumber(place, vscode.l10n.t('Training questions drawn for each difficult question and skill'), state.perSkill ?? buildDefaults.perSkill, { min: 1, max: 1000, whole: true });
			return typeof answer === 'number' ? void (state.perSkill = answer) : answer;
		},
	};
}

function seedStep(): Step<Choices> {
	return {
		applies: ({ settings }) => settings === 'own',
		ask: async (state, place) => {
			const answer = await askNumber(place, vscode.l10n.t('Seed: the same inputs and seed give the same bytes'), state.seed ?? buildDefaults.seed, { min: 0, max: 2 ** 31, whole: true });
			return typeof answer === 'number' ? void (state.seed = answer) : answer;
		},
	};
}

function nameStep(parts: Parts): Step<Choices> {
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
				check: (name) => (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/.test(name) ? undefined : vscode.l10n.t('Letters, digits, “.”, “_” and “-”, at most 80, no leading dot')),
			});
			return typeof answer === 'string' ? void (state.name = answer) : answer;
		},
	};
}

function replaceStep(parts: Parts): Step<Choices> {
	return {
		ask: async (state, place) => {
			const there = (await parts.datasets.list()).find(({ name }) => name === state.name);
			if (!there) {
				state.replace = false;
				return undefined;
			}
			const answer = await pick<boolean>(place, { placeholder: vscode.l10n.t('There is a dataset {0} with {1} pairs', there.name, number(there.pairs)), items: [{ label: vscode.l10n.t('Replace it'), value: true }] });
			return typeof answer === 'boolean' ? void (state.replace = answer) : answer;
		},
	};
}
