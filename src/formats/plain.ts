import { generatedOf } from './generated.ts';
import { namesOf } from './fieldRoles.ts';
import { plainView } from './plainView.ts';
import type { RowView } from './view.ts';

/** Rows with one question in well-known fields, and its answers. */
export const plain: RowView = {
	name: 'plain',
	looksFor:
		`one of ${namesOf('question')} with, for questions, one of ${namesOf('gold')} or solution; for answers, one of ` +
		namesOf('response', 16),
	hasAnswers: true,
	fits(row, reads) {
		const { question, response } = plainView(row, reads);
		return (
			typeof question?.value === 'string' &&
			(reads === 'questions' || (response !== undefined && generatedOf(response.value).texts.length > 0))
		);
	},
	view: (row, reader, reads) => plainView(row, reads, reader),
};
