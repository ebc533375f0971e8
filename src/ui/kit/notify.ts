import * as vscode from 'vscode';
import { explained } from '../../core/errors/fileError.ts';
import { messageOf, StatError } from '../../core/errors/statError.ts';
import { describeError } from './describeError.ts';
import { commandIds } from '../ids.ts';
import { forMessage } from './untrustedText.ts';

/**
 * Shows an error to the user: one message, with a button for the log and one for the command that helps, if there is
 * one. No other function shows errors. A cancellation by the user is not an error.
 */
export async function notifyError(log: vscode.LogOutputChannel, doing: string, thrown: unknown): Promise<void> {
	const error = explained(thrown);
	if (error instanceof StatError && error.kind === 'cancelled') {
		log.info(`${doing}: ${error.message}`);
		return;
	}
	const message = messageOf(error);
	// A StatError's message is meant for the user; any other error is a bug, and its stack goes to the log.
	const isBug = error instanceof Error && !(error instanceof StatError);
	log.error(`${doing}: ${isBug ? (error.stack ?? message) : message}`);
	const showLog = vscode.l10n.t('Show Log');
	const known = error instanceof StatError ? describeError(error) : null;
	const action = known?.action ?? null;
	const text = known ? known.text : vscode.l10n.t('{0} failed: {1}', doing, message);
	const buttons = action ? [action.title] : [];
	const answer = known?.isInformation
		? await vscode.window.showInformationMessage(forMessage(text), ...buttons)
		: await vscode.window.showErrorMessage(forMessage(text), ...buttons, showLog);
	if (answer === showLog) {
		await vscode.commands.executeCommand(commandIds.showLog);
	} else if (action && answer === action.title) {
		await vscode.commands.executeCommand(action.command);
	}
}
