import * as vscode from 'vscode';
import { defaultJurySample } from '../../core/diagnosis/teacherQuality.ts';
import { formatCount } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillLabel } from '../../core/skills/skill.ts';
import type { Disagreement } from '../../workflow/diagnosis/jury.ts';
import type { Scope } from '../../core/scope.ts';
import { showDocument } from '../documents/activeDocument.ts';
import { statUri } from '../documents/statUri.ts';
import { commandIds, viewIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { runBudget } from '../kit/settings.ts';
import type { WizardStep } from '../kit/wizard.ts';
import { ask, askNumber, onlyStep, pick, runWizard } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { forLabel, oneLine } from '../kit/untrustedText.ts';
import { isRecord } from './arguments.ts';
import { needConsent, formatSpent } from './paidRun.ts';
import { tellFailed } from './teacherRuns.ts';

/**
 * Has a second teacher read a sample of the diagnosed answers: another model at the teacher's address, or another file
 * of scripted replies.
 */
export const askJury: Command = async (studio, argument) => {
	needTrust();
	const title = vscode.l10n.t('Ask a Jury');
	const session = await needSession(studio);
	const scope = await needScope(session);
	const chosen = studio.teachers.chosen(session.root);
	const state: { model?: string; count?: number } = isRecord(argument)
		? {
				...(typeof argument['model'] === 'string' ? { model: argument['model'] } : {}),
				...(typeof argument['questions'] === 'number' ? { count: argument['questions'] } : {}),
			}
		: {};
	const known = { ...state };
	const prompt =
		chosen?.kind === 'scripted'
			? vscode.l10n.t('Another file of scripted replies, inside this folder')
			: vscode.l10n.t('Another model at the teacher’s address, not {0} itself', chosen?.model ?? '');
	const wizardSteps: WizardStep<typeof state>[] = [
		{
			applies: () => known.model === undefined,
			ask: async (choices, place) => {
				const answer = await ask(place, {
					prompt,
					value: choices.model,
					check: (value) => (value === '' ? vscode.l10n.t('A name') : undefined),
				});
				return typeof answer === 'string' ? void (choices.model = answer) : answer;
			},
		},
		{
			applies: () => known.count === undefined,
			ask: async (choices, place) => {
				const answer = await askNumber(
					place,
					vscode.l10n.t(
						'How many of the diagnosed answers should it read? They are sampled by subject and missing ' +
							'skill',
					),
					choices.count ?? defaultJurySample,
					{ min: 1, max: 100_000, whole: true },
				);
				return typeof answer === 'number' ? void (choices.count = answer) : answer;
			},
		},
	];
	if (!(await runWizard(title, state, wizardSteps))) {
		return;
	}
	const { model = '', count = defaultJurySample } = state;
	const juror = await studio.teachers.make(session, model);
	try {
		const parts = { ...(await session.parts()), teacher: juror };
		const { jury, planJury } = await import('../../workflow/diagnosis/jury.ts');
		const options = { ...scope, questions: count, budget: runBudget() };
		const plan = await planJury(parts, options);
		await needConsent(
			vscode.l10n.t('Ask {0} about {1} answers?', juror.model, formatCount(plan.rows)),
			plan,
			juror,
		);
		const result = await studio.runs.start('jury', title, viewIds.questions, (job) => jury(parts, options, job));
		studio.runs.show({
			text: `${vscode.l10n.t('{0} answers read by {1}', formatCount(result.asked), result.juror)}${formatSpent(result.calls, result.cost)}`,
			open: { command: commandIds.openQuality, title: vscode.l10n.t('Show Agreement') },
		});
		tellFailed(result.failed, 'jury');
	} finally {
		await juror.dispose();
	}
};

/**
 * Lists the questions on which the jury disagrees. The selected one opens in the diagnosis panel, where the user agrees
 * with, changes or disputes the diagnosis.
 */
export const settleDisagreements: Command = async (studio) => {
	const title = vscode.l10n.t('Settle Disagreements');
	const session = await needSession(studio);
	const open = await openDisagreements(session);
	const chosen = await pick(onlyStep(title), {
		placeholder: vscode.l10n.t(
			'{0} answers have two different diagnoses. Which one should open?',
			formatCount(open.length),
		),
		items: open.map(({ questionId, title: question, concord, teacher, jury }) => ({
			label: forLabel(oneLine(question, 100)),
			description: concord === 'apart' ? vscode.l10n.t('nothing in common') : vscode.l10n.t('some in common'),
			detail: forLabel(
				oneLine(
					[
						`${vscode.l10n.t('teacher')}: ${names(teacher)}`,
						...jury.map(({ juror, skills }) => `${juror}: ${names(skills)}`),
					].join(' · '),
					200,
				),
			),
			value: questionId,
		})),
	});
	if (typeof chosen === 'string') {
		await vscode.commands.executeCommand(commandIds.openDiagnosis, chosen);
	}
};

async function openDisagreements(session: ProjectSession): Promise<Disagreement[]> {
	const { disagreements } = await import('../../workflow/diagnosis/jury.ts');
	const open = (await disagreements(await session.parts(), await needScope(session))).filter(
		({ settled }) => !settled,
	);
	if (open.length === 0) {
		throw new StatError('editor.nothingToDo', {
			problem: vscode.l10n.t('Nothing to settle: there is no disagreement of a jury without a person’s decision'),
		});
	}
	return open;
}

export const openQuality: Command = async (studio) => {
	const scope = await needScope(await needSession(studio));
	await showDocument(
		statUri(
			{ kind: 'quality', ...scope },
			vscode.l10n.t('Teacher quality of {0}, round {1}', scope.student, scope.round),
		),
	);
};

async function needScope(session: ProjectSession): Promise<Scope> {
	const scope = await session.scope();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	return scope;
}

const names = (skills: readonly SkillRef[]): string =>
	skills.length === 0 ? vscode.l10n.t('correct') : skills.map(({ name }) => skillLabel(name)).join(', ');
