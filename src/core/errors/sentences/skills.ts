import type { ErrorKind } from '../errorKind.ts';
import { sentence } from '../sentence.ts';

export const skillsSentences = {
	'skills.nothingToUndo': 'there is no edit of the skill list to undo',
	'skills.none': 'there are no skills yet: import a skill bank, or let the teacher make the lists',
	'skills.tooManyWithoutSubject': sentence(
		'a question has no subject, so the teacher would have to choose from all {skills} skills (limit: ',
		'{most}): import the questions again with their subjects',
	),
	'skills.tooManyForSubject': sentence(
		'subject "{subject}" has no skills, so the teacher would have to choose from all {skills} skills (limit: ',
		'{most}): import skills for this subject',
	),
	'skills.listExists': 'there are already {skills} skills: either add to them or replace them',
	'skills.nothingToAdd': 'every question already has a skill: there is nothing to add',
	'skills.tooManyGroups':
		'grouping reduced the {names} skill names in {subject} to {skills}, but the limit is {most}: use another teacher',
	'skills.assignmentMisfit': 'assignment {number}: this question neither needs nor misses "{skill}"',
	'skills.noSuchPart': 'assignment {number}: "{part}" is not one of the parts: {parts}',
	'skills.emptySplit': 'no question with "{skill}" is assigned to a part, so nothing would be split',
	'skills.unused': 'no question needs or misses "{skill}": there is nothing to split',
	'skills.severalSubjects':
		'these skills belong to several subjects ({subjects}), but only skills of the same subject can be offered for a question',
	'skills.badName':
		'"{name}" is not a valid skill name: use 1 to 120 characters without line breaks or any of / , ; < >',
	'skills.formerName':
		'"{name}" is an earlier name of "{now}" and stays reserved for it: choose another name, or undo that edit',
	'skills.mergeOfOne': 'a merge needs at least two skills',
	'skills.sameName': 'the skill is already called "{name}"',
	'skills.nameTaken': 'there is already a skill "{name}": merge the two instead',
	'skills.partWithoutQuestions': 'each part of a split needs at least one question',
	'skills.overlappingParts':
		'a split assigns each question to at most one part, and the skill itself cannot be a part',
	'skills.unknown': 'there is no skill "{skill}"',
	'skills.unknownInSubject': 'there is no skill "{skill}" in {subject}',
	'skills.renamed': '"{skill}" is now called "{now}"',
	'skills.onList': '"{skill}" is already on the list',
	'skills.offList': '"{skill}" is no longer on the list',
	'skills.noEdit': 'there is no skill edit {id}',
	'skills.editUndone': 'edit {id} was already undone by {author}',
	'skills.editBuiltOn': 'edit {later} ({change}) builds on edit {id}: undo edit {later} first',
} as const;

export const skillsKinds = {
	'skills.nothingToUndo': 'usage',
	'skills.listExists': 'usage',
} as const satisfies Partial<Record<keyof typeof skillsSentences, ErrorKind>>;
