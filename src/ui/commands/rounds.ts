import * as vscode from 'vscode';
import { StatError } from '../../core/run.ts';
import type { Scope } from '../../core/workflows.ts';
import { commandIds, viewIds } from '../ids.ts';
import { noAnswersYet } from '../report.ts';
import { onlyStep, pick } from '../steps.ts';
import type { Command } from '../studio.ts';
import { needSession, needTrust } from '../studio.ts';
import { forLabel } from '../untrustedText.ts';
import { isRecord } from './arguments.ts';

/** The tree of rounds and the comparison of two. */
export const showRounds: Command = async (studio) => {
	const { showRounds: showPanel } = await import('../panel/roundsPanel.ts');
	showPanel(studio.context, await needSession(studio));
};

/** A round from a finished training job: the one clicked, else asked for. It is under the round its student was trained from. */
export const nextRound: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const parts = await session.hostParts();
	const { nextRound: next } = await import('../../workflow/rounds.ts');
	const job = isRecord(argument) && typeof argument['id'] === 'string' ? argument['id'] : await pickJob();
	if (job === undefined) {
		return;
	}
	const round = await studio.runs.start('fetch', vscode.l10n.t('Next round'), viewIds.jobs, (run) => next(parts, { job }, run));
	studio.runs.show({ text: vscode.l10n.t('Round {0} of {1}, from round {2}: have it answer with “sample” on the command line, or import its answers', round.round, forLabel(round.student), round.parent?.round ?? 1), open: { command: commandIds.showRounds, title: vscode.l10n.t('Show Rounds') } });

	async function pickJob(): Promise<string | undefined> {
		await studio.jobs.watch.look();
		const rows = studio.jobs.watch.rows.filter(({ state, recipe }) => state === 'done' && (recipe === 'sft' || recipe === 'grpo'));
		if (rows.length === 0) {
			throw new StatError(vscode.l10n.t('No training job is done yet: dispatch one first (STAT: Dispatch Training…)'), 'usage');
		}
		const chosen = await pick(onlyStep(vscode.l10n.t('Take Next Round')), { placeholder: vscode.l10n.t('From which job?'), items: rows.map(({ id, dataset, model, recipe, host }) => ({ label: forLabel(dataset ?? model), description: forLabel(`${recipe} · ${host}`), detail: id, value: id })) });
		return typeof chosen === 'string' ? chosen : undefined;
	}
};

/** The round in view (or in the panel) as a new Markdown document. */
export const report: Command = async (studio, argument) => {
	const session = await needSession(studio);
	const wanted = isScope(argument) ? argument : await session.scope();
	if (!wanted) {
		throw noAnswersYet();
	}
	const parts = await session.hostParts();
	const { report: write } = await import('../../workflow/report.ts');
	const { text } = await studio.runs.start('report', vscode.l10n.t('Report'), viewIds.jobs, (run) => write(parts, { round: { student: wanted.student, round: wanted.round } }, run));
	await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'markdown', content: text }), { preview: false });
};

function isScope(value: unknown): value is Scope {
	return isRecord(value) && typeof value['student'] === 'string' && Number.isInteger(value['round']);
}
