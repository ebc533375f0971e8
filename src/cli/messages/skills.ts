import type { skillsSentences } from '../../core/errors/sentences/skills.ts';

export const skillsMessages: Readonly<Record<keyof typeof skillsSentences, string | null>> = {
	'skills.nothingToUndo': null,
	'skills.none':
		'there are no skills yet: import a skill bank with "import skills FILE", or have the teacher ' +
		'make the lists with "catalog"',
	'skills.tooManyWithoutSubject':
		'a question has no subject, so the teacher would have to choose from all {skills} skills ' +
		'(limit: {most}): import the questions again with their subjects',
	'skills.tooManyForSubject':
		'subject "{subject}" has no skills, so the teacher would have to choose from all {skills} ' +
		'skills (limit: {most}): import skills for this subject, or import the questions under ' +
		'another subject',
	'skills.listExists':
		'there are already {skills} skills: --add finds skills for the questions that have none; ' +
		'--replace makes new lists and retires the existing skills',
	'skills.nothingToAdd': null,
	'skills.tooManyGroups':
		'grouping reduced the {names} skill names in {subject} to {skills}, which is too many to ' +
		'choose from (limit: {most}): use a teacher that groups better',
	'skills.assignmentMisfit': null,
	'skills.noSuchPart': null,
	'skills.emptySplit': null,
	'skills.unused': null,
	'skills.severalSubjects': null,
	'skills.badName': null,
	'skills.formerName': null,
	'skills.mergeOfOne': null,
	'skills.sameName': null,
	'skills.nameTaken': null,
	'skills.partWithoutQuestions': null,
	'skills.overlappingParts': null,
	'skills.unknown': null,
	'skills.unknownInSubject': null,
	'skills.renamed': null,
	'skills.onList': null,
	'skills.offList': null,
	'skills.noEdit': 'there is no edit {id}: "skills history" lists them',
	'skills.editUndone': null,
	'skills.editBuiltOn': null,
};
