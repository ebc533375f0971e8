import type { JSX } from 'preact';
import type { Question } from '../../src/core/questions/question.ts';
import { Region } from '../kit/Region.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { diagnosisKeys } from './panelKeys.ts';
import { AnswerText, RichText } from '../kit/RichText.tsx';
import { useStore } from './state.ts';

/** The question with its reference answer and, once the user opens it, its worked solution. */
export function QuestionText({ question }: { readonly question: Question }): JSX.Element {
	const store = useStore();
	const raw = store.raw.value;
	const { text, gold, solution } = question;
	return (
		<Region tag="section" class="question" label="Question">
			<h2>Question</h2>
			<RichText text={text} raw={raw} />
			<div class="reference">
				{gold === null ? (
					<p class="dim">no reference answer</p>
				) : (
					<p class="gold">
						Reference answer
						<AnswerText text={gold} raw={raw} />
					</p>
				)}
				{solution === null ? null : (
					<details
						class="solution"
						open={store.isSolutionOpen.value}
						onToggle={(event) => store.openSolution(event.currentTarget.open)}
					>
						<summary data-focus="solution">
							worked solution
							<kbd aria-hidden="true">{shortcutOf(diagnosisKeys.solution)}</kbd>
						</summary>
						<RichText text={solution} raw={raw} />
					</details>
				)}
			</div>
		</Region>
	);
}
