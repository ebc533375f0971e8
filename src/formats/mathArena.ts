import { isDialogue } from './dialogue.ts';
import { plainView } from './plainView.ts';
import type { RowView } from './view.ts';

/**
 * The runs of MathArena (`outputs/COMPETITION/MODEL/PROBLEM.json`, also `.json.zst`): a file a problem, with a list of
 * conversations (`messages`), the answers found in them (`answers`) and verdicts (`correct`). Its datasets on the Hub
 * have a row an answer and are plain.
 */
export const mathArena: RowView = {
	name: 'matharena',
	looksFor: 'problem, gold_answer and a list of conversations in messages (MathArena)',
	hasAnswers: true,
	fits: ({ problem, gold_answer: gold, messages }) =>
		typeof problem === 'string' &&
		gold !== undefined &&
		Array.isArray(messages) &&
		messages.length > 0 &&
		(messages as readonly unknown[]).every(isDialogue),
	view(row, reader) {
		const at = (name: string) => ({ value: row[name], from: name });
		const { question, subject, level } = plainView(row, 'answers', reader);
		return {
			question,
			subject,
			level,
			gold: at('gold_answer'),
			response: at('messages'),
			verdict: at('correct'),
			extracted: at('answers'),
		};
	},
};
