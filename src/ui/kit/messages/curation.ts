import type { curationSentences } from '../../../core/errors/sentences/curation.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const curationMessages: Readonly<Record<keyof typeof curationSentences, EditorMessage | null>> = {
	'curation.decidedInPart': null,
};
