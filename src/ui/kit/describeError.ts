import * as vscode from 'vscode';
import { sentences } from '../../core/errors/sentences.ts';
import { messageOf, StatError } from '../../core/errors/statError.ts';
import { editorMessages } from './editorMessages.ts';

export interface ErrorDescription {
	readonly text: string;
	/** The command that helps; offered as a button. */
	readonly action: { readonly title: string; readonly command: string } | null;
	/** Whether nothing failed: there was simply nothing to do. */
	readonly isInformation: boolean;
}

/** Returns one localised line for a notification, and the command that helps, if there is one. */
export function describeError({ code, data }: Pick<StatError, 'code' | 'data'>): ErrorDescription {
	const message = editorMessages[code];
	return {
		text: capitalised(message?.sentence ?? sentences[code], data),
		action: message?.command ? { title: vscode.l10n.t(message.button), command: message.command } : null,
		isInformation: message?.isInformation ?? false,
	};
}

/**
 * Neutral sentences begin in lower case, for use in a terminal. A value at the beginning (a name or a path) is left
 * unchanged.
 */
function capitalised(sentence: string, data: StatError['data']): string {
	const text = vscode.l10n.t(sentence, data);
	return sentence.startsWith('{') ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns the text of whatever was thrown, for a place without buttons: a panel, a tree or a document. */
export function errorText(error: unknown): string {
	return error instanceof StatError ? describeError(error).text : messageOf(error);
}
