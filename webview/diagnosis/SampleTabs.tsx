import type { JSX } from 'preact';
import type { Answer, Verdict } from '../../src/core/questions/answer.ts';
import { AnswerText } from '../kit/RichText.tsx';
import { useStore } from './state.ts';

/** Returns the symbol and the name for a verdict. */
export function describeVerdict(verdict: Verdict): { readonly glyph: string; readonly label: string } {
	if (verdict === null) {
		return { glyph: '?', label: 'unsure' };
	}
	return verdict ? { glyph: '✓', label: 'right' } : { glyph: '✗', label: 'wrong' };
}

/** The samples with verdict and final answer; each one is a single key or click away. */
export function SampleTabs(props: { readonly samples: readonly Answer[]; readonly selected: number }): JSX.Element {
	const store = useStore();
	const { samples, selected } = props;
	const pressed = (event: KeyboardEvent): void => {
		if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
			event.preventDefault();
			const by = event.key === 'ArrowRight' ? 1 : -1;
			const place = samples.findIndex(({ sample }) => sample === selected);
			store.showNthSample((place + by + samples.length) % samples.length);
		}
	};
	return (
		<div class="tabs" role="tablist" aria-label="Samples" onKeyDown={pressed}>
			{samples.map((answer, place) => (
				<Tab key={answer.sample} answer={answer} place={place} isSelected={answer.sample === selected} />
			))}
		</div>
	);
}

function Tab(props: { readonly answer: Answer; readonly place: number; readonly isSelected: boolean }): JSX.Element {
	const store = useStore();
	const { answer, place, isSelected } = props;
	const { glyph, label } = describeVerdict(answer.verdict);
	return (
		<button
			class={`tab verdict-${label}`}
			role="tab"
			type="button"
			aria-selected={isSelected}
			tabIndex={isSelected ? 0 : -1}
			data-focus={`sample:${answer.sample}`}
			aria-controls="answer"
			title={place < 9 ? `Sample ${place + 1} (key ${place + 1})` : `Sample ${place + 1}`}
			onClick={() => store.showSample(answer.sample)}
		>
			<span class="sr">Sample </span>
			<span class="tab-number">{place + 1}</span>
			<span class="glyph" aria-hidden="true">
				{glyph}
			</span>
			<span class="sr">{`, ${label}, final answer `}</span>
			{answer.extracted === null ? (
				<span class="dim">no answer</span>
			) : (
				<span class="tab-answer">
					<AnswerText text={shorten(answer.extracted)} />
				</span>
			)}
		</button>
	);
}

function shorten(text: string): string {
	return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
