import '../kit/base.css';
import './rounds.css';
import { formatPoints, formatPValue, formatRange } from '../../src/core/text/formatChange.ts';
import { usefulGain } from '../../src/core/rounds/ledger.ts';
import { formatCount, formatPercent } from '../../src/core/text/formatNumber.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillLabel } from '../../src/core/skills/skill.ts';
import type { Scope } from '../../src/core/scope.ts';
import { button, dropdown } from '../kit/controls.tsx';
import type { Child } from '../kit/dom.ts';
import { h, part, Section } from '../kit/dom.ts';
import { connect } from '../kit/host.ts';
import type { Key } from '../kit/keys.ts';
import { listenForKeys } from '../kit/keys.ts';
import { Page } from '../kit/page.ts';
import { Notices } from '../kit/states.ts';
import { changeList, skillList, skillsAsMarkdown } from './changes.ts';
import { lineage, title } from './lineage.ts';
import type { FlipLine, How, Remembered, RoundsState, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';

interface View {
	readonly state: RoundsState;
	readonly all: boolean;
	readonly to: 'right' | 'wrong';
	readonly shown: number;
}

const few = 10;
const flipsAtOnce = 50;
const host = connect<ToHost, ToPage, Remembered>();
const notices = new Notices();

let state: RoundsState | undefined;
let all = host.remembered.all ?? false;
let to: 'right' | 'wrong' = host.remembered.to ?? 'right';
let shown = flipsAtOnce;

const sections: readonly Section<View>[] = [
	new Section<View>(part('header', 'head'), ({ state: { trusted } }) => [trusted], headContent),
	new Section<View>(
		part('section', 'tree', 'Rounds'),
		({ state: { rounds, before, after, trusted } }) => [rounds, before, after, trusted],
		({ state: now }) =>
			lineage(now, {
				choose,
				view: (round) => host.post({ type: toHost.view, round }),
				correct: (round) => host.post({ type: toHost.correct, round }),
			}),
	),
	new Section<View>(
		part('div', 'controls'),
		({ state: { how, benchmarks, splits } }) => [how, benchmarks, splits],
		controlsContent,
	),
	new Section<View>(
		part('section', 'summary', 'Comparison'),
		({ state: { compared, problem, before, after } }) => [
			compared?.lines,
			compared?.right,
			compared?.split,
			compared?.validation,
			problem,
			before,
			after,
		],
		summaryContent,
	),
	new Section<View>(
		part('section', 'skills', 'Skills'),
		({ state: { compared }, all: everything }) => [compared?.skills, compared?.controls, everything],
		skillsContent,
	),
	new Section<View>(
		part('section', 'flips', 'Questions that changed sides'),
		({ state: { compared }, to: side, shown: many }) => [compared?.flips, side, many],
		flipsContent,
	),
];
const keyList = listenForKeys(() => keys);
const page = new Page(
	sections.map(({ element }) => element),
	notices.element,
	keyList.element,
);

const keys: readonly Key[] = [
	{ keys: ['a'], shown: 'A', does: 'all skills, or the ten most missed', run: () => set({ all: !all }) },
	{
		keys: ['f'],
		shown: 'F',
		does: 'questions that turned right, or wrong',
		run: () => set({ to: to === 'right' ? 'wrong' : 'right' }),
	},
	{ keys: ['r'], shown: 'R', does: 'report as Markdown', run: () => host.post({ type: toHost.report }) },
	{ keys: ['c'], shown: 'C', does: 'copy the skills as Markdown', run: copy },
	{ keys: ['s'], shown: 'S', does: 'before and after, the other way round', run: swap },
	{ keys: ['?'], shown: '?', does: 'this list', run: () => keyList.toggle() },
];

function headContent({ state: { trusted } }: View): Child[] {
	return [
		h('h1', {}, 'Rounds'),
		h(
			'div',
			{ class: 'buttons' },
			button({
				label: 'Report',
				key: 'R',
				focus: 'report',
				name: 'Report as Markdown',
				onPress: () => host.post({ type: toHost.report }),
			}),
			button({
				label: 'Next Round…',
				focus: 'next',
				disabled: !trusted,
				name: 'Take the next round from a finished job…',
				onPress: () => host.post({ type: toHost.next }),
			}),
		),
	];
}

function controlsContent({ state: { how, benchmarks, splits } }: View): Child[] {
	const change = (next: Partial<How>): void => send(state?.before ?? null, state?.after ?? null, { ...how, ...next });
	return [
		benchmarks.length > 1
			? dropdown({
					label: 'Benchmark',
					focus: 'benchmark',
					value: how.benchmark ?? '*',
					choices: [['*', 'all'], ...benchmarks.map((name) => [name, name] as const)],
					onChange: (value) => change({ benchmark: value === '*' ? null : value }),
				})
			: null,
		splits.length > 1
			? dropdown({
					label: 'Questions',
					focus: 'split',
					value: how.split ?? '*',
					choices: [
						['*', 'test, where both answered'],
						['all', 'validation and test'],
						...splits.map((name) => [name, name] as const),
					],
					onChange: (value) =>
						change({ split: value === 'all' || value === 'test' || value === 'validation' ? value : null }),
				})
			: null,
		dropdown({
			label: 'Answers',
			focus: 'answers',
			value: how.answers,
			choices: [
				['all', 'mean of all'],
				['first', 'first only'],
			],
			onChange: (value) => change({ answers: value === 'first' ? 'first' : 'all' }),
		}),
	];
}

function summaryContent({ state: { compared, problem, before, after } }: View): Child[] {
	if (!compared) {
		return [
			h(
				'p',
				{ class: 'empty' },
				problem ??
					'Two rounds with answers to the same questions can be compared. Train the student, ' +
						'have it answer, and take the next round from the job.',
			),
		];
	}
	const overall = compared.lines[0]?.change;
	return [
		h('h2', {}, before && after ? `${title(before)} → ${title(after)}` : 'Comparison'),
		overall
			? h(
					'p',
					{ class: 'big' },
					h('strong', {}, `${formatPercent(overall.before)} → ${formatPercent(overall.after)}`),
					h(
						'span',
						{},
						` ${formatPoints(overall.delta)} points (${formatRange(overall.ci95)}), p ${formatPValue(overall.p)}`,
					),
				)
			: null,
		h(
			'p',
			{ class: 'dim' },
			[
				`${formatCount(overall?.n ?? 0)} ${compared.split === 'all' ? '' : `${compared.split} `}questions`,
				`${formatCount(compared.right)} turned right, ${formatCount(compared.wrong)} turned wrong`,
				compared.dataset === null ? '' : `trained on ${compared.dataset}`,
				compared.leftOut,
			]
				.filter(Boolean)
				.join(' · '),
		),
		compared.validation > 0
			? h(
					'p',
					{ class: 'dim' },
					`${formatCount(compared.validation)} of them are validation questions: the student is ` +
						'profiled on them and a sweep chooses its learning rate by them, so the gain is likely ' +
						'too large. Report test questions.',
				)
			: null,
		compared.lines.length > 1 ? h('div', {}, ...changeList(compared.lines.slice(1))) : null,
	];
}

function skillsContent({ state: { compared }, all: everything }: View): Child[] {
	if (!compared || compared.skills.length === 0) {
		return [];
	}
	const { skills, controls, family, isLedger } = compared;
	const sides = controls
		.map(({ name, equalSize }) => `${name}${equalSize === false ? ' (of another size)' : ''}`)
		.join(', ');
	const found = skills.filter(({ finding }) => finding !== null).length;
	const fruitless = skills.filter((skill) => skill.fruitless).length;
	return [
		h('h2', {}, isLedger ? 'Skill ledger' : 'Skills'),
		h(
			'p',
			{ class: 'dim' },
			`${found === 0 ? 'No skill' : `${found} of ${family} skills`} changed beyond chance: p is ` +
				`corrected for all ${family} (Holm, 5 ` +
				`%).${isLedger ? ' Rows and cost are what was bought for the skill.' : ''}${fruitless === 0 ? '' : ` ${fruitless} with no useful gain: at least an even share of the rows, and an interval ` + `that ends below +${usefulGain * 100} points.`}${sides === '' ? (isLedger ? ' No control arm: part of each gain may be what any training brings.' : '') : ` Hollow marks: control arm ${sides}.`}`,
		),
		...skillList(everything ? skills : skills.slice(0, few), compared, (skill: SkillRef) =>
			host.post({ type: toHost.showMissing, skill: { subject: skill.subject, name: skill.name } }),
		),
		h(
			'div',
			{ class: 'buttons' },
			skills.length > few
				? button({
						label: everything ? `Only the ${few} most missed` : `All ${skills.length} skills`,
						key: 'A',
						focus: 'all',
						onPress: () => set({ all: !all }),
					})
				: null,
			button({ label: 'Copy as Markdown', key: 'C', focus: 'copy', onPress: copy }),
		),
	];
}

function flipsContent({ state: { compared }, to: side, shown: many }: View): Child[] {
	if (!compared || compared.right + compared.wrong === 0) {
		return [];
	}
	const of = compared.flips.filter((flip) => flip.to === side);
	const total = side === 'right' ? compared.right : compared.wrong;
	const words = (flip: FlipLine): string =>
		[flip.subject === null ? '' : skillLabel(flip.subject), flip.level === null ? '' : `level ${flip.level}`]
			.filter(Boolean)
			.join(', ');
	return [
		h('h2', {}, 'Questions that changed sides'),
		h(
			'div',
			{ class: 'buttons', role: 'group', 'aria-label': 'Which' },
			button({
				label: `Turned right (${formatCount(compared.right)})`,
				focus: 'to:right',
				pressed: side === 'right',
				onPress: () => set({ to: 'right' }),
			}),
			button({
				label: `Turned wrong (${formatCount(compared.wrong)})`,
				focus: 'to:wrong',
				pressed: side === 'wrong',
				onPress: () => set({ to: 'wrong' }),
			}),
		),
		h(
			'ol',
			{ class: 'flip-list' },
			...of.slice(0, many).map((flip) =>
				h(
					'li',
					{},
					h(
						'button',
						{
							type: 'button',
							class: 'plain',
							'data-focus': `flip:${flip.questionId}`,
							title: 'Both answers side by side',
							onclick: () => host.post({ type: toHost.flip, questionId: flip.questionId }),
						},
						flip.title,
					),
					h('span', { class: 'dim' }, words(flip)),
				),
			),
		),
		of.length > many
			? button({
					label: `${Math.min(flipsAtOnce, of.length - many)} more of ${formatCount(total)}`,
					focus: 'more',
					onPress: () => set({ shown: many + flipsAtOnce }),
				})
			: of.length < total
				? h('p', { class: 'dim' }, `The first ${formatCount(of.length)} of ${formatCount(total)}.`)
				: null,
	];
}

function choose(which: 'before' | 'after', round: Scope): void {
	if (state) {
		send(which === 'before' ? round : state.before, which === 'after' ? round : state.after, state.how);
	}
}

function swap(): void {
	if (state?.before && state.after) {
		send(state.after, state.before, state.how);
	}
}

function send(before: Scope | null, after: Scope | null, how: How): void {
	host.post({ type: toHost.choose, before, after, how });
}

function copy(): void {
	const skills = state?.compared?.skills ?? [];
	if (skills.length > 0) {
		host.post({ type: toHost.copy, text: skillsAsMarkdown(all ? skills : skills.slice(0, few)) });
	}
}

function set(change: { all?: boolean; to?: 'right' | 'wrong'; shown?: number }): void {
	all = change.all ?? all;
	shown = change.shown ?? (change.to === undefined ? shown : flipsAtOnce);
	to = change.to ?? to;
	update();
}

function update(): void {
	const now = state;
	if (now) {
		page.show();
		sections.forEach((section) => section.update({ state: now, all, to, shown }));
		host.remember({ before: now.before, after: now.after, how: now.how, all, to });
	}
}

host.listen((message) => {
	if (message.type === toPage.notice) {
		notices.tell(message);
		return;
	}
	if (message.state.kind === 'rounds') {
		state = message.state;
		update();
	} else {
		state = undefined;
		page.showInstead(message.state);
	}
});

host.post({ type: toHost.ready });
