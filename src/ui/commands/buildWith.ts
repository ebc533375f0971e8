import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import type { BuildOptions } from '../../workflow/datasets/buildOptions.ts';
import { viewIds } from '../ids.ts';
import { buildWith as shape } from '../panels/profile/profileMessages.ts';
import { ask, onlyStep } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust, withTeacher } from '../session/studio.ts';
import { runBudget } from '../kit/settings.ts';
import { runBuild } from './build.ts';

/**
 * Builds STAT-Sel with the dials of the profile panel: first classifies by their rule if it differs from the current
 * one, then asks for a name and shows the cost.
 */
export const buildWith: Command = async (studio, argument) => {
	needTrust();
	const { success, data: settings } = shape.safeParse(argument);
	if (!success) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t('Open the Missing-Skill-Profile and its dials (What if…) first'),
		});
	}
	const session = await needSession(studio);
	const scope = await session.scope();
	const parts = await session.parts();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	const title = vscode.l10n.t('Build Training Set');
	const taken = new Set((await parts.datasets.list()).map(({ name }) => name));
	let at = 1;
	while (taken.has(`sel-r${at}`)) {
		at++;
	}
	const name = await ask(onlyStep(title), {
		prompt: vscode.l10n.t('Name of the dataset'),
		value: `sel-r${at}`,
		check: (text) => {
			if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}$/.test(text)) {
				return vscode.l10n.t('Letters, digits, “.”, “_” and “-”, at most 80, no leading dot');
			}
			return taken.has(text) ? vscode.l10n.t('There is a dataset {0} already', text) : undefined;
		},
	});
	if (typeof name !== 'string') {
		return;
	}
	const { rule, skills, budget, ...numbers } = settings;
	if (rule !== null) {
		const { classify } = await import('../../workflow/difficulty/classify.ts');
		await studio.runs.start('classify', vscode.l10n.t('Classify Questions'), viewIds.questions, (job) =>
			classify(parts, { ...scope, ...rule }, job),
		);
	}
	const options: BuildOptions = {
		...numbers,
		method: 'sel',
		name,
		scope,
		skills: skills ?? undefined,
		budget: runBudget(budget),
	};
	if (options.answersFrom === 'teacher') {
		await withTeacher(studio, session, (withOne) => runBuild(studio, withOne, options, title));
	} else {
		await runBuild(studio, parts, options, title);
	}
};
