import type { ErrorCode } from '../../core/errors/sentences.ts';
import type { EditorMessage } from './editorMessage.ts';
import { curationMessages } from './messages/curation.ts';
import { runMessages } from './messages/run.ts';
import { unsortedMessages } from './messages/unsorted.ts';

/** Every error in the words of the editor. `null`: the neutral sentence serves and no command helps. */
export const editorMessages: Readonly<Record<ErrorCode, EditorMessage | null>> = {
	...runMessages,
	...curationMessages,
	...unsortedMessages,
};
