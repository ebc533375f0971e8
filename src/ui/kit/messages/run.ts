import type { runSentences } from '../../../core/errors/sentences/run.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const runMessages: Readonly<Record<keyof typeof runSentences, EditorMessage | null>> = {
	'run.cancelled': null,
	'file.failed': null,
};
