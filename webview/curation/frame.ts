import type { CurationStatus, ItemFilter } from '../../src/core/curation/curation.ts';
import { curationStatuses } from '../../src/core/curation/curation.ts';
import { formatCount, formatWholePercent } from '../../src/core/text/formatNumber.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { button, dropdown } from '../kit/controls.tsx';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import { banner, ways } from '../kit/page.ts';
import { visibleControls } from '../kit/richText.ts';
import type { QueueState } from './protocol.ts';
import type { View } from './view.ts';
import { flagWords, plural, statusGlyphs } from './view.ts';

/** "132 of 1,204 seen, 91% accepted, 1.4 s each", and the ways on. */
export function headerContent({ queue, item, raw, isListShown, pace, act }: View): Child[] {
	const { accepted, edited, rejected, waiting } = queue.counts;
	const seen = accepted + edited + rejected;
	const all = seen + waiting;
	const words = [
		`${formatCount(seen)} of ${formatCount(all)} seen`,
		seen > 0 ? `${formatWholePercent((accepted + edited) / seen)} accepted` : null,
		pace === null ? null : `${pace.toFixed(1)} s each`,
	]
		.filter((word) => word !== null)
		.join(', ');
	const bar = h(
		'div',
		{ class: 'progress', 'aria-hidden': 'true' },
		...(
			[
				['accepted', accepted],
				['edited', edited],
				['rejected', rejected],
			] as const
		).map(([status, count]) => {
			const part = h('span', { class: `part part-${status}` });
			part.style.width = `${all === 0 ? 0 : (100 * count) / all}%`;
			return part;
		}),
	);
	return [
		h(
			'div',
			{ class: 'bar' },
			h(
				'div',
				{ class: 'place' },
				h(
					'h1',
					{},
					queue.total === 0
						? 'Nothing here'
						: item
							? `${formatCount(item.index + 1)} of ${formatCount(queue.total)}`
							: formatCount(queue.total),
				),
				h('span', { class: 'fact' }, queue.dataset),
				h(
					'span',
					{ class: 'fact seen', title: 'The time is the middle one of your latest decisions in this panel.' },
					words,
				),
				demandContent(queue, act.demand),
			),
			ways(
				{
					what: 'problem',
					isFirst: !item || item.index === 0,
					isLast: !item || item.index + 1 >= queue.total,
					go: act.go,
					raw,
					act,
				},
				button({
					label: 'List',
					key: 'L',
					pressed: isListShown,
					focus: 'list-toggle',
					onPress: act.toggleList,
				}),
			),
		),
		bar,
	];
}

const demandWords = {
	none: 'nothing need be looked at before an export',
	flagged: 'flagged ones',
	sample: 'one in ten',
	all: 'all',
} as const;

function demandContent({ demand, demanded }: QueueState, onPress: () => void): HTMLElement {
	const words =
		demand === 'none'
			? 'curation not demanded'
			: `demanded: ${demandWords[demand]}, ${demanded === 0 ? 'all looked at' : `${formatCount(demanded)} wait`}`;
	return h(
		'span',
		{ class: 'fact' },
		h(
			'button',
			{
				type: 'button',
				class: 'plain demand',
				title: 'What must be looked at before this dataset is exported or trained on',
				'data-focus': 'demand',
				onclick: onPress,
			},
			words,
		),
	);
}

/** Why some things are off. */
export function bannerContent({ queue }: View): Child[] {
	return [banner(queue, 'Decisions and teacher calls')];
}

const any = 'any';

/** Which of the queue the list shows; the field for text stands outside and keeps its caret. */
export function filterContent(
	{ filter, counts, skills, flags }: QueueState,
	onChange: (filter: ItemFilter) => void,
): Child[] {
	const whole = Object.values(counts).reduce((sum, count) => sum + count, 0);
	// An empty value is one the toolkit cannot choose.
	const skillChoices = skills.map((skill): [string, string] => [
		skillKey(skill),
		`${visibleControls(skillLabel(skill.name))} (${formatCount(skill.items)})`,
	]);
	return [
		dropdown({
			label: 'Status',
			focus: 'filter-status',
			value: filter.status ?? any,
			choices: [
				[any, `any status (${formatCount(whole)})`],
				...curationStatuses.map((status): [string, string] => [
					status,
					`${statusGlyphs[status]} ${status} (${formatCount(counts[status])})`,
				]),
			],
			onChange: (value) => onChange({ ...filter, status: value === any ? undefined : (value as CurationStatus) }),
		}),
		dropdown({
			label: 'Skill',
			focus: 'filter-skill',
			value: filter.skill ? skillKey(filter.skill) : any,
			choices: [[any, `any skill (${formatCount(skills.length)})`], ...skillChoices],
			onChange: (value) =>
				onChange({ ...filter, skill: skillOf(skills.find((skill) => skillKey(skill) === value)) }),
		}),
		dropdown({
			label: 'Flag',
			focus: 'filter-flag',
			value: filter.flag ?? (filter.flagged === undefined ? any : filter.flagged ? 'flagged' : 'unflagged'),
			choices: [
				[any, 'flagged or not'],
				['flagged', '⚑ any flag'],
				['unflagged', 'no flag'],
				...flags.map(({ flag, items }): [string, string] => [
					flag,
					`${flagWords[flag][1]} (${formatCount(items)})`,
				]),
			],
			onChange: (value) =>
				onChange({
					...filter,
					flagged: value === 'flagged' ? true : value === 'unflagged' ? false : undefined,
					flag: flags.find(({ flag }) => flag === value)?.flag,
				}),
		}),
	];
}

