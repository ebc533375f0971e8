import type { skillsSentences } from '../../core/errors/sentences/skills.ts';

export const skillsMessages: Readonly<Record<keyof typeof skillsSentences, string | null>> = {
	'skills.nothingToUndo': null,
	'skills.none':
		'there are no skills yet: import a skill bank with "import skills FILE", or have the teacher ' +
		'make the lists with "catalog"',
	'skills.tooManyWithoutSubject':
		'a question without a subject would be offered all {skills} skills, and a teacher cannot choose ' +
		'from more than {most}: import the questions again with their subject',
	'skills.tooManyForSubject':
		'subject "{subject}" has no skills of its own, and a teacher cannot choose from all {skills} (at ' +
		'most {most}): import skills of that subject, or the questions under another one',
	'skills.listExists':
		'there are {skills} skills already: --add finds skills for the questions that have none, --replace ' +
		'makes new lists and retires these',
	'skills.nothingToAdd': null,
	'skills.tooManyGroups':
		'grouping left {skills} of the {names} skill names of {subject}, too many to choose from (at most ' +
		'{most}): use a teacher that groups better',
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
