import type { skillsSentences } from '../../../core/errors/sentences/skills.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const skillsMessages: Readonly<Record<keyof typeof skillsSentences, EditorMessage | null>> = {
	'skills.nothingToUndo': { sentence: 'There is no edit of the skill list to undo.' },
	'skills.none': {
		sentence: 'There are no skills yet. Import a skill bank, or run “Make Skill Lists from Questions…”.',
		command: commandIds.importSkills,
		button: 'Import Skills…',
	},
	'skills.tooManyWithoutSubject': {
		sentence:
			'For a question without a subject, the teacher would have to choose from all {skills} ' +
			'skills; the limit is {most}. Import the questions again with their subjects.',
		command: commandIds.importQuestions,
		button: 'Import Questions…',
	},
	'skills.tooManyForSubject': {
		sentence:
			'Subject “{subject}” has no skills, so the teacher would have to choose from all {skills} ' +
			'skills; the limit is {most}. Import skills for this subject.',
		command: commandIds.importSkills,
		button: 'Import Skills…',
	},
	'skills.listExists': null,
	'skills.nothingToAdd': { isInformation: true },
	'skills.tooManyGroups': null,
	'skills.assignmentMisfit': null,
	'skills.noSuchPart': null,
	'skills.emptySplit': null,
	'skills.unused': { isInformation: true },
	'skills.severalSubjects': null,
	'skills.badName': null,
	'skills.formerName': null,
	'skills.mergeOfOne': null,
	'skills.sameName': { isInformation: true },
	'skills.nameTaken': { command: commandIds.mergeSkills, button: 'Merge Skills…' },
	'skills.partWithoutQuestions': null,
	'skills.overlappingParts': null,
	'skills.unknown': null,
	'skills.unknownInSubject': null,
	'skills.renamed': null,
	'skills.onList': { isInformation: true },
	'skills.offList': null,
	'skills.noEdit': { command: commandIds.openSkillHistory, button: 'Open Skill History' },
	'skills.editUndone': { isInformation: true },
	'skills.editBuiltOn': { command: commandIds.openSkillHistory, button: 'Open Skill History' },
};
