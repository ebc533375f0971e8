import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import type { ExportFormat } from '../../core/training/exportFormat.ts';
import { exportFormatFacts, exportFormats } from '../../core/training/exportFormat.ts';
import { mementoKeys, viewIds } from '../ids.ts';
import { onlyStep, pick } from '../kit/wizard.ts';
import type { Command } from '../session/studio.ts';
import { needSession, needTrust } from '../session/studio.ts';
import { isRecord, needDataset } from './arguments.ts';

/** Exports a dataset for another trainer. */
export const exportDataset: Command = async (studio, argument) => {
	needTrust();
	const session = await needSession(studio);
	const title = vscode.l10n.t('Export Dataset');
	const name = await needDataset(session, title, argument);
	if (name === undefined) {
		return;
	}
	const last = studio.context.workspaceState.get<ExportFormat>(mementoKeys.exportChoices);
	const format =
		(isRecord(argument) && exportFormats.find((known) => known === argument['format'])) ||
		(await pick(onlyStep(title), {
			placeholder: vscode.l10n.t('For which trainer?'),
			items: exportFormats.map((value) => {
				const { label, detail } = exportFormatFacts[value];
				return { label, detail, value };
			}),
			active: (value) => value === last,
		}));
	if (typeof format !== 'string') {
		return;
	}
	const out =
		(isRecord(argument) && typeof argument['out'] === 'string' ? vscode.Uri.file(argument['out']) : undefined) ??
		(await askWhere(session.root, name, format));
	if (!out) {
		return;
	}
	await studio.context.workspaceState.update(mementoKeys.exportChoices, format);
	const { exportDataset: run } = await import('../../workflow/training/exportDataset.ts');
	const parts = await session.parts();
	const result = await studio.runs.start('export', title, viewIds.datasets, (job) =>
		run(parts, { name, format, out: out.fsPath, replace: true }, job),
	);
	const [first] = result.files;
	studio.runs.show({
		text: vscode.l10n.t(
			'{0} rows exported to {1}',
			formatCount(result.rows),
			vscode.workspace.asRelativePath(result.path),
		),
		open:
			first === undefined
				? undefined
				: { command: 'vscode.open', title: vscode.l10n.t('Open File'), arguments: [vscode.Uri.file(first)] },
	});
};

/** LLaMA-Factory needs a folder; the other formats need a single file. */
async function askWhere(root: vscode.Uri, name: string, format: ExportFormat): Promise<vscode.Uri | undefined> {
	const { guide, proposedEnding } = exportFormatFacts[format];
	if (guide === 'registry') {
		return (
			await vscode.window.showOpenDialog({
				canSelectFiles: false,
				canSelectFolders: true,
				defaultUri: root,
				openLabel: vscode.l10n.t('Export Here'),
			})
		)?.[0];
	}
	return vscode.window.showSaveDialog({
		defaultUri: vscode.Uri.joinPath(root, `${name}.${format}.${proposedEnding}`),
		filters: { [proposedEnding.toUpperCase()]: [proposedEnding] },
		saveLabel: vscode.l10n.t('Export'),
	});
}
