import type { ImportedQuestion } from '../core/questions/imported.ts';
import { levelFields, questionFields, reference, skillFields, subjectFields } from './reference.ts';
import type { RowFormat } from './rowFormat.ts';
import { firstOf } from './rowFormat.ts';
import type { Row, RowReader } from './rowReader.ts';

/** Reads any row that has a question in well-known fields. */
export function readQuestion(row: Row, reader: RowReader): ImportedQuestion | null {
	const question = firstOf(row, questionFields);
	const text = reader.question(question.value, question.name);
	if (text === null) {
		return null;
	}
	const level = firstOf(row, levelFields);
	const subject = firstOf(row, subjectFields);
	const skills = firstOf(row, skillFields);
	return {
		text,
		line: reader.line,
		...reference(row, reader),
		level: reader.level(level.value, level.name),
		subject: reader.subject(subject.value, subject.name),
		skills: reader.skills(skills.value, skills.name),
	};
}

/** Hendrycks MATH: one object per problem file, lists (`train_level1.json`), JSON Lines, MATH-500, MATH-Perturb. */
export const math: RowFormat = {
	name: 'math',
	looksFor: 'problem with level, type or subject, and solution or answer',
	fits: (row) =>
		typeof row['problem'] === 'string' &&
		('level' in row || 'type' in row || 'subject' in row) &&
		('solution' in row || 'answer' in row) &&
		!('code' in row),
	question: readQuestion,
};
