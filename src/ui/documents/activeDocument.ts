import * as vscode from 'vscode';
import { documentScheme } from '../ids.ts';

/** Returns the `stat:` document in the active editor. */
export function activeStatUri(): vscode.Uri | undefined {
	const uri = vscode.window.activeTextEditor?.document.uri;
	return uri?.scheme === documentScheme ? uri : undefined;
}

/** Opens a read-only document in an editor tab. */
export async function showDocument(uri: vscode.Uri, options: vscode.TextDocumentShowOptions = {}): Promise<void> {
	await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true, ...options });
}