/** What the buttons under the item do; the keys are on them. */
export function actionsContent({ queue, item, chosen, last, preview, act }: View): Child[] {
	const off = queue.readOnly !== null || (!item && chosen === 0);
	const several = chosen > 0;
	const count = several ? ` ${formatCount(chosen)}` : '';
	const lastWords =
		last === null
			? null
			: last.kind === 'accepted'
				? 'accept'
				: last.kind === 'rejected'
					? `reject: ${last.reason}`
					: `replace “${visibleControls(last.find).slice(0, 20)}”`;
	return [
		several
			? h(
					'p',
					{ class: 'chosen-words' },
					`${plural(chosen, 'problem', 'problems')} chosen. `,
					h(
						'button',
						{ type: 'button', class: 'plain', 'data-focus': 'clear', onclick: act.clearChosen },
						'Choose none',
					),
					h('kbd', { 'aria-hidden': 'true' }, 'Esc'),
				)
			: null,
		h(
			'div',
			{ class: 'actions', role: 'toolbar', 'aria-label': 'Decide' },
			button({
				label: `Accept${count}`,
				key: 'A',
				primary: true,
				focus: 'accept',
				disabled: off,
				onPress: act.accept,
			}),
			button({ label: `Reject${count}…`, key: 'R', focus: 'reject', disabled: off, onPress: act.askReason }),
			button({
				label: preview && !several ? 'Editing…' : 'Edit',
				key: 'E',
				focus: 'edit',
				disabled: off || several,
				onPress: act.edit,
			}),
			button({
				label: item?.asking ? 'The teacher is asked…' : 'Regenerate…',
				key: 'G',
				focus: 'regenerate',
				disabled: off || several || item?.asking === true,
				onPress: act.askHint,
			}),
			button({
				label: queue.undo === null ? 'Undo' : `Undo: ${queue.undo}`,
				name: queue.undo === null ? undefined : `Undo: ${queue.undo}`,
				key: 'U',
				focus: 'undo',
				disabled: queue.readOnly !== null,
				onPress: act.undo,
			}),
			lastWords === null
				? null
				: button({
						label: `Again: ${lastWords}`,
						key: '.',
						focus: 'repeat',
						disabled: off,
						onPress: act.repeat,
					}),
		),
	];
}

/** "Replace “X” by “Y” in 37 others?" */
export function repairContent({ offer, queue, act }: View): Child[] {
	if (!offer) {
		return [];
	}
	const passage = (text: string): HTMLElement =>
		h('q', {}, text === '' ? 'nothing' : visibleControls(text.length > 80 ? `${text.slice(0, 80)}…` : text));
	return [
		h(
			'section',
			{ class: 'offer', 'aria-label': 'The same repair elsewhere' },
			h(
				'p',
				{},
				'The same repair fits ',
				h('strong', {}, plural(offer.matched, 'other problem', 'others')),
				': ',
				passage(offer.find),
				' becomes ',
				passage(offer.replace),
				'. Those nobody looked at still wait.',
			),
			h(
				'details',
				{},
				h(
					'summary',
					{ 'data-focus': 'offer-examples' },
					offer.examples.length < offer.matched
						? `The first ${offer.examples.length} of ${formatCount(offer.matched)}`
						: 'Show',
				),
				h(
					'dl',
					{ class: 'examples' },
					...offer.examples.flatMap(({ before, after }) => [
						h('dt', {}, h('span', { class: 'sr' }, 'Before: '), h('del', {}, visibleControls(before))),
						h('dd', {}, h('span', { class: 'sr' }, 'After: '), h('ins', {}, visibleControls(after))),
					]),
				),
			),
			h(
				'div',
				{ class: 'actions' },
				button({
					label: `Repair all ${formatCount(offer.matched)}`,
					key: 'P',
					focus: 'repair',
					primary: true,
					disabled: queue.readOnly !== null,
					onPress: act.applyRepair,
				}),
				button({ label: 'Not now', focus: 'no-repair', onPress: act.dropRepair }),
			),
		),
	];
}

function skillOf(skill: SkillRef | undefined): SkillRef | undefined {
	return skill && { subject: skill.subject, name: skill.name };
}
