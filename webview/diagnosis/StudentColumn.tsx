import type { JSX } from 'preact';
import { Region } from '../kit/Region.tsx';
import { AnswerSteps } from './AnswerSteps.tsx';
import type { QuestionState } from './protocol.ts';
import { SampleTabs } from './SampleTabs.tsx';
import { keyOf, useStore } from './state.ts';

/** The student's samples, with the selected one shown step by step. */
export function StudentColumn({ state }: { readonly state: QuestionState }): JSX.Element {
	const sample = useStore().sample.value;
	const { student, round, samples } = state;
	const place = samples.findIndex((one) => one.sample === sample?.sample);
	return (
		<section class="column student" aria-label="Student’s answer">
			<h2>
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
