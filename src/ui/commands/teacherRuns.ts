import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { DiagnoseOptions, DiagnoseResult } from '../../workflow/diagnosis/diagnose.ts';
import type { Plan } from '../../workflow/asking/plan.ts';
import { commandIds, viewIds } from '../ids.ts';
import { runBudget } from '../kit/settings.ts';
import { askNumber, onlyStep, pick } from '../kit/wizard.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession, needTrust, withTeacher } from '../session/studio.ts';
import { isRecord, needQuestion } from './arguments.ts';
import { needConsent, planRun, formatSpent } from './paidRun.ts';
import { tellSetAside } from './setAside.ts';

/** Has the teacher label every question that it has not labelled yet, with skills from the list (C.3.1). */
export const label: Command = async (studio) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Label Questions with Skills');
	await withTeacher(studio, session, async (parts) => {
		const { label: run, planLabel } = await import('../../workflow/skills/label.ts');
		const options = { budget: runBudget() };
		const plan = await planLabel(parts, options, planRun(studio.log));
		if (plan.rows === 0) {
			throw new StatError('editor.nothingToDo', {
				problem: vscode.l10n.t('The teacher has labelled every question already'),
			});
		}
		await needConsent(vscode.l10n.t('Label {0} questions?', formatCount(plan.rows)), plan, parts.teacher);
		const result = await studio.runs.start('label', title, viewIds.skills, (job) => run(parts, options, job));
		studio.runs.show({
			text: `${vscode.l10n.t('{0} questions labelled', formatCount(result.questions))}${formatSpent(result.calls, result.cost)}`,
			open: { command: `${viewIds.skills}.focus`, title: vscode.l10n.t('Show Skills') },
		});
		tellFailed(result.failed, 'label');
	});
};

/** Has the teacher name the missing skills of difficult questions that have no diagnosis (sec. 2.2). */
export const diagnose: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const scope = await session.scope();
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	const limit = isRecord(argument) && typeof argument['limit'] === 'number' ? argument['limit'] : undefined;
	await runDiagnosis(studio, { ...scope, limit, budget: runBudget() }, limit === undefined);
};

/** Diagnoses one question, even if it already has a diagnosis; this is the panel's "ask again". */
export const diagnoseQuestion: Command = async (studio, ...args) => {
	needTrust();
	const session = await needSession(studio);
	const scope = await session.scope();
	const question = await needQuestion(studio, session, vscode.l10n.t('Diagnose Question'), args);
	if (!scope || !question) {
		return;
	}
	const { diagnosis } = await (await session.parts()).store.read('diagnosis', { ...scope, questionId: question.id });
	await runDiagnosis(
		studio,
		{ ...scope, questions: [question.id], again: diagnosis !== null, budget: runBudget() },
		false,
	);
};

async function runDiagnosis(studio: Studio, options: DiagnoseOptions, askHowMany: boolean): Promise<void> {
	const session = await needSession(studio);
	await withTeacher(studio, session, async (parts) => {
		const { diagnose: run, planDiagnose } = await import('../../workflow/diagnosis/diagnose.ts');
		let chosen = options;
		let plan: Plan = await planDiagnose(parts, chosen, planRun(studio.log));
		if (plan.rows === 0) {
			throw new StatError('editor.nothingToDo', {
				problem: options.questions
					? vscode.l10n.t(
							'Only difficult validation questions are diagnosed, and this is not one by the current rule',
						)
					: vscode.l10n.t('No difficult question waits for a diagnosis'),
			});
		}
		if (askHowMany && plan.calls > 20 && !parts.teacher.endpoint.startsWith('scripted:')) {
			const limit = await howMany(plan.rows);
			if (limit === undefined) {
				return;
			}
			if (limit < plan.rows) {
				chosen = { ...options, limit };
				plan = await planDiagnose(parts, chosen, planRun(studio.log));
			}
		}
		await needConsent(vscode.l10n.t('Diagnose {0} questions?', formatCount(plan.rows)), plan, parts.teacher);
		const result = await studio.runs
			.start('diagnose', vscode.l10n.t('Diagnose'), viewIds.questions, (job) => run(parts, chosen, job))
			.finally(() => {
				// The rows stayed in place during the run; now the most missed skills and questions move to the top.
				for (const tree of [studio.skills, studio.questions]) {
					tree.resort();
					tree.refresh();
				}
			});
		studio.runs.show({
			text: formatResult(result),
			open: { command: commandIds.showProfile, title: vscode.l10n.t('Show Missing-Skill-Profile') },
		});
		tellFailed(result.failed, 'diagnose');
	});
}

/** Asks how many questions to diagnose, so that the user can look at some results before paying for all of them. */
async function howMany(all: number): Promise<number | undefined> {
	const title = vscode.l10n.t('Diagnose');
	const other = -1;
	const few = [20, 100, 500].filter((count) => count < all);
	const chosen = await pick(onlyStep(title), {
		placeholder: vscode.l10n.t('How many of the {0} that wait? Later runs continue from there.', formatCount(all)),
		items: [
			{ label: vscode.l10n.t('All {0}', formatCount(all)), value: all },
			...few.map((count) => ({ label: vscode.l10n.t('The first {0}', count), value: count })),
			{ label: vscode.l10n.t('Another number…'), value: other },
		],
	});
	if (chosen !== other) {
		return typeof chosen === 'number' ? chosen : undefined;
	}
	const answer = await askNumber(onlyStep(title), vscode.l10n.t('How many?'), Math.min(50, all), {
		min: 1,
		max: all,
		whole: true,
	});
	return typeof answer === 'number' ? answer : undefined;
}

function formatResult(result: DiagnoseResult): string {
	return (
		[
			vscode.l10n.t('{0} diagnosed', formatCount(result.diagnosed)),
			result.disputed > 0 ? vscode.l10n.t('{0} disputed', formatCount(result.disputed)) : '',
			result.remaining > 0 ? vscode.l10n.t('{0} wait', formatCount(result.remaining)) : '',
		]
			.filter(Boolean)
			.join(' · ') + formatSpent(result.calls, result.cost)
	);
}

/** Reports unusable replies, with the list of them one click away. */
export function tellFailed(failed: number, operation: string): void {
	if (failed > 0) {
		tellSetAside(
			failed === 1
				? vscode.l10n.t('One reply of the teacher could not be used and was set aside, with its text.')
				: vscode.l10n.t(
						'{0} replies of the teacher could not be used and were set aside, with their text.',
						formatCount(failed),
					),
			operation,
		);
	}
}
