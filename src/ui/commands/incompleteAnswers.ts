import * as vscode from 'vscode';
import { formatCount } from '../../core/text/formatNumber.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { EvaluateResult } from '../../workflow/rounds/evaluate.ts';

/** Asks whether to request again the answers that arrived without any text. */
export async function wantsRetry(empty: number): Promise<boolean> {
	const [retry, keep] = [vscode.l10n.t('Retry Them'), vscode.l10n.t('Keep Them')];
	const chosen = await vscode.window.showWarningMessage(
		vscode.l10n.t('{0} answers of this round have no text. Request them again?', formatCount(empty)),
		{
			modal: true,
			detail: vscode.l10n.t(
				'The endpoint sent none, or version 0.1 filed an error of its provider as an answer. They count as wrong.',
			),
		},
		retry,
		keep,
	);
	if (chosen === undefined) {
		throw new StatError('editor.cancelled', { problem: vscode.l10n.t('nothing was sent') });
	}
	return chosen === retry;
}

/** Warns about answers that the endpoint did not deliver in full. */
export function warnOfIncomplete({ cut, empty, onlyThought }: EvaluateResult): void {
	const parts = [
		cut > 0
			? vscode.l10n.t(
					'{0} were cut off by the token limit and count by what they had named until then',
					formatCount(cut),
				)
			: '',
		empty > 0 ? vscode.l10n.t('{0} have no text: evaluate again to retry them', formatCount(empty)) : '',
		onlyThought > 0
			? vscode.l10n.t('{0} are an open thought: check the server’s reasoning parser', formatCount(onlyThought))
			: '',
	].filter(Boolean);
	if (parts.length > 0) {
		void vscode.window.showWarningMessage(vscode.l10n.t('Of the new answers, {0}.', parts.join('; ')));
	}
}
