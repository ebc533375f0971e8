import * as vscode from 'vscode';
import type { CurationDemand } from '../../core/curation/curation.ts';
import { curationDemands, demandKey, demandOf } from '../../core/curation/curation.ts';
import { formatCount } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import { itemOfUri, tabsOf } from '../documents/itemFiles.ts';
import { editScheme, viewIds } from '../ids.ts';
import type { ProjectSession } from '../session/projectSession.ts';
import { runBudget } from '../kit/settings.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust, withTeacher } from '../session/studio.ts';
import { forLabel } from '../kit/untrustedText.ts';
import { datasetOf, isRecord } from './arguments.ts';
import { needConsent, formatSpent } from './paidRun.ts';

/**
 * Returns a dataset with synthesized problems, and asks if nothing determines it. Returns undefined if the user
 * cancelled.
 */
async function needQueue(session: ProjectSession, title: string, argument: unknown): Promise<string | undefined> {
	const { store } = await session.parts();
	const counts = await store.read('itemCounts', {});
	const known = datasetOf(argument);
	if (known !== undefined && counts.some(({ dataset }) => dataset === known)) {
		return known;
	}
	const [only] = counts;
	if (!only || known !== undefined) {
		throw new StatError('editor.usage', {
			problem:
				known === undefined
					? vscode.l10n.t(
							'No dataset has synthesized problems to curate: build one with STAT-Syn (STAT: Build Training Set…)',
						)
					: vscode.l10n.t('{0} has no synthesized problems: only STAT-Syn makes them', known),
		});
	}
	if (counts.length === 1) {
		return only.dataset;
	}
	const chosen = await pick(onlyStep(title), {
		placeholder: vscode.l10n.t('Which dataset?'),
		items: counts.map(({ dataset, waiting }) => ({
			label: forLabel(dataset),
			description: vscode.l10n.t('{0} wait', formatCount(waiting)),
			value: dataset,
		})),
	});
	return typeof chosen === 'string' ? chosen : undefined;
}

/** Opens the curation panel on a dataset's queue. */
export const curate: Command = async (studio, argument) => {
	const session = await needSession(studio);
	const dataset = await needQueue(session, vscode.l10n.t('Curate'), argument);
	if (dataset !== undefined) {
		const { showCuration } = await import('../panels/curation/curationPanel.ts');
		showCuration(studio, session, dataset);
	}
};

const demandLabels: Record<CurationDemand, () => { label: string; detail: string }> = {
	none: () => ({
		label: vscode.l10n.t('Nothing'),
		detail: vscode.l10n.t('Problems without a decision are exported; rejected ones never are.'),
	}),
	flagged: () => ({
		label: vscode.l10n.t('Flagged ones'),
		detail: vscode.l10n.t('Flagged problems need a decision; the others are exported.'),
	}),
	sample: () => ({
		label: vscode.l10n.t('One in ten'),
		detail: vscode.l10n.t('A sample, chosen by the problems’ ids, needs a decision.'),
	}),
	all: () => ({ label: vscode.l10n.t('All'), detail: vscode.l10n.t('Only accepted problems are exported.') }),
};

/** Sets which problems must be decided before the dataset is exported or trained on. */
export const demandCuration: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Demand Curation');
	const dataset = await needQueue(session, title, argument);
	if (dataset === undefined) {
		return;
	}
	const parts = await session.parts();
	const now = demandOf(await parts.store.read('setting', { key: demandKey(dataset) }));
	const requested = isRecord(argument) ? curationDemands.find((demand) => demand === argument['demand']) : undefined;
	const demand =
		requested ??
		(await pick(onlyStep(title), {
			placeholder: vscode.l10n.t('Which problems need a decision before {0} is exported or trained on?', dataset),
			items: curationDemands.map((value) => ({ ...demandLabels[value](), value })),
			active: (value) => value === now,
		}));
	if (typeof demand !== 'string') {
		return;
	}
	const { demandCuration: set } = await import('../../workflow/curation/curationDemand.ts');
	const { curationOf } = await import('../../workflow/curation/curationOf.ts');
	await set(parts, dataset, demand);
	const { waiting, left } = await curationOf(parts, dataset);
	studio.runs.show({
		text: vscode.l10n.t(
			'{0}: {1} wait for curation, an export leaves out {2}',
			dataset,
			formatCount(waiting),
			formatCount(left),
		),
	});
};

