import * as vscode from 'vscode';
import { viewIds } from '../ids.ts';
import type { Command } from '../session/studio.ts';
import { needTrust } from '../session/studio.ts';

/** Creates `.stat/` in the workspace folder (asks which one if there are several) and shows the views. */
export const initialise: Command = async (studio) => {
	needTrust();
	const folders = vscode.workspace.workspaceFolders ?? [];
	const folder =
		folders.length > 1
			? await vscode.window.showWorkspaceFolderPick({
					placeHolder: vscode.l10n.t('In which folder should the project be created?'),
				})
			: folders[0];
	if (!folder) {
		if (folders.length === 0) {
			await vscode.commands.executeCommand('vscode.openFolder');
		}
		return;
	}
	await studio.initialise(folder.uri.fsPath);
	await studio.project.look();
	await vscode.commands.executeCommand(`${viewIds.skills}.focus`);
};
