import { plainView } from './plainView.ts';
import type { RowView } from './view.ts';

/** AIME and AMC as published on the Hub: `problem, answer` or `Problem, Answer`; the answer may be a number (27.0). */
export const competition: RowView = {
	name: 'competition',
	looksFor: 'problem and answer, or Problem and Answer (AIME, AMC)',
	hasAnswers: false,
	fits: (row) =>
		(typeof row['problem'] === 'string' && 'answer' in row && !('code' in row)) ||
		(typeof row['Problem'] === 'string' && 'Answer' in row),
	view: (row, reader) => plainView(row, 'questions', reader),
};
