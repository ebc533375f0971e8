import type { unsortedSentences } from '../../../core/errors/sentences/unsorted.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const unsortedMessages: Readonly<Record<keyof typeof unsortedSentences, EditorMessage | null>> = {
	'unsorted.failed': null,
	'unsorted.usage': null,
	'unsorted.locked': null,
	'unsorted.newer-schema': null,
	'unsorted.read-only': null,
	'unsorted.consent': null,
	'unsorted.cancelled': null,
};
