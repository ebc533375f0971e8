import type { curationSentences } from '../../core/errors/sentences/curation.ts';

export const curationMessages: Readonly<Record<keyof typeof curationSentences, string | null>> = {
	'curation.decidedInPart': null,
	'curation.textBeforeHeading': null,
	'curation.questionHeading': null,
	'curation.emptyText': null,
	'curation.noSolution': null,
	'curation.nothingToUndo': null,
	'curation.nothingToUndoInAny': null,
	'curation.editRefused': null,
	'curation.unknownProblem':
		'dataset {dataset} has no synthesized problem {problem}: "curate {dataset} list" shows them',
	'curation.unknownIdStart': null,
	'curation.ambiguousIdStart': null,
	'curation.emptyFind': null,
	'curation.noHint': null,
	'curation.longHint': null,
	'curation.noSkill': null,
};
