import { dialogueOf } from './dialogue.ts';
import { studentOfFolder } from './studentOfFolder.ts';
import { withoutInstructions } from './promptText.ts';
import type { RowView } from './view.ts';

/**
 * OpenCompass: `predictions/MODEL/DATASET.json`, an object keyed `"0"`, `"1"`, … of `origin_prompt` (turns of HUMAN and
 * BOT, or a text), `prediction` and `gold`; and the `details` of `results/…`, with `prompt`, `origin_prediction`,
 * `predictions` (extracted), `references` and `correct`.
 */
export const openCompass: RowView = {
	name: 'opencompass',
	looksFor: 'origin_prompt and prediction, or prompt and origin_prediction (OpenCompass)',
	hasAnswers: true,
	fits: (row) =>
		('origin_prompt' in row && 'prediction' in row) ||
		('prompt' in row && typeof row['origin_prediction'] === 'string'),
	describe: (file) => Promise.resolve(studentOfFolder(file)),
	view(row) {
		const isDetail = 'origin_prediction' in row;
		const field = isDetail ? 'prompt' : 'origin_prompt';
		const prompt = dialogueOf(row[field])?.question ?? row[field];
		const at = (name: string) => ({ value: row[name], from: name });
		const correct: unknown = row['correct'];
		return {
			question: { value: typeof prompt === 'string' ? withoutInstructions(prompt) : prompt, from: field },
			gold: at(isDetail ? 'references' : 'gold'),
			response: at(isDetail ? 'origin_prediction' : 'prediction'),
			...(isDetail
				? {
						extracted: at('predictions'),
						verdict: { value: Array.isArray(correct) ? correct[0] : correct, from: 'correct' },
					}
				: {}),
		};
	},
};
