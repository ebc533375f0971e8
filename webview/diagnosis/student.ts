import { isInForce } from '../../src/core/diagnosis/annotation.ts';
import { isLowScore } from '../../src/core/difficulty/difficulty.ts';
import type { Answer } from '../../src/core/questions/answer.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { button } from '../kit/controls.tsx';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import { answerElement } from '../kit/maths.ts';
import { richText, visibleControls } from '../kit/richText.ts';
import type { MarkedSpan } from './marks.ts';
import { markSpans } from './marks.ts';
import type { View } from './view.ts';
import { firstWrongStep, stepsOf } from './view.ts';

const verdictWords = { true: ['✓', 'right'], false: ['✗', 'wrong'], null: ['?', 'unsure'] } as const;
type VerdictKey = keyof typeof verdictWords;

/** The samples, one key or click away each, with verdict and final answer. */
export function sampleTabs({ state, sample, act }: View): Child[] {
	const { samples } = state;
	if (samples.length < 2 || !sample) {
		return [];
	}
	const tabs = samples.map((one, index) => {
		const [glyph, word] = verdictWords[String(one.verdict) as VerdictKey];
		const chosen = one.sample === sample.sample;
		return h(
			'button',
			{
				class: `tab verdict-${word}`,
				role: 'tab',
				type: 'button',
				'aria-selected': String(chosen),
				tabindex: chosen ? 0 : -1,
				'data-focus': `sample:${one.sample}`,
				'aria-controls': 'answer',
				title: index < 9 ? `Sample ${index + 1} (key ${index + 1})` : `Sample ${index + 1}`,
				onclick: () => act.showSample(one.sample),
			},
			h('span', { class: 'sr' }, 'Sample '),
			h('span', { class: 'tab-number' }, index + 1),
			h('span', { class: 'glyph', 'aria-hidden': 'true' }, glyph),
			h('span', { class: 'sr' }, `, ${word}, final answer `),
			one.extracted === null
				? h('span', { class: 'dim' }, 'no answer')
				: h('span', { class: 'tab-answer' }, answerElement(visibleControls(shorten(one.extracted)))),
		);
	});
	const list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Samples' }, ...tabs);
	list.addEventListener('keydown', (event) => {
		const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
		const target =
			samples[
				(samples.findIndex((one) => one.sample === sample.sample) + step + samples.length) % samples.length
			];
		if (step !== 0 && target) {
			event.preventDefault();
			act.showSample(target.sample);
		}
	});
	return [list];
}

function shorten(text: string): string {
	return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

/** One sample, step by step, and what came out. */
export function answerContent({ state, sample, raw, act }: View): Child[] {
	if (!sample) {
		return [h('p', { class: 'empty' }, `No answer of ${state.student} in round ${state.round} to this question.`)];
	}
	const steps = stepsOf(sample);
	const wrong = firstWrongStep(state, sample);
	const shown = (from: number, to: number): HTMLElement => {
		const text = sample.text.slice(from, to);
		const element = richText(text, raw);
		markSpans(element, text, spansIn(state, sample, from, to));
		return element;
	};
	const list = h('ol', { class: steps.length > 40 ? 'steps many' : 'steps' });
	let end = 0;
	const between = (from: number, to: number): void => {
		// Text outside the stored steps is shown too: nothing of an answer may be missing here.
		if (sample.text.slice(from, to).trim() !== '') {
			list.append(h('li', { class: 'step between' }, h('div', { class: 'step-text' }, shown(from, to))));
		}
	};
	steps.forEach(([from, to], index) => {
		between(end, from);
		list.append(stepElement(state, sample, index, steps.length, wrong, shown(from, to)));
		end = Math.max(end, to);
	});
	between(end, sample.text.length);
	return [
		wrong && steps.length > 4
			? h(
					'p',
					{ class: 'jump' },
					button({
						label:
							`To ${wrong.by === 'teacher' ? 'the first wrong step' : 'the first low score'}, ` +
							`${wrong.step + 1} of ${steps.length}`,
						key: 'W',
						focus: 'toWrong',
						onPress: act.toWrongStep,
					}),
				)
			: null,
		list,
		finalAnswer(state.question.gold, sample, raw),
	];
}

/** The parts of a stretch of the answer that people annotated, dismissed ones left out. */
function spansIn({ annotations }: View['state'], sample: Answer, from: number, to: number): MarkedSpan[] {
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
			words: `annotated, missing ${skills.map(({ name }) => skillLabel(name)).join(', ')}`,
		}));
}

function stepElement(
	state: View['state'],
	sample: Answer,
	index: number,
	of: number,
	wrong: ReturnType<typeof firstWrongStep>,
	text: HTMLElement,
): HTMLElement {
	const score = sample.stepScores?.[index];
	const isFirstWrong = wrong?.step === index;
	const low = isLowScore(sample.stepScores, index, state);
	const [glyph, word] =
		isFirstWrong && wrong.by === 'teacher'
			? ['✗', 'first wrong step']
			: isFirstWrong
				? ['?', 'first low score']
				: score === undefined
					? ['', '']
					: low
						? ['?', 'low score']
						: ['✓', 'good'];
	const place = `${index + 1} of ${of}`;
	return h(
		'li',
		{
			class: `step ${isFirstWrong ? `wrong by-${wrong.by}` : low ? 'low' : ''}`,
			id: `step-${index}`,
			tabindex: isFirstWrong ? -1 : undefined,
		},
		h(
			'div',
			{ class: 'step-mark' },
			h('span', { class: 'step-number' }, index + 1),
			h(
				'span',
				{
					class: `glyph glyph-${glyph === '✓' ? 'good' : glyph === '✗' ? 'bad' : 'low'}`,
					'aria-hidden': 'true',
				},
				glyph,
			),
			score === undefined
				? null
				: h('span', { class: 'score', title: `Process reward ${score}` }, score.toFixed(2)),
			h('span', { class: 'sr' }, word === '' ? `Step ${place}` : `Step ${place}: ${word}`),
		),
		h(
			'div',
			{ class: 'step-text' },
			isFirstWrong ? h('p', { class: 'step-word', 'aria-hidden': 'true' }, `${word} · ${place}`) : null,
			text,
		),
	);
}

function finalAnswer(gold: string | null, sample: Answer, raw: boolean): HTMLElement {
	const show = (text: string): Child =>
		raw ? h('code', {}, visibleControls(text)) : answerElement(visibleControls(text));
	const [glyph, word] = verdictWords[String(sample.verdict) as VerdictKey];
	const disagrees = sample.logVerdict !== null && sample.verdict !== null && sample.logVerdict !== sample.verdict;
	const compared =
		gold === null
			? []
			: [
					h(
						'span',
						{ class: 'relation' },
						sample.verdict === true ? '=' : sample.verdict === false ? '≠' : '≟',
					),
					show(gold),
				];
	return h(
		'p',
		{ class: `final verdict-${word}` },
		h('span', { class: 'glyph', 'aria-hidden': 'true' }, glyph),
		'final answer ',
		sample.extracted === null ? h('em', {}, 'not found') : show(sample.extracted),
		...(sample.extracted === null && gold !== null ? [' · reference ', show(gold)] : compared),
		h('strong', {}, word),
		disagrees
			? h('span', { class: 'dim' }, `(the imported log says ${sample.logVerdict ? 'right' : 'wrong'})`)
			: null,
	);
}
