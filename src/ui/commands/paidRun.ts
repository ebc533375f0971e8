import * as vscode from 'vscode';
import { formatCount, formatMoney } from '../../core/text/formatNumber.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { Teacher } from '../../core/ports/teacher.ts';
import type { Plan } from '../../workflow/asking/plan.ts';
import { settingIds } from '../ids.ts';
import type { TeacherSettings } from '../kit/settings.ts';
import { teacherSettings } from '../kit/settings.ts';
import { forMessage } from '../kit/untrustedText.ts';

/**
 * Returns a run for planning. A plan is made from what is on disk, so there is nothing to report, and it is too quick
 * to cancel.
 */
export function planRun(log: vscode.LogOutputChannel): Run {
	return {
		signal: new AbortController().signal,
		progress: () => undefined,
		log: (level, message) => log[level](message),
		now: () => new Date().toISOString(),
	};
}

/**
 * Shows the calls and cost of a step before the first call; rejects as cancelled if the user declines. Free steps
 * (scripted replies, stored replies) need no consent.
 */
export async function needConsent(
	what: string,
	plan: Plan,
	teacher: Pick<Teacher, 'model' | 'endpoint' | 'tier'>,
): Promise<void> {
	if (plan.calls === 0 || teacher.endpoint.startsWith('scripted:')) {
		return;
	}
	const go = plan.calls === 1 ? vscode.l10n.t('Ask Once') : vscode.l10n.t('Ask {0} Times', formatCount(plan.calls));
	const answer = await vscode.window.showInformationMessage(
		forMessage(what),
		{ modal: true, detail: formatPlan(plan, teacher, teacherSettings()).join('\n') },
		go,
	);
	if (answer !== go) {
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('{0}: not started', what) });
	}
}

/** Formats a plan as lines of text. */
function formatPlan(plan: Plan, teacher: Pick<Teacher, 'model' | 'endpoint' | 'tier'>, limits: Limits): string[] {
	return [
		vscode.l10n.t('Teacher: {0} at {1}', teacher.model, teacher.endpoint),
		plan.cached > 0
			? vscode.l10n.t(
					'Calls: {0} ({1} more are already answered and free)',
					formatCount(plan.calls),
					formatCount(plan.cached),
				)
			: vscode.l10n.t('Calls: {0}', formatCount(plan.calls)),
		plan.cost === null
			? vscode.l10n.t(
					'Cost: unknown, no price is known for this model; about {0} tokens in and {1} out',
					formatCount(plan.tokens.input),
					formatCount(plan.tokens.output),
				)
			: vscode.l10n.t(
					'Cost: about {0}, give or take 30 % ({1} tokens in, {2} out)',
					formatMoney(plan.cost),
					formatCount(plan.tokens.input),
					formatCount(plan.tokens.output),
				),
		...formatTier(teacher.tier),
		formatCap(limits, plan.cost),
		...plan.notes,
	];
}

/** Says how the calls are sent, if not as usual. */
function formatTier(tier: Teacher['tier'] = 'default'): string[] {
	switch (tier) {
		case 'default':
			return [];
		case 'batch':
			return [
				vscode.l10n.t(
					'Sent in batches ({0}), answered within a day, at their price. It may be cancelled: the same step continues.',
					settingIds.teacherTier,
				),
			];
		case 'flex':
		case 'priority':
			return [vscode.l10n.t('Sent with service_tier “{0}” ({1}), at its price.', tier, settingIds.teacherTier)];
	}
}

type Limits = Pick<TeacherSettings, 'budget' | 'budgetCalls'>;

/** Without a price, the budget in dollars is a number of calls, unless there is one in calls. */
function formatCap({ budget, budgetCalls }: Limits, cost: number | null): string {
	const caps: string[] = [];
	if (budget !== undefined && cost !== null) {
		caps.push(vscode.l10n.t('It stops at {0} ({1}).', formatMoney(budget), settingIds.teacherBudget));
	}
	const calls = budgetCalls ?? (cost === null ? budget : undefined);
	if (calls !== undefined) {
		const id = budgetCalls === undefined ? settingIds.teacherBudget : settingIds.teacherBudgetCalls;
		caps.push(vscode.l10n.t('It stops at {0} calls ({1}).', formatCount(Math.floor(calls)), id));
	}
	return caps.length > 0 ? caps.join(' ') : vscode.l10n.t('No budget is set ({0}).', settingIds.teacherBudget);
}

/** Returns `, $0.41`, or an empty string if nothing was paid. */
export function formatSpent(calls: number, cost: number | null): string {
	if (calls === 0) {
		return '';
	}
	if (cost === null) {
		return ` · ${vscode.l10n.t('{0} calls', formatCount(calls))}`;
	}
	return cost > 0 ? ` · ${formatMoney(cost)}` : '';
}
