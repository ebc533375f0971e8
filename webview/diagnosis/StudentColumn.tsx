import type { JSX } from 'preact';
import type { AnswersMark } from '../../src/core/questions/answersMark.ts';
import { answersGlyphs, answersMark, countAnswers } from '../../src/core/questions/answersMark.ts';
import { Region } from '../kit/Region.tsx';
import { AnswerSteps } from './AnswerSteps.tsx';
import type { QuestionState } from './protocol.ts';
import { SampleTabs } from './SampleTabs.tsx';
import { keyOf, useStore } from './state.ts';

const meanings: Readonly<Record<AnswersMark, string>> = {
	unanswered: 'not answered',
	right: 'every answer is right',
	mixed: 'some answers are right',
	unsure: 'no answer is known to be right, some are unsure',
	wrong: 'every answer is wrong',
};

/** The mark that covers all samples, the same as in the tree and the lens. */
function Mark({ samples }: Pick<QuestionState, 'samples'>): JSX.Element {
	const counts = countAnswers(samples);
	const mark = answersMark(counts);
	return (
		<span class={`answers-mark mark-${mark}`} title={meanings[mark]}>
			<span class="glyph" aria-hidden="true">
				{answersGlyphs[mark]}
			</span>
			<span class="sr">{`${meanings[mark]}: `}</span>
			{` ${counts.right}/${counts.samples} right · `}
		</span>
	);
}

/** The student's samples, with the selected one shown step by step. */
export function StudentColumn({ state }: { readonly state: QuestionState }): JSX.Element {
	const sample = useStore().sample.value;
	const { student, round, samples } = state;
	const place = samples.findIndex((one) => one.sample === sample?.sample);
	return (
		<section class="column student" aria-label="Student’s answer">
			<h2>
				{samples.length > 0 ? <Mark samples={samples} /> : null}
				{`Student · ${student} · round ${round}` +
					(place < 0 ? '' : ` · sample ${place + 1} of ${samples.length}`)}
			</h2>
			<Region class="samples">
				{samples.length < 2 || !sample ? null : <SampleTabs samples={samples} selected={sample.sample} />}
			</Region>
			<Region class="answer" id="answer">
				{sample ? (
					<AnswerSteps key={`${sample.sample} ${keyOf(state)}`} state={state} sample={sample} />
				) : (
					<p class="empty">{`No answer of ${student} in round ${round} to this question.`}</p>
				)}
			</Region>
		</section>
	);
}
