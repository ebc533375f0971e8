import { dialogueOf } from './dialogue.ts';
import { plainView } from './plainView.ts';
import { withoutInstructions } from './promptText.ts';
import type { Row } from './rowReader.ts';
import { isRow } from './rowReader.ts';
import type { View } from './ours.ts';
import type { RowView } from './view.ts';

/**
 * EvalScope's `predictions/MODEL/BENCHMARK_SUBSET.jsonl` (`model_output`, `messages`) and `reviews/…` (`sample_score`,
 * `target`, and `messages` or, up to version 1.0, `input`). A review holds the reference and the verdict as well.
 */
export const evalScope: RowView = {
	name: 'evalscope',
	looksFor: 'sample_score, or model_output and messages (EvalScope, reviews and predictions)',
	hasAnswers: true,
	fits: (row) =>
		isRow(row['sample_score']) || (isRow(row['model_output']) && Array.isArray(row['messages']) && 'index' in row),
	view(row, reader) {
		const { metadata } = row;
		const dialogue = dialogueOf(row['messages']);
		const input = dialogue?.question ?? row['input'];
		const question = {
			value: typeof input === 'string' ? withoutInstructions(input) : (dialogueOf(input)?.question ?? input),
			from: dialogue === undefined ? 'input' : 'messages',
		};
		const about: View = isRow(metadata) ? plainView({ metadata }, 'answers', reader) : {};
		const score =
			isRow(row['sample_score']) && isRow(row['sample_score']['score']) ? row['sample_score']['score'] : {};
		const review = {
			...about,
			question: typeof about.question?.value === 'string' ? about.question : question,
			gold:
				row['target'] === undefined || row['target'] === null
					? about.gold
					: { value: row['target'], from: 'target' },
			student: { value: row['model'], from: 'model' },
		};
		const outputs = row['model_output'];
		return {
			...review,
			response: isRow(outputs)
				? { value: outputs, from: 'model_output' }
				: { value: score['prediction'] ?? dialogue?.answer, from: 'sample_score' },
			extracted: { value: score['extracted_prediction'], from: 'sample_score' },
			verdict: { value: mainScore(score), from: 'sample_score' },
		};
	},
};

/** The main score is the one named, else the first. */
function mainScore(score: Row): unknown {
	const { value, main_score_name: main } = score;
	if (!isRow(value)) {
		return value;
	}
	return typeof main === 'string' && Object.hasOwn(value, main) ? value[main] : Object.values(value)[0];
}
