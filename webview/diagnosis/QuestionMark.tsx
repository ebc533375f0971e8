import type { JSX } from 'preact';
import type { AnswersMark } from '../../src/core/questions/answersMark.ts';
import { answersGlyphs, answersMark, countAnswers } from '../../src/core/questions/answersMark.ts';
import type { QuestionState } from './protocol.ts';

const meanings: Readonly<Record<AnswersMark, string>> = {
	unanswered: 'not answered',
	right: 'every answer is right',
	mixed: 'some answers are right',
	unsure: 'no answer is known to be right, some are unsure',
	wrong: 'every answer is wrong',
};

/** The mark that covers all samples, the same as in the tree and the lens. */
export function QuestionMark({ samples }: Pick<QuestionState, 'samples'>): JSX.Element {
	const counts = countAnswers(samples);
	const mark = answersMark(counts);
	return (
		<span class={`fact answers-mark mark-${mark}`} title={meanings[mark]}>
			<span class="glyph" aria-hidden="true">
				{answersGlyphs[mark]}
			</span>
			<span class="sr">{`${meanings[mark]}: `}</span>
			{` ${counts.right} of ${counts.samples} right`}
		</span>
	);
}