/** Exports preferred and rejected answers, or every decision, as JSONL. */
export const exportCuration: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Export Curation');
	const dataset = await needQueue(session, title, argument);
	const what =
		dataset === undefined
			? undefined
			: await pick<'preferences' | 'history'>(onlyStep(title), {
					placeholder: vscode.l10n.t('What should be exported?'),
					items: [
						{
							label: vscode.l10n.t('Preference pairs'),
							detail: vscode.l10n.t(
								'prompt / chosen / rejected: corrected against original, agreeing against outvoted',
							),
							value: 'preferences',
						},
						{
							label: vscode.l10n.t('Decisions'),
							detail: vscode.l10n.t('every decision with author, time, before and after'),
							value: 'history',
						},
					],
				});
	if (dataset === undefined || typeof what !== 'string') {
		return;
	}
	const out =
		(isRecord(argument) && typeof argument['out'] === 'string' ? vscode.Uri.file(argument['out']) : undefined) ??
		(await vscode.window.showSaveDialog({
			defaultUri: vscode.Uri.joinPath(session.root, `${dataset}.${what}.jsonl`),
			filters: { JSONL: ['jsonl'] },
			saveLabel: vscode.l10n.t('Export'),
		}));
	if (!out) {
		return;
	}
	const parts = await session.parts();
	const { decisions, preferencePairs } = await import('../../workflow/curation/curationData.ts');
	const lines: string[] = [];
	await studio.runs.start('export', title, viewIds.datasets, async (run) => {
		if (what === 'history') {
			for await (const decision of decisions(parts, dataset, run)) {
				lines.push(JSON.stringify(decision));
			}
		} else {
			for await (const { question, chosen, rejected, from } of preferencePairs(parts, dataset, run)) {
				lines.push(JSON.stringify({ prompt: question, chosen, rejected, from }));
			}
		}
		await vscode.workspace.fs.writeFile(out, Buffer.from(lines.map((line) => `${line}\n`).join('')));
	});
	studio.runs.show({
		text: vscode.l10n.t(
			'{0} lines exported to {1}',
			formatCount(lines.length),
			vscode.workspace.asRelativePath(out),
		),
		open: { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [out] },
	});
};

/** Has the teacher write a replacement for a problem; the panel passes the hint. */
export const regenerateItem: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const { dataset, questionId, hint } = isRecord(argument) ? argument : {};
	if (typeof dataset !== 'string' || typeof questionId !== 'string' || typeof hint !== 'string') {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t('Open the problem with STAT: Curate Problems… and press G there'),
		});
	}
	await withTeacher(studio, session, async (parts) => {
		const { planRegenerate, regenerate } = await import('../../workflow/curation/regenerate.ts');
		const options = { dataset, questionId, hint, author: session.author(), budget: runBudget() };
		const plan = await planRegenerate(parts, options);
		await needConsent(vscode.l10n.t('Request another problem?'), plan, parts.teacher);
		const { remade, why, calls, cost } = await studio.runs.start(
			'regenerate',
			vscode.l10n.t('Regenerate'),
			viewIds.datasets,
			(run) => regenerate(parts, options, run),
		);
		const spent = formatSpent(calls, cost);
		if (!remade) {
			throw new StatError('editor.failed', {
				problem:
					vscode.l10n.t(
						'The old problem stays: {0}. Another hint sends a new request to the teacher',
						why ?? '',
					) + spent,
			});
		}
		studio.runs.show({
			text: `${vscode.l10n.t('A new problem replaces it and waits for a decision: {0} of {1} solutions agree', remade.agreement.agree, remade.agreement.of)}${spent}`,
		});
	});
};

/** Saves the problem that is being edited, closes its editor and returns to the curation panel. */
export const finishEdit: Command = async () => {
	const editor = vscode.window.activeTextEditor;
	if (!editor || editor.document.uri.scheme !== editScheme || !itemOfUri(editor.document.uri)) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t('This saves a problem that is being edited: press E in the curation panel first'),
		});
	}
	// If the text cannot be parsed, the editor stays open and VS Code shows the reason.
	if (editor.document.isDirty && !(await editor.document.save())) {
		return;
	}
	// The panel takes the focus first: closing the focused editor would move the focus twice, and a key pressed in
	// between would be lost.
	(await import('../panels/curation/curationPanel.ts')).openCuration()?.reveal();
	await vscode.window.tabGroups.close(tabsOf(editor.document.uri), true);
};
