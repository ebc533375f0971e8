import { afterHashes } from './finalAnswer.ts';
import { readQuestion } from './math.ts';
import type { RowFormat } from './rowFormat.ts';

/** GSM8K: `question`, and `answer` as a worked solution that ends with `#### 72`. */
export const gsm8k: RowFormat = {
	name: 'gsm8k',
	looksFor: 'question, and answer ending with "#### 72"',
	fits: (row) =>
		typeof row['question'] === 'string' &&
		typeof row['answer'] === 'string' &&
		afterHashes(row['answer']) !== undefined &&
		!('code' in row),
	question: readQuestion,
};
