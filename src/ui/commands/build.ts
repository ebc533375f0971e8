import * as vscode from 'vscode';
import { buildMethods } from '../../core/datasets/dataset.ts';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { BuildOptions, BuildResult } from '../../workflow/datasets/buildOptions.ts';
import { commandIds, mementoKeys, viewIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { runBudget } from '../kit/settings.ts';
import { runWizard } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust, withTeacher } from '../session/studio.ts';
import { isRecord } from './arguments.ts';
import type { Choices } from './buildSteps.ts';
import { buildOptionsOf, buildSteps, writesNew } from './buildSteps.ts';
import { needConsent, planRun, formatSpent } from './paidRun.ts';
import { tellFailed } from './teacherRuns.ts';

/**
 * Builds a training set for the ticked skills: asks for the method, the answers, the numbers and a name, and shows the
 * cost before the first call.
 */
export const build: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const parts = await session.parts();
	const title = vscode.l10n.t('Build Training Set');
	const last = studio.context.workspaceState.get<Choices>(mementoKeys.buildChoices, {});
	const requested = isRecord(argument) ? buildMethods.find((known) => known === argument['method']) : undefined;
	const state: Choices = requested
		? { ...(argument as Choices), method: requested }
		: { ...last, name: undefined, replace: undefined };
	const hasTeacher = studio.teachers.chosenOrNone(session.root) !== null;
	const chosen = await chosenSkills(session);
	if (!requested && !(await runWizard(title, state, buildSteps(parts, hasTeacher, chosen, last.method)))) {
		return;
	}
	await studio.context.workspaceState.update(mementoKeys.buildChoices, {
		...last,
		...state,
		name: undefined,
		replace: undefined,
	});
	const { method } = state;
	const isTargeted = method !== 'train' && method !== 'augment' && method !== 'hard';
	const options: BuildOptions = {
		...buildOptionsOf(state),
		scope: isTargeted ? ((await session.scope()) ?? undefined) : undefined,
		skills: method === 'sel' || method === 'syn' ? chosen : undefined,
		budget: runBudget(),
	};
	const embedder =
		method === 'embed-sel' || method === 'embed-syn' ? await studio.teachers.makeEmbedder(session) : null;
	const run = (withOne: Parts): Promise<void> =>
		runBuild(studio, embedder ? { ...withOne, embedder } : withOne, options, title);
	try {
		await (options.answersFrom === 'teacher' || writesNew(method) ? withTeacher(studio, session, run) : run(parts));
	} finally {
		await embedder?.dispose();
	}
};

/** Shows the cost before the first call, builds, and shows the result. */
export async function runBuild(studio: Studio, parts: Parts, options: BuildOptions, title: string): Promise<void> {
	const { build: start, planBuild } = await import('../../workflow/datasets/build.ts');
	const teacher = parts.teacher ?? parts.embedder;
	if (teacher) {
		const plan = await planBuild(parts, options, planRun(studio.log));
		await needConsent(vscode.l10n.t('Build {0}: {1} pairs?', options.name, formatCount(plan.rows)), plan, teacher);
	}
	const result = await studio.runs.start('build', title, viewIds.datasets, (job) => start(parts, options, job));
	const what = [{ name: result.name }];
	const open = writesNew(options.method)
		? { command: commandIds.curate, title: vscode.l10n.t('Curate New Questions'), arguments: what }
		: { command: commandIds.openCard, title: vscode.l10n.t('Open Dataset Card'), arguments: what };
	studio.runs.show({ text: formatResult(result), open });
	studio.datasets.refresh();
	tellFailed(result.failed, `build ${result.name}`);
}

function formatResult(result: BuildResult): string {
	return `${vscode.l10n.t('{0}: {1} pairs, {2} questions', result.name, formatCount(result.pairs), formatCount(result.questions))}${formatSpent(result.calls, result.cost)}`;
}

/** Returns the ticked skills, or undefined if all of them are ticked. */
async function chosenSkills(session: ProjectSession): Promise<SkillRef[] | undefined> {
	const rows = await (await session.parts()).store.read('skills', { scope: await session.scope() });
	const chosen = rows.filter((row) => session.isChosen(row)).map(({ subject, name }) => ({ subject, name }));
	return chosen.length === rows.length ? undefined : chosen;
}
