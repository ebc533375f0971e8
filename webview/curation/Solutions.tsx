import type { JSX } from 'preact';
import { AnswerText, RichText } from '../kit/RichText.tsx';
import { visibleControls } from '../kit/richText.ts';
import type { ItemState, ShownContent, ShownSolution } from './protocol.ts';
import { useStore } from './state.ts';

export interface SolutionsProps {
	readonly item: ItemState;
	readonly content: ShownContent;
	readonly raw: boolean;
}

/** The solutions side by side, with the agreeing group marked. */
export function Solutions({ item, content, raw }: SolutionsProps): JSX.Element {
	const store = useStore();
	const { agree, of } = content.agreement;
	return (
		<>
			<h2>
				{'Solutions · '}
				<span class={agree < 2 && of > 1 ? 'agreement low' : 'agreement'}>{agreementText(agree, of)}</span>
				{item.isEdited || store.isPreviewed.value ? (
					<span class="dim">{' · graded again after the edit'}</span>
				) : null}
			</h2>
			<div class="solutions">
				{content.solutions.map((solution, index) => (
					<Solution key={index} solution={solution} number={index + 1} raw={raw} />
				))}
			</div>
		</>
	);
}

function Solution(props: {
	readonly solution: ShownSolution;
	readonly number: number;
	readonly raw: boolean;
}): JSX.Element {
	const { solution, number, raw } = props;
	const { text, answer, agrees } = solution;
	return (
		<article class={`solution ${agrees ? 'agrees' : 'differs'}`} aria-label={`Solution ${number}`}>
			<h3>
				<span class="glyph" aria-hidden="true">
					{agrees ? '=' : '≠'}
				</span>
				{` ${number} · `}
				{answer === null ? (
					'no final answer found'
				) : (
					<span>
						{'answer '}
						{raw ? <code>{visibleControls(answer)}</code> : <AnswerText text={answer} />}
					</span>
				)}
				<span class="solution-word">{agreesText(solution)}</span>
			</h3>
			<RichText text={text} raw={raw} />
		</article>
	);
}

function agreementText(agree: number, of: number): string {
	if (agree === of) {
		return of === 1 ? 'one solution' : `all ${of} agree`;
	}
	return agree <= 1 ? `none of ${of} agree` : `${agree} of ${of} agree`;
}

function agreesText({ agrees, isTrainedOn }: ShownSolution): string {
	if (agrees) {
		return 'agrees';
	}
	return isTrainedOn ? 'differs, but trained on' : 'differs, not trained on';
}
