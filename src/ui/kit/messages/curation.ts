import type { curationSentences } from '../../../core/errors/sentences/curation.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const curationMessages: Readonly<Record<keyof typeof curationSentences, EditorMessage | null>> = {
	'curation.decidedInPart': null,
	'curation.textBeforeHeading': null,
	'curation.questionHeading': null,
	'curation.emptyText': null,
	'curation.noSolution': null,
	'curation.nothingToUndo': { isInformation: true },
	'curation.nothingToUndoInAny': { isInformation: true },
	'curation.editRefused': null,
	'curation.unknownProblem': null,
	'curation.unknownIdStart': null,
	'curation.ambiguousIdStart': null,
	'curation.emptyFind': null,
	'curation.noHint': null,
	'curation.longHint': null,
	'curation.noSkill': null,
};
