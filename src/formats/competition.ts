import { readQuestion } from './math.ts';
import type { RowFormat } from './rowFormat.ts';

/** AIME and AMC as published on the Hub: `problem, answer` or `Problem, Answer`; the answer may be a number (27.0). */
export const competition: RowFormat = {
	name: 'competition',
	looksFor: 'problem and answer, or Problem and Answer (AIME, AMC)',
	fits: (row) =>
		(typeof row['problem'] === 'string' && 'answer' in row && !('code' in row)) ||
		(typeof row['Problem'] === 'string' && 'Answer' in row),
	question: readQuestion,
};
