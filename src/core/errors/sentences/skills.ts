import type { ErrorKind } from '../errorKind.ts';

export const skillsSentences = {
	'skills.nothingToUndo': 'there is no edit of the skill list to undo',
	'skills.none': 'there are no skills yet: import a skill bank, or let the teacher make the lists',
	'skills.tooManyWithoutSubject':
		'a question without a subject would be offered all {skills} skills, and {most} is the limit: import its subject',
	'skills.tooManyForSubject':
		'subject "{subject}" has no skills, and all {skills} are too many to offer (limit {most}): import some of its own',
	'skills.listExists': 'there are {skills} skills already: either add to them or replace them',
	'skills.nothingToAdd': 'every question has a skill already: there is nothing to add',
	'skills.tooManyGroups':
		'grouping left {skills} of the {names} skill names of {subject}, and {most} is the limit: use another teacher',
	'skills.assignmentMisfit': 'assignment {number}: this question neither needs nor misses "{skill}"',
	'skills.noSuchPart': 'assignment {number}: "{part}" is none of the parts: {parts}',
	'skills.emptySplit': 'no question of "{skill}" goes to any part: nothing is split',
	'skills.unused': 'no question needs or misses "{skill}": there is nothing to split',
	'skills.severalSubjects':
		'these skills belong to several subjects ({subjects}): a question is offered only skills of its own subject',
	'skills.badName':
		'"{name}" is not a valid skill name: use 1 to 120 characters, no line breaks and none of / , ; < >',
	'skills.formerName':
		'"{name}" is an earlier name of "{now}" and stays reserved for it: choose another name, or undo that edit',
	'skills.mergeOfOne': 'a merge needs at least two skills',
	'skills.sameName': 'the skill is called "{name}" already',
	'skills.nameTaken': 'there is a skill "{name}" already: merge the two instead',
	'skills.partWithoutQuestions': 'each part of a split needs at least one question',
	'skills.overlappingParts': 'a split gives each question to one part at most, and no part is the skill itself',
	'skills.unknown': 'there is no skill "{skill}"',
	'skills.unknownInSubject': 'there is no skill "{skill}" in {subject}',
	'skills.renamed': '"{skill}" is called "{now}" now',
	'skills.onList': '"{skill}" is on the list already',
	'skills.offList': '"{skill}" is no longer on the list',
	'skills.noEdit': 'there is no skill edit {id}',
	'skills.editUndone': 'edit {id} was undone already, by {author}',
	'skills.editBuiltOn': 'edit {later} ({change}) builds on edit {id}: undo that one first',
} as const;

export const skillsKinds = {
	'skills.nothingToUndo': 'usage',
	'skills.listExists': 'usage',
} as const satisfies Partial<Record<keyof typeof skillsSentences, ErrorKind>>;
