import { formatCount } from '../../src/core/text/formatNumber.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import { button } from '../kit/controls.tsx';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import { answerElement } from '../kit/maths.ts';
import { banner, ways } from '../kit/page.ts';
import { richText, visibleControls } from '../kit/richText.ts';
import type { View } from './view.ts';

/** "17 of 312 · number theory · level 4 · consistency 1/5", and the ways on. */
export function headerContent({ state, raw, act }: View): Child[] {
	const { question, index, total, consistency, samples } = state;
	const right = samples.filter(({ verdict }) => verdict === true).length;
	const facts = [
		question.subject ? skillLabel(question.subject) : null,
		question.level === null ? null : `level ${question.level}`,
		question.benchmark,
		samples.length > 1 ? `${right} of ${samples.length} right` : null,
		consistency === null ? null : `consistency ${consistency}/${samples.length}`,
	].filter((fact) => fact !== null);
	return [
		h(
			'div',
			{ class: 'place' },
			h(
				'h1',
				{},
				index < 0
					? `Left the list of ${formatCount(total)}`
					: `${formatCount(index + 1)} of ${formatCount(total)}`,
			),
			...facts.map((fact) => h('span', { class: 'fact' }, fact)),
			state.list === '' ? null : h('span', { class: 'fact list', title: 'What the list holds' }, state.list),
		),
		ways({
			what: 'question',
			isFirst: index === 0,
			isLast: index >= 0 && index + 1 >= total,
			go: (step) => act.go(step > 0 ? 'next' : 'previous'),
			raw,
			act,
		}),
	];
}

/** Why some things are off. */
export function bannerContent({ state }: View): Child[] {
	return [banner(state.surroundings, 'Corrections and teacher calls')];
}

export function questionContent({ state, raw, solutionOpen, act }: View): Child[] {
	const { question } = state;
	const answer =
		question.gold === null
			? h('p', { class: 'dim' }, 'no reference answer')
			: h(
					'p',
					{ class: 'gold' },
					'Reference answer',
					raw ? h('code', {}, visibleControls(question.gold)) : answerElement(visibleControls(question.gold)),
				);
	const solution =
		question.solution === null
			? null
			: h(
					'details',
					{
						class: 'solution',
						ontoggle: (event) => act.openSolution((event.currentTarget as HTMLDetailsElement).open),
						open: solutionOpen,
					},
					h(
						'summary',
						{ 'data-focus': 'solution' },
						'worked solution',
						h('kbd', { 'aria-hidden': 'true' }, 'S'),
					),
					richText(question.solution, raw),
				);
	return [h('h2', {}, 'Question'), richText(question.text, raw), h('div', { class: 'reference' }, answer, solution)];
}

/** What followed from this diagnosis, and where there is more of the kind. */
export function footerContent({ state, rows, act }: View): Child[] {
	const alike = state.alike.map(({ skill, questions }) =>
		h(
			'li',
			{},
			button({
				label: `${skillLabel(skill.name)}: ${formatCount(questions)} ▸`,
				name: `Show ${questions} questions that miss ${skillLabel(skill.name)}`,
				focus: `alike:${skill.subject}/${skill.name}`,
				onPress: () => act.showMissing(skill),
			}),
		),
	);
	const caused = (rows ?? []).map(({ dataset, count, first }) =>
		h(
			'details',
			{ class: 'caused' },
			h('summary', { 'data-focus': `rows:${dataset}` }, `${count} ${count === 1 ? 'row' : 'rows'} in ${dataset}`),
			h(
				'p',
				{ class: 'row-list' },
				...first.slice(0, 50).map((row) =>
					h(
						'button',
						{
							type: 'button',
							class: 'plain',
							title: 'Why this row?',
							'data-focus': `row:${dataset}:${row}`,
							onclick: () => act.why(dataset, row),
						},
						`row ${row}`,
					),
				),
				count > 50 ? h('span', { class: 'dim' }, `and ${count - 50} more`) : null,
			),
		),
	);
	return [
		alike.length > 0
			? h('section', { class: 'alike' }, h('h3', {}, 'More like this'), h('ul', {}, ...alike))
			: null,
		caused.length > 0 ? h('section', { class: 'rows' }, h('h3', {}, 'Rows this caused'), ...caused) : null,
	];
}
