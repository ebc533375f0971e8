import * as vscode from 'vscode';
import type { ErrorCode } from '../../core/errors/sentences.ts';
import { sentences } from '../../core/errors/sentences.ts';
import type { StatError } from '../../core/errors/statError.ts';
import type { EditorMessage } from './editorMessage.ts';
import { curationMessages } from './messages/curation.ts';
import { runMessages } from './messages/run.ts';
import { unsortedMessages } from './messages/unsorted.ts';

/** Every error in the words of the editor. `null`: the neutral sentence, no command helps. */
export const editorMessages: Readonly<Record<ErrorCode, EditorMessage | null>> = {
	...runMessages,
	...curationMessages,
	...unsortedMessages,
};

/** One line for a notification, and the command that helps, if there is one. */
export function editorMessage({ code, data }: Pick<StatError, 'code' | 'data'>): {
	readonly text: string;
	readonly action: { readonly title: string; readonly command: string } | null;
} {
	const message = editorMessages[code];
	const action = message?.command ? { title: vscode.l10n.t(message.button ?? ''), command: message.command } : null;
	return { text: vscode.l10n.t(message?.sentence ?? sentences[code], data), action };
}
