import * as vscode from 'vscode';
import { StatError } from '../../core/errors/statError.ts';
import { showDocument } from '../documents/activeDocument.ts';
import { statUri } from '../documents/statUri.ts';
import { ask, onlyStep } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession } from '../session/studio.ts';
import { datasetOfFile, isRecord, needDataset } from './arguments.ts';

/** VS Code does not hand larger documents to extensions. It reports that, but not what to do instead. */
const largestDocument = 50 * 1024 * 1024;

export const openCard: Command = async (studio, argument) => {
	const name = await needDataset(await needSession(studio), vscode.l10n.t('Open Dataset Card'), argument);
	if (name !== undefined) {
		await showDocument(statUri({ kind: 'card', name }, name));
	}
};

/** Opens the data file itself as text. */
export const openData: Command = async (studio, argument) => {
	const session = await needSession(studio);
	const name = await needDataset(session, vscode.l10n.t('Open Dataset Rows'), argument);
	if (name === undefined) {
		return;
	}
	const { datasets } = await session.parts();
	const file = vscode.Uri.joinPath(vscode.Uri.file(datasets.path(name)), 'data.jsonl');
	if ((await vscode.workspace.fs.stat(file)).size > largestDocument) {
		throw new StatError('editor.usage', {
			problem: vscode.l10n.t(
				'{0} is over 50 MB, more than VS Code shows with its features on: use ' +
					'“STAT: Explain Dataset Row…” for single rows, or export it',
				`${name}/data.jsonl`,
			),
		});
	}
	await showDocument(file);
};

/** Shows the chain behind a row: row → skill → difficult question → student's answer → diagnosis. */
export const why: Command = async (studio, argument) => {
	const session = await needSession(studio);
	const title = vscode.l10n.t('Explain Dataset Row');
	const editor = vscode.window.activeTextEditor;
	// From an editor's menu or the palette, the command applies to the row under the cursor of a data file.
	const uriInEditor = argument === undefined ? editor?.document.uri : undefined;
	const uri = argument instanceof vscode.Uri ? argument : uriInEditor;
	const inFile = uri && datasetOfFile(uri);
	const name = inFile?.name ?? (await needDataset(session, title, argument));
	if (name === undefined) {
		return;
	}
	const { datasets } = await session.parts();
	const { pairs } = await datasets.card(name);
	let row = isRecord(argument) && typeof argument['row'] === 'number' ? argument['row'] : undefined;
	if (row === undefined && inFile && editor && editor.document.uri.toString() === uri?.toString()) {
		row = editor.selection.active.line;
	}
	if (row === undefined) {
		const answer = await ask(onlyStep(title), {
			prompt: vscode.l10n.t('Which row of {0}? Rows count from 0 to {1}, in file order.', name, pairs - 1),
			value: '0',
			check: (text) =>
				/^\d+$/.test(text) && Number(text) < pairs
					? undefined
					: vscode.l10n.t('A whole number from 0 to {0}', pairs - 1),
		});
		if (typeof answer !== 'string') {
			return;
		}
		row = Number(answer);
	}
	await showDocument(statUri({ kind: 'why', name, row }, `${name} ${row}`), {
		viewColumn: inFile ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active,
	});
};

export const openSetAside: Command = async (studio, argument) => {
	await needSession(studio);
	const operation = isRecord(argument) && typeof argument['operation'] === 'string' ? argument['operation'] : null;
	await showDocument(statUri({ kind: 'setAside', operation }, operation ?? vscode.l10n.t('Set aside')));
};
