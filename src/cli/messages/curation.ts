import type { curationSentences } from '../../core/errors/sentences/curation.ts';

export const curationMessages: Readonly<Record<keyof typeof curationSentences, string | null>> = {
	'curation.decidedInPart': null,
};
