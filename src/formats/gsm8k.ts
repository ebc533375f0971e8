import { afterHashes } from './finalAnswer.ts';
import { plainView } from './plainView.ts';
import type { RowView } from './view.ts';

/** GSM8K: `question`, and `answer` as a worked solution that ends with `#### 72`. */
export const gsm8k: RowView = {
	name: 'gsm8k',
	looksFor: 'question, and answer ending with "#### 72"',
	hasAnswers: false,
	fits: (row) =>
		typeof row['question'] === 'string' &&
		typeof row['answer'] === 'string' &&
		afterHashes(row['answer']) !== undefined &&
		!('code' in row),
	view: (row, reader) => plainView(row, 'questions', reader),
};
