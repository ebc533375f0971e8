import type { ImportedQuestion } from '../core/questions/imported.ts';
import { plainView } from './plainView.ts';
import type { Row, RowReader } from './rowReader.ts';
import type { RowView } from './view.ts';
import { questionOf } from './view.ts';

/** Reads any row that has a question in well-known fields. */
export function readQuestion(row: Row, reader: RowReader): ImportedQuestion | null {
	return questionOf(plainView(row, 'questions', reader), reader);
}

/** Hendrycks MATH: one object per problem file, lists (`train_level1.json`), JSON Lines, MATH-500, MATH-Perturb. */
export const math: RowView = {
	name: 'math',
	looksFor: 'problem with level, type or subject, and solution or answer',
	hasAnswers: false,
	fits: (row) =>
		typeof row['problem'] === 'string' &&
		('level' in row || 'type' in row || 'subject' in row) &&
		('solution' in row || 'answer' in row) &&
		!('code' in row),
	view: (row, reader) => plainView(row, 'questions', reader),
};
