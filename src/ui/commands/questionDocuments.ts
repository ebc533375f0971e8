import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import { contextKeys } from '../ids.ts';
import { showDocument } from '../documents/activeDocument.ts';
import { statUri } from '../documents/statUri.ts';
import type { Command, Studio } from '../session/studio.ts';
import { needSession } from '../session/studio.ts';
import { needQuestion } from './arguments.ts';

/** Opens the question as a read-only document. */
export const openQuestion: Command = async (studio, ...args) => {
	const session = await needSession(studio);
	const question = await needQuestion(studio, session, vscode.l10n.t('Open Question'), args);
	if (question) {
		await showDocument(statUri({ kind: 'question', id: question.id }, await titleOf(studio, question.id)));
	}
};

/** Opens all answers to a question by the student in view, with steps and diagnosis, as a read-only document. */
export const openAnswers: Command = async (studio, ...args) => {
	const session = await needSession(studio);
	const question = await needQuestion(studio, session, vscode.l10n.t('Open Answers'), args);
	const scope = await session.scope();
	if (!question) {
		return;
	}
	if (!scope) {
		throw new StatError('editor.noAnswers', {});
	}
	await showDocument(statUri({ kind: 'answers', id: question.id, ...scope }, await titleOf(studio, question.id)));
};

/**
 * Opens the diagnosis panel on a question: the clicked one, the one in view, the selected one, or else the first one in
 * the Questions view.
 */
export const openDiagnosis: Command = async (studio, ...args) => {
	const session = await needSession(studio);
	const question = await needQuestion(studio, session, vscode.l10n.t('Open Diagnosis'), args);
	if (question) {
		const { showDiagnosis } = await import('../panels/diagnosis/diagnosisPanel.ts');
		await showDiagnosis(studio, session, question.id, {
			filter: question.filter ?? (await studio.questions.list(session)).filter,
		});
		await vscode.commands.executeCommand('setContext', contextKeys.walkthroughDiagnosis, true);
	}
};

export const nextFailed: Command = (studio) => walk(studio, 'next');
export const previousFailed: Command = (studio) => walk(studio, 'previous');

/** Moves within the panel's list; if no panel is open, opens the first (or last) question of the Questions view. */
async function walk(studio: Studio, to: 'next' | 'previous'): Promise<void> {
	const session = await needSession(studio);
	const { openDiagnosis: openPanel, showDiagnosis } = await import('../panels/diagnosis/diagnosisPanel.ts');
	const panel = openPanel();
	if (panel) {
		await panel.go(to);
		return;
	}
	const list = await studio.questions.list(session);
	const { store } = await session.parts();
	const { total } = await store.read('questions', { scope: list.scope, filter: list.filter, offset: 0, limit: 0 });
	const { rows } = await store.read('questions', {
		scope: list.scope,
		filter: list.filter,
		offset: to === 'next' ? 0 : Math.max(0, total - 1),
		limit: 1,
	});
	if (!rows[0]) {
		throw new StatError('editor.nothingToDo', {
			problem: vscode.l10n.t(
				'The Questions view is empty: classify the answers first, or show other questions there',
			),
		});
	}
	await showDiagnosis(studio, session, rows[0].id, { filter: list.filter });
}

export const showProfile: Command = async (studio) => {
	const { showProfile: showPanel } = await import('../panels/profile/profilePanel.ts');
	await showPanel(studio, await needSession(studio));
	await vscode.commands.executeCommand('setContext', contextKeys.walkthroughProfile, true);
};

async function titleOf(studio: Studio, id: string): Promise<string> {
	const { store } = await (await needSession(studio)).parts();
	return (await store.read('question', { id }))?.text ?? id;
}
