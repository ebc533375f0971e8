import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { CatalogOptions } from '../../workflow/skills/catalog.ts';
import { viewIds } from '../ids.ts';
import { runBudget } from '../kit/settings.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust, withTeacher } from '../session/studio.ts';
import { isRecord } from './arguments.ts';
import { needConsent, formatSpent } from './paidRun.ts';
import { tellFailed } from './teacherRuns.ts';

/**
 * Makes skill lists from the questions alone (stage 0): the teacher names, groups and labels. If skills already exist,
 * asks what should happen to them.
 */
export const catalog: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const { store } = await session.parts();
	const title = vscode.l10n.t('Make Skill Lists');
	const requested =
		isRecord(argument) && (argument['mode'] === 'add' || argument['mode'] === 'replace')
			? argument['mode']
			: undefined;
	const standing = (await store.read('skillList', { subject: null })).length;
	const begun = await store.read('setting', { key: 'catalog' });
	const goesOn = isRecord(begun) && begun['done'] === false;
	const mode = requested ?? (standing === 0 || goesOn ? undefined : await askMode(title, standing));
	if (mode === null) {
		return;
	}
	await withTeacher(studio, session, async (parts) => {
		const { catalog: run, planCatalog } = await import('../../workflow/skills/catalog.ts');
		const options: CatalogOptions = { mode, budget: runBudget() };
		const plan = await planCatalog(parts, options);
		await needConsent(
			vscode.l10n.t('Make skill lists from {0} questions?', formatCount(plan.rows)),
			plan,
			parts.teacher,
		);
		const result = await studio.runs
			.start('catalog', title, viewIds.skills, (job) => run(parts, options, job))
			.finally(() => {
				studio.skills.resort();
				studio.skills.refresh();
			});
		const text = result.unfinished
			? vscode.l10n.t('The budget was used up before the skill lists were made: run it again to continue')
			: vscode.l10n.t(
					'{0} skills in {1} subjects · {2} questions labelled',
					formatCount(result.skills),
					formatCount(result.subjects),
					formatCount(result.questions),
				);
		studio.runs.show({
			text: `${text}${formatSpent(result.calls, result.cost)}`,
			open: { command: `${viewIds.skills}.focus`, title: vscode.l10n.t('Show Skills') },
		});
		tellFailed(result.failed, 'catalog labels');
	});
};

async function askMode(title: string, standing: number): Promise<'add' | 'replace' | null> {
	const chosen = await pick(onlyStep(title), {
		placeholder: vscode.l10n.t('There are {0} skills already', formatCount(standing)),
		items: [
			{
				label: vscode.l10n.t('Add'),
				description: vscode.l10n.t('Find skills for the questions without any, and add them to the list'),
				value: 'add' as const,
			},
			{
				label: vscode.l10n.t('Replace'),
				description: vscode.l10n.t('Make new lists; the old skills are retired and can be restored'),
				value: 'replace' as const,
			},
		],
	});
	return chosen === 'add' || chosen === 'replace' ? chosen : null;
}
