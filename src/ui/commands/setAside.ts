import * as vscode from 'vscode';
import { commandIds } from '../ids.ts';

/** Shows a warning without waiting for it: a message may stay open for minutes, and the run has already ended. */
export function tellSetAside(message: string, operation: string | undefined): void {
	const show = vscode.l10n.t('Show Set Aside');
	void vscode.window
		.showWarningMessage(message, show)
		.then((answer) =>
			answer === show
				? vscode.commands.executeCommand(
						commandIds.openSetAside,
						operation === undefined ? undefined : { operation },
					)
				: undefined,
		);
}
