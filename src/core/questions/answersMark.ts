/** Number of a question's answers in one round, by verdict. */
export interface AnswerCounts {
	readonly right: number;
	/** Number of answers that are neither right nor wrong. */
	readonly unsure: number;
	readonly samples: number;
}

/**
 * The mark that sums up all of a student's answers to a question. Lens, tree and panel show only this mark for a
 * question. `mixed`: some answers are right; `unsure`: none is known to be right, and not all are wrong.
 */
export type AnswersMark = 'unanswered' | 'right' | 'mixed' | 'unsure' | 'wrong';

export const answersGlyphs: Readonly<Record<AnswersMark, string>> = {
	unanswered: '○',
	right: '✓',
	mixed: '◐',
	unsure: '?',
	wrong: '✗',
};

export function answersMark({ right, unsure, samples }: AnswerCounts): AnswersMark {
	if (samples === 0) {
		return 'unanswered';
	}
	if (right === samples) {
		return 'right';
	}
	if (right > 0) {
		return 'mixed';
	}
	return unsure > 0 ? 'unsure' : 'wrong';
}

export function countAnswers(answers: readonly { readonly verdict: boolean | null }[]): AnswerCounts {
	return {
		right: answers.filter(({ verdict }) => verdict === true).length,
		unsure: answers.filter(({ verdict }) => verdict === null).length,
		samples: answers.length,
	};
}
