import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';

/** Copies the bundled sample project to a folder of the user's choice and opens it. */
export const openSample: Command = async ({ context }) => {
	const home = vscode.Uri.joinPath(vscode.Uri.file(homedir()), 'stat-studio-sample');
	const elsewhere = 'elsewhere';
	const choice = await pick<vscode.Uri | typeof elsewhere>(onlyStep(vscode.l10n.t('Open Sample Project')), {
		placeholder: vscode.l10n.t('Where should the copy of the sample project go? It needs no key and no GPU.'),
		items: [
			{ label: vscode.l10n.t('In your home folder'), description: home.fsPath, value: home },
			{ label: vscode.l10n.t('In another folder…'), value: elsewhere },
		],
	});
	let target: vscode.Uri | undefined;
	if (choice === elsewhere) {
		const parent = (
			await vscode.window.showOpenDialog({
				canSelectFiles: false,
				canSelectFolders: true,
				openLabel: vscode.l10n.t('Put the Sample Here'),
			})
		)?.[0];
		target = parent && vscode.Uri.joinPath(parent, 'stat-studio-sample');
	} else if (choice instanceof vscode.Uri) {
		target = choice;
	}
	if (!target) {
		return;
	}
	await copySample(context.extensionUri, target);
	await vscode.commands.executeCommand('vscode.openFolder', target, {
		forceNewWindow: (vscode.workspace.workspaceFolders ?? []).length > 0,
	});
};

/** An existing copy is opened with whatever changes it has. Exported for tests. */
export async function copySample(extension: vscode.Uri, target: vscode.Uri): Promise<void> {
	const source = vscode.Uri.joinPath(extension, 'examples', 'sample');
	let there: [string, vscode.FileType][] = [];
	try {
		there = await vscode.workspace.fs.readDirectory(target);
	} catch {
		// The folder does not exist yet; the copy creates it.
	}
	if (there.length > 0) {
		if (!there.some(([name]) => name === 'sample.json')) {
			throw new StatError('editor.usage', {
				problem: vscode.l10n.t(
					'{0} is not empty and does not contain the sample: choose another folder',
					target.fsPath,
				),
			});
		}
		return;
	}
	await vscode.workspace.fs.copy(source, target, { overwrite: true });
}
