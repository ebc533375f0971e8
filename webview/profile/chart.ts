import { formatCount, formatPercent } from '../../src/core/text/formatNumber.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import type { Rank } from '../../src/core/profile/profile.ts';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import type { Row } from './numbers.ts';
import { axisEnd, changeWords } from './numbers.ts';

export interface ChartOptions {
	readonly rows: readonly Row[];
	readonly rank: Rank;
	readonly now: number;
	/** The other round's number, `null` without one. */
	readonly before: number | null;
	readonly subjects: number;
	readonly onOpen: (skill: SkillRef) => void;
}

/**
 * Bars with intervals, the training set's share as a mark on the same axis, the other round as a second bar. A list, so
 * it reads without eyes.
 */
export function chart({ rows, rank, now, before, subjects, onOpen }: ChartOptions): Child[] {
	const marks = rank === 'share';
	const end = axisEnd(
		Math.max(
			0.01,
			...rows.flatMap(({ interval, beforeValue, skill }) => [
				interval?.[1] ?? 0,
				beforeValue ?? 0,
				marks ? (skill.trainShare ?? 0) : 0,
			]),
		),
	);
	const items = rows.map((row) => {
		const label = skillLabel(row.skill.name);
		const words = changeWords(row);
		const plot = h('div', { class: 'plot', 'aria-hidden': 'true' });
		if (row.value !== null) {
			plot.append(placed('bar', 0, row.value / end));
		}
		if (row.beforeValue !== null) {
			plot.append(placed('bar-before', 0, row.beforeValue / end));
		}
		if (row.interval) {
			plot.append(placed('whisker', row.interval[0] / end, (row.interval[1] - row.interval[0]) / end));
		}
		if (marks && row.skill.trainShare !== null) {
			plot.append(placed('mark', row.skill.trainShare / end, 0));
		}
		return h(
			'li',
			{ class: before === null ? 'row' : 'row two' },
			h(
				'button',
				{
					type: 'button',
					class: 'skill',
					'data-focus': `skill:${skillKey(row.skill)}`,
					title: `Show the questions that miss ${label}`,
					onclick: () => onOpen(row.skill),
				},
				h('span', {}, label),
				subjects > 1 ? h('span', { class: 'subject' }, skillLabel(row.skill.subject)) : null,
			),
			plot,
			h(
				'span',
				{ class: 'number' },
				h('strong', {}, formatCount(row.skill.questions)),
				h('span', {}, ` · ${formatPercent(row.value)}`),
				h('span', { class: 'sr' }, sentence(row, marks)),
			),
			words === '' ? null : h('span', { class: 'change' }, words),
		);
	});
	return [
		legend(marks, now, before),
		h(
			'div',
			{ class: 'axis', 'aria-hidden': 'true' },
			h('span', {}),
			h(
				'div',
				{ class: 'ticks' },
				...[0, 0.25, 0.5, 0.75, 1].map((part) =>
					h('span', {}, `${+(part * end * 100).toFixed(1)}${part === 1 ? ' %' : ''}`),
				),
			),
			h('span', {}),
		),
		h('ol', { class: 'bars' }, ...items),
	];
}

/** Sizes go through the style object: the policy has no inline styles. */
function placed(name: string, from: number, width: number): HTMLElement {
	const element = h('span', { class: name });
	element.style.left = `${Math.min(100, from * 100)}%`;
	if (width > 0) {
		element.style.width = `${Math.min(100, width * 100)}%`;
	}
	return element;
}

function sentence({ interval, skill }: Row, marks: boolean): string {
	const range = interval
		? `, 95 percent interval ${formatPercent(interval[0])} to ${formatPercent(interval[1])}`
		: '';
	return `${range}${marks && skill.trainShare !== null ? `; ${formatPercent(skill.trainShare)} of the training set` : ''}`;
}

function legend(marks: boolean, now: number, before: number | null): HTMLElement {
	const key = (name: string, text: string): HTMLElement =>
		h('li', {}, h('span', { class: `key ${name}`, 'aria-hidden': 'true' }), text);
	return h(
		'ul',
		{ class: 'legend', 'aria-label': 'Legend' },
		key(
			'bar',
			before === null
				? marks
					? 'share of the profiled questions that miss it'
					: 'of the questions that need it, those that miss it'
				: `round ${now}`,
		),
		before === null ? null : key('bar-before', `round ${before}`),
		key('whisker', '95 % interval'),
		marks ? key('mark', 'its share of the training set') : null,
	);
}
