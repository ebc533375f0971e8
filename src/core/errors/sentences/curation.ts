import type { ErrorKind } from '../errorKind.ts';

export const curationSentences = {
	'curation.decidedInPart': 'decisions on {decided} of {all} problems were stored, but not on the others: {reason}',
	'curation.textBeforeHeading': 'line {line}: expected "===== question =====" before any text',
	'curation.questionHeading': 'line {line}: expected the line "===== question =====" exactly once, at the beginning',
	'curation.emptyText': 'line {line}: there is no text under this line; to remove a solution, delete its heading too',
	'curation.noSolution':
		'last line: expected "===== solution 1 =====" with a solution under it: a question without a solution cannot be trained on',
	'curation.nothingToUndo': 'there is nothing to undo for {problem}',
	'curation.nothingToUndoInAny': 'there is nothing to undo for any of {problems} problems',
	'curation.editRefused': '{reason}: nothing was saved',
	'curation.unknownProblem': 'dataset {dataset} has no synthesized problem {problem}',
	'curation.unknownIdStart': 'dataset {dataset} has no synthesized problem whose ID starts with "{start}"',
	'curation.ambiguousIdStart': '{problems} IDs start with "{start}": give more of the ID',
	'curation.emptyFind': 'the text to replace is empty and would match everywhere',
	'curation.noHint': 'the hint is missing: what should the new question be like?',
	'curation.longHint': 'the hint is longer than {most} characters',
	'curation.noSkill':
		'problem {problem} was not written for a particular skill, so another question cannot be requested: reject or edit it',
} as const;

export const curationKinds = {
	'curation.textBeforeHeading': 'usage',
	'curation.questionHeading': 'usage',
	'curation.emptyText': 'usage',
	'curation.noSolution': 'usage',
	'curation.emptyFind': 'usage',
	'curation.noHint': 'usage',
	'curation.longHint': 'usage',
} as const satisfies Partial<Record<keyof typeof curationSentences, ErrorKind>>;
