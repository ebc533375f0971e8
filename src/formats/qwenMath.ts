import { plainView } from './plainView.ts';
import type { Row } from './rowReader.ts';
import type { RowView } from './view.ts';

/**
 * Reads logs of the Qwen2.5-Math evaluator and of AdaptMI, which adds process rewards (`step_scores`) and a teacher's
 * labels. `code[]` contains the responses, `pred[]` the log's extracted answers, and `score[]` its verdicts. AdaptMI's
 * second pass stores the first one in `initial_*`. The responses in `code` count; `model_sol` and `initial_sol` are
 * used only if `code` is missing.
 */
export const qwenMath: RowView = {
	name: 'qwen-math',
	looksFor: 'question, and code with pred or score (Qwen2.5-Math evaluator, AdaptMI)',
	hasAnswers: true,
	fits: (row) =>
		(Array.isArray(row['code']) ||
			typeof row['code'] === 'string' ||
			typeof row['model_sol'] === 'string' ||
			typeof row['initial_sol'] === 'string') &&
		(typeof row['question'] === 'string' || typeof row['problem'] === 'string'),
	view(row, reader) {
		const field = answerField(row);
		const first = field === 'initial_sol' ? 'initial_' : '';
		const at = (name: string) => ({ value: row[name], from: name });
		return {
			...plainView(row, 'questions', reader),
			response: at(field),
			verdict: at(`${first}score`),
			extracted: at(`${first}pred`),
			stepScores: at(`${first}step_scores`),
			sample: undefined,
			finish: undefined,
		};
	},
	// Its questions stand once in a log; a question that stands twice is answered again under the same numbers.
	firstSample: (_question, _row, count, reader) => reader.seed * count,
};

function answerField(row: Row): 'code' | 'model_sol' | 'initial_sol' {
	if (row['code'] !== undefined && row['code'] !== null) {
		return 'code';
	}
	return typeof row['model_sol'] === 'string' ? 'model_sol' : 'initial_sol';
}
