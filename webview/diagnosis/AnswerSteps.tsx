import type { JSX } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { isInForce } from '../../src/core/diagnosis/annotation.ts';
import { isLowScore } from '../../src/core/difficulty/difficulty.ts';
import type { Answer } from '../../src/core/questions/answer.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { Button } from '../kit/controls.tsx';
import { shortcutOf } from '../kit/keys.ts';
import { diagnosisKeys } from './panelKeys.ts';
import { AnswerText, RichText } from '../kit/RichText.tsx';
import type { MarkedSpan } from './marks.ts';
import { markSpans } from './marks.ts';
import type { QuestionState } from './protocol.ts';
import { describeVerdict } from './SampleTabs.tsx';
import { useStore } from './state.ts';
import type { Stretch, WrongStep } from './view.ts';
import { firstWrongStep, stepsOf, stretchesOf } from './view.ts';

interface AnswerProps {
	readonly state: QuestionState;
	readonly sample: Answer;
}

/** One sample, step by step, with its final answer. */
export function AnswerSteps({ state, sample }: AnswerProps): JSX.Element {
	const store = useStore();
	const raw = store.raw.value;
	const steps = stepsOf(sample).length;
	const wrong = firstWrongStep(state, sample);
	useStepToShow();
	return (
		<>
			{wrong && steps > 4 ? (
				<p class="jump">
					<Button
						label={
							`To ${wrong.by === 'teacher' ? 'the first wrong step' : 'the first low score'}, ` +
							`${wrong.step + 1} of ${steps}`
						}
						shortcut={shortcutOf(diagnosisKeys.wrongStep)}
						focus="toWrong"
						onPress={() => store.toWrongStep()}
					/>
				</p>
			) : null}
			<ol class={steps > 40 ? 'steps many' : 'steps'}>
				{stretchesOf(sample).map((stretch) => {
					const text = annotatedText(state, sample, stretch, raw);
					return stretch.step === null ? (
						<li key={stretch.from} class="step between">
							<div class="step-text">{text}</div>
						</li>
					) : (
						<Step
							key={`step ${stretch.step}`}
							index={stretch.step}
							of={steps}
							wrong={wrong?.step === stretch.step ? wrong : null}
							score={sample.stepScores?.[stretch.step]}
							isLow={isLowScore(sample.stepScores, stretch.step, state)}
							text={text}
						/>
					);
				})}
			</ol>
			<FinalAnswer gold={state.question.gold} sample={sample} raw={raw} />
		</>
	);
}

/** Scrolls to the step that the store names and focuses it, once it has been rendered. */
function useStepToShow(): void {
	const store = useStore();
	const target = store.stepToShow.value;
	useLayoutEffect(() => {
		if (target) {
			store.stepToShow.value = null;
			const element = document.getElementById(`step-${target.step}`);
			element?.scrollIntoView({ block: 'center' });
			element?.focus({ preventScroll: true });
		}
	}, [target]);
}

/**
 * Returns a passage of the answer with its annotated words marked. This is a function because a component for each step
 * is slow.
 */
function annotatedText(state: QuestionState, sample: Answer, stretch: Stretch, raw: boolean): JSX.Element {
	const text = sample.text.slice(stretch.from, stretch.to);
	const spans = spansIn(state, sample, stretch);
	return (
		<RichText
			text={text}
			raw={raw}
			decorate={(element) => markSpans(element, text, spans)}
			decoration={JSON.stringify(spans)}
		/>
	);
}

/** Returns the annotated parts of a passage of the answer, without dismissed annotations. */
function spansIn({ annotations }: QuestionState, sample: Answer, { from, to }: Stretch): MarkedSpan[] {
	return annotations
		.filter(
			(annotation) =>
				annotation.sample === sample.sample &&
				isInForce(annotation.action) &&
				annotation.start < to &&
				annotation.end > from,
		)
		.map(({ start, end, skills }) => ({
			start: Math.max(start, from) - from,
			end: Math.min(end, to) - from,
			label: `annotated, missing ${skills.map(({ name }) => skillLabel(name)).join(', ')}`,
		}));
}

interface StepProps {
	readonly index: number;
	readonly of: number;
	/** Set if this step is the first wrong one. */
	readonly wrong: WrongStep | null;
	readonly score: number | undefined;
	readonly isLow: boolean;
	readonly text: JSX.Element;
}

function Step(props: StepProps): JSX.Element {
	const { index, of, wrong, score, isLow, text } = props;
	const { glyph, color, label } = describeStep(props);
	const place = `${index + 1} of ${of}`;
	const low = isLow ? 'step low' : 'step';
	return (
		<li class={wrong ? `step wrong by-${wrong.by}` : low} id={`step-${index}`} tabIndex={wrong ? -1 : undefined}>
			<div class="step-mark">
				<span class="step-number">{index + 1}</span>
				<span class={`glyph glyph-${color}`} aria-hidden="true">
					{glyph}
				</span>
				{score === undefined ? null : (
					<span class="score" title={`Process reward ${score}`}>
						{score.toFixed(2)}
					</span>
				)}
				<span class="sr">{label === '' ? `Step ${place}` : `Step ${place}: ${label}`}</span>
			</div>
			<div class="step-text">
				{wrong ? <p class="step-word" aria-hidden="true">{`${label} · ${place}`}</p> : null}
				{text}
			</div>
		</li>
	);
}

function describeStep({ wrong, score, isLow }: Pick<StepProps, 'wrong' | 'score' | 'isLow'>): {
	readonly glyph: string;
	readonly color: 'good' | 'bad' | 'low';
	readonly label: string;
} {
	if (wrong) {
		return wrong.by === 'teacher'
			? { glyph: '✗', color: 'bad', label: 'first wrong step' }
			: { glyph: '?', color: 'low', label: 'first low score' };
	}
	if (score === undefined) {
		return { glyph: '', color: 'low', label: '' };
	}
	return isLow ? { glyph: '?', color: 'low', label: 'low score' } : { glyph: '✓', color: 'good', label: 'good' };
}

/** The sample's final answer beside the gold answer. */
function FinalAnswer(props: {
	readonly gold: string | null;
	readonly sample: Answer;
	readonly raw: boolean;
}): JSX.Element {
	const { gold, sample, raw } = props;
	const { extracted, verdict, logVerdict } = sample;
	const { glyph, label } = describeVerdict(verdict);
	const disagrees = logVerdict !== null && verdict !== null && logVerdict !== verdict;
	return (
		<p class={`final verdict-${label}`}>
			<span class="glyph" aria-hidden="true">
				{glyph}
			</span>
			final answer {extracted === null ? <em>not found</em> : <AnswerText text={extracted} raw={raw} />}
			{gold === null ? null : (
				<>
					{extracted === null ? ' · reference ' : <span class="relation">{relationOf(verdict)}</span>}
					<AnswerText text={gold} raw={raw} />
				</>
			)}
			<strong>{label}</strong>
			{disagrees ? <span class="dim">{`(the imported log says ${logVerdict ? 'right' : 'wrong'})`}</span> : null}
		</p>
	);
}

function relationOf(verdict: Answer['verdict']): string {
	if (verdict === null) {
		return '≟';
	}
	return verdict ? '=' : '≠';
}
