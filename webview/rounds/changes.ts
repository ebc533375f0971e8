import { formatPoints, formatPValue, formatRange } from '../../src/core/text/formatChange.ts';
import { isSignificant, usefulGain } from '../../src/core/rounds/ledger.ts';
import { formatCount, formatMoney, formatPercent } from '../../src/core/text/formatNumber.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import type { ChangeLine, Compared, SkillLine } from './protocol.ts';

/** The end of an axis around zero that holds all intervals, with round quarters. */
function axisReach(lines: readonly (ChangeLine['change'] | null)[]): number {
	const largest = Math.max(0.02, ...lines.flatMap((change) => (change?.ci95 ? change.ci95.map(Math.abs) : [])));
	return [0.04, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1].find((end) => end >= largest) ?? 1;
}

/** Overall, subjects and levels: a point with its interval on one axis around zero. A list that reads without eyes. */
export function changeList(lines: readonly ChangeLine[]): Child[] {
	const reach = axisReach(lines.map(({ change }) => change));
	return [
		axis(reach),
		h(
			'ol',
			{ class: 'changes' },
			...lines.map(({ name, change }) =>
				h(
					'li',
					{ class: 'change-row' },
					h('span', { class: 'name' }, name, h('span', { class: 'dim' }, ` · ${questions(change.n)}`)),
					plot(change, reach, null),
					numbers(change),
				),
			),
		),
	];
}

/** Skills, most missed first, with what was bought for each. */
export function skillList(
	skills: readonly SkillLine[],
	{ isLedger, controls }: Compared,
	onOpen: (skill: SkillRef) => void,
): Child[] {
	const reach = axisReach(skills.map(({ change }) => change));
	const more = (skill: SkillLine): string =>
		[
			skill.missed > 0 ? `missed by ${skill.missed}` : 'not missed',
			isLedger
				? `${formatCount(skill.rows)} rows${skill.cost === null ? '' : `, ${formatMoney(skill.cost)}`}`
				: '',
			...skill.controls.map(({ over }, at) =>
				over
					? `beyond ${controls[at]?.name ?? ''}: ${formatPoints(over.delta)} (${formatRange(over.ci95)})`
					: '',
			),
		]
			.filter(Boolean)
			.join(' · ');
	return [
		axis(reach),
		h(
			'ol',
			{ class: 'changes' },
			...skills.map((skill) =>
				h(
					'li',
					{ class: 'change-row' },
					h(
						'span',
						{ class: 'name' },
						h(
							'button',
							{
								type: 'button',
								class: 'plain',
								'data-focus': `skill:${skillKey(skill)}`,
								title: 'Show the questions that miss it',
								onclick: () => onOpen(skill),
							},
							skillLabel(skill.name),
						),
						skill.change ? h('span', { class: 'dim' }, ` · ${questions(skill.change.n)}`) : null,
						finding(skill),
						skill.fruitless
							? h(
									'span',
									{
										class: 'tag fruitless',
										title:
											'At least an even share of the rows were for it, and the interval ' +
											`of its gain ends below +${usefulGain * 100} points`,
									},
									'no useful gain',
								)
							: null,
					),
					skill.change
						? plot(skill.change, reach, skill.controls[0]?.gain ?? null)
						: h('span', { class: 'dim plot-none' }, 'no compared question needs it'),
					skill.change ? numbers(skill.change) : null,
					h('span', { class: 'more-words' }, more(skill)),
				),
			),
		),
	];
}

function finding({ finding: found, controls }: SkillLine): Child {
	if (found === null) {
		return null;
	}
	const beyond = controls.length > 0 && controls.every((arm) => arm.finding === found);
	return h(
		'span',
		{ class: `tag ${found}` },
		`${found === 'gain' ? '▲ gain' : '▼ loss'}${beyond ? ', beyond control' : ''}`,
	);
}

function numbers(change: ChangeLine['change']): HTMLElement {
	const p = change.pHolm ?? change.p;
	return h(
		'span',
		{ class: 'numbers-words' },
		h('strong', {}, formatPoints(change.delta)),
		h('span', {}, ` (${formatRange(change.ci95)})`),
		h('span', { class: 'dim' }, ` ${formatPercent(change.before)} → ${formatPercent(change.after)}`),
		h('span', { class: 'dim' }, ` p ${formatPValue(p)}`),
	);
}

function questions(count: number): string {
	return count === 1 ? '1 question' : `${formatCount(count)} questions`;
}

function axis(reach: number): HTMLElement {
	return h(
		'div',
		{ class: 'change-row axis-row', 'aria-hidden': 'true' },
		h('span', {}),
		h(
			'div',
			{ class: 'axis-ticks' },
			...[-1, -0.5, 0, 0.5, 1].map((part) =>
				h('span', {}, part === 0 ? '0' : formatPoints(part * reach, reach < 0.2 ? 1 : 0)),
			),
		),
		h('span', { class: 'dim' }, 'change in points (95 % interval)'),
	);
}

/** Positions go through the style object: the policy has no inline styles. */
function plot({ delta, ci95, p, pHolm = p }: ChangeLine['change'], reach: number, control: number | null): HTMLElement {
	const place = (value: number): number => Math.min(100, Math.max(0, 50 + (value / reach) * 50));
	const box = h('span', { class: 'interval-plot', 'aria-hidden': 'true' });
	const put = (name: string, from: number, to?: number): void => {
		const mark = h('span', { class: name });
		mark.style.left = `${place(from)}%`;
		if (to !== undefined) {
			mark.style.width = `${place(to) - place(from)}%`;
		}
		box.append(mark);
	};
	if (ci95 && delta !== null) {
		// Marked where it holds over the whole family, not where one interval of many happens to miss zero.
		put(isSignificant(pHolm) ? 'range clear' : 'range', ci95[0], ci95[1]);
		put('point', delta);
	}
	if (control !== null) {
		put('control-point', control);
	}
	return box;
}

/** The skills as Markdown, for notes. */
export function skillsAsMarkdown(skills: readonly SkillLine[]): string {
	const cell = (text: string): string => text.replace(/[\\|`*_<>[\]]/g, '\\$&');
	const rows = skills.map(({ subject, name, missed, rows: bought, change, finding: found, fruitless }) => [
		cell(skillLabel(name)),
		cell(skillLabel(subject)),
		String(missed),
		String(bought),
		String(change?.n ?? 0),
		formatPercent(change?.before ?? null),
		formatPercent(change?.after ?? null),
		formatPoints(change?.delta ?? null),
		formatRange(change?.ci95 ?? null),
		formatPValue(change?.pHolm ?? null),
		[found ?? '', fruitless ? 'no useful gain' : ''].filter(Boolean).join(', '),
	]);
	return (
		[
			'| skill | subject | missed | rows | n | before | after | change | 95 % interval | p (Holm) | finding |',
			'| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |',
			...rows.map((cells) => `| ${cells.join(' | ')} |`),
		].join('\n') + '\n'
	);
}
