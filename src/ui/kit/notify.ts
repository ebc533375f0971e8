import * as vscode from 'vscode';
import { explained } from '../../core/errors/fileError.ts';
import { messageOf, StatError } from '../../core/errors/statError.ts';
import { describeError } from './describeError.ts';
import { commandIds } from '../ids.ts';
import { forMessage } from './untrustedText.ts';

/** An error that knows a command which leads on ("Set API Key…"). */
export class ErrorWithWayOn extends StatError<'unsorted.usage'> {
	constructor(
		message: string,
		readonly wayOn: { readonly title: string; readonly command: string },
	) {
		super('unsorted.usage', { problem: message });
	}
}

/** What every step says that needs a student's answers where there are none. */
export function noAnswersYet(): ErrorWithWayOn {
	return new ErrorWithWayOn(vscode.l10n.t('There are no student answers yet: import some first.'), {
		title: vscode.l10n.t('Import Answers…'),
		command: commandIds.importAnswers,
	});
}

/**
 * The one place where an error meets a person: one message, with the log at hand and a way on where there is one.
 * What they cancelled themselves is no error.
 */
export async function report(log: vscode.LogOutputChannel, doing: string, thrown: unknown): Promise<void> {
	const error = explained(thrown);
	if (error instanceof StatError && error.kind === 'cancelled') {
		log.info(`${doing}: ${error.message}`);
		return;
	}
	const message = messageOf(error);
	// A StatError is a sentence for people; anything else is a bug and its stack belongs in the log.
	log.error(
		`${doing}: ${error instanceof StatError || !(error instanceof Error) ? message : (error.stack ?? message)}`,
	);
	const showLog = vscode.l10n.t('Show Log');
	const known = error instanceof StatError ? describeError(error) : null;
	// A key that is wanted or refused is said in words that name the variable (teacher/wireErrors.ts): here there is a
	// command.
	const wayOn =
		(error instanceof StatError && 'wayOn' in error ? (error as ErrorWithWayOn).wayOn : known?.action) ??
		(error instanceof StatError && message.includes('OPENAI_API_KEY')
			? { title: vscode.l10n.t('Set API Key…'), command: commandIds.setKey }
			: undefined);
	const text = known ? known.text : vscode.l10n.t('{0} failed: {1}', doing, message);
	const buttons = wayOn ? [wayOn.title] : [];
	const answer = known?.isInformation
		? await vscode.window.showInformationMessage(forMessage(text), ...buttons)
		: await vscode.window.showErrorMessage(forMessage(text), ...buttons, showLog);
	if (answer === showLog) {
		await vscode.commands.executeCommand(commandIds.showLog);
	} else if (wayOn && answer === wayOn.title) {
		await vscode.commands.executeCommand(wayOn.command);
	}
}
