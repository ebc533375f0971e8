import '../kit/base.css';
import './profile.css';
import { formatCount } from '../../src/core/text/formatNumber.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { normaliseSubject, skillLabel } from '../../src/core/skills/skill.ts';
import { button, dropdown } from '../kit/controls.tsx';
import type { Child } from '../kit/dom.ts';
import { h, part, Section } from '../kit/dom.ts';
import { connect } from '../kit/host.ts';
import type { Key } from '../kit/keys.ts';
import { listenForKeys } from '../kit/keys.ts';
import { Page, whenScrolled } from '../kit/page.ts';
import { Notices } from '../kit/states.ts';
import { chart } from './chart.ts';
import { gridContent } from './grid.ts';
import type { Row } from './numbers.ts';
import { joinRounds } from './numbers.ts';
import type { ProfilePanelState, ProfileState, Remembered, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';
import type { CopyFormat, Sort } from './table.ts';
import { asText, columns, sorted, table } from './table.ts';
import { WhatIfSection } from './whatIf.ts';

interface View {
	readonly state: ProfilePanelState;
	readonly rows: readonly Row[];
	readonly shown: readonly Row[];
	readonly subject: string | null;
	readonly all: boolean;
	readonly sort: Sort;
}

const few = 10;
const host = connect<ToHost, ToPage, Remembered>();
const notices = new Notices();

let state: ProfileState | undefined;
let subject = host.remembered.subject ?? null;
let all = host.remembered.all ?? false;
/** `rank`: the order of the profile itself. */
let sort: Sort = host.remembered.sort ?? { column: 'rank', descending: true };
let scroll = host.remembered.scroll ?? 0;

const sections: readonly Section<View>[] = [
	new Section<View>(
		part('header', 'head'),
		({ state: { profile, trusted } }) => [
			profile.student,
			profile.round,
			profile.benchmark,
			profile.questions,
			profile.difficult,
			profile.undiagnosed,
			profile.disputed,
			profile.corrected,
			trusted,
		],
		headContent,
	),
	new Section<View>(
		part('div', 'controls'),
		(view) => [
			view.state.profile.subjects,
			view.subject,
			view.state.rank,
			view.state.rounds,
			view.state.before?.round,
			view.rows.length > 0,
		],
		controlsContent,
	),
	new Section<View>(
		part('section', 'chart', 'Most missed skills'),
		(view) => [view.shown, view.state.rank, view.state.before?.round],
		chartContent,
	),
	new Section<View>(part('div', 'more'), (view) => [view.rows.length, view.all], moreContent),
	new Section<View>(
		part('section', 'numbers', 'Table'),
		(view) => [view.shown, view.sort, view.state.before?.round],
		(view) => tableContent(view),
	),
	new Section<View>(
		part('section', 'thresholds', 'Thresholds'),
		({ state: { grid, rule } }) => [grid, rule],
		({ state: shown }) => gridContent(shown),
	),
];
const whatIf = new WhatIfSection(
	(on) => host.post({ type: toHost.whatIf, on }),
	(settings) => host.post({ type: toHost.build, settings }),
);
const keyList = listenForKeys(() => keys);
const page = new Page(
	[
		...sections.slice(0, 4).map(({ element }) => element),
		whatIf.element,
		...sections.slice(4).map(({ element }) => element),
	],
	notices.element,
	keyList.element,
);

const keys: readonly Key[] = [
	{ keys: ['a'], shown: 'A', does: 'all skills, or the ten most missed', run: () => set({ all: !all }) },
	{ keys: ['c'], shown: 'C', does: 'copy the table as Markdown', run: () => copy('Markdown') },
	{
		keys: ['t'],
		shown: 'T',
		does: 'to the table',
		run: () => page.element.querySelector<HTMLElement>('.numbers .sort')?.focus(),
	},
	{
		keys: ['w'],
		shown: 'W',
		does: 'what if thresholds, skills, mix, size or budget were other',
		run: () => whatIf.toggle(),
	},
	{ keys: ['?'], shown: '?', does: 'this list', run: () => keyList.toggle() },
];

function view(): View | null {
	if (state?.kind !== 'profile') {
		return null;
	}
	const chosen = state.profile.subjects.some((one) => normaliseSubject(one.subject) === subject) ? subject : null;
	// Beside an earlier round, one that nobody diagnosed would look like one that misses nothing.
	const rows = (state.profile.questions === 0 ? [] : joinRounds(state.profile, state.before, state.rank)).filter(
		({ skill }) => chosen === null || normaliseSubject(skill.subject) === chosen,
	);
	return { state, rows, shown: all ? rows : rows.slice(0, few), subject: chosen, all, sort };
}

function update(): void {
	const now = view();
	if (now) {
		page.show();
		sections.forEach((section) => section.update(now));
	}
}

function headContent({ state: { profile, trusted } }: View): Child[] {
	const { student, round, benchmark, questions, difficult, undiagnosed, disputed, corrected } = profile;
	const more = [
		corrected > 0 ? `${corrected} corrected by people` : '',
		disputed > 0 ? `${disputed} miss nothing after all` : '',
	]
		.filter(Boolean)
		.join(', ');
	return [
		h('h1', {}, `Missing skills · ${student} · round ${round}`),
		h(
			'p',
			{ class: 'dim' },
			`${formatCount(questions)} difficult ` +
				`${questions === 1 ? 'question' : 'questions'}${benchmark === null ? '' : ` of ${benchmark}, which this round is meant for,`} ` +
				`profiled${more === '' ? '' : `: ${more}`}.`,
		),
		undiagnosed > 0
			? h(
					'div',
					{ class: 'banner' },
					h(
						'p',
						{},
						h('strong', {}, 'Partial. '),
						`${formatCount(undiagnosed)} of ${formatCount(difficult)} difficult questions are ` +
							'not diagnosed yet, so these shares may still move.',
					),
					button({
						label: 'Diagnose…',
						disabled: !trusted,
						focus: 'diagnose',
						onPress: () => host.post({ type: toHost.diagnose }),
					}),
				)
			: null,
	];
}

function controlsContent({ state: { profile, rank, rounds, before }, subject: chosen, rows }: View): Child[] {
	const others = rounds.filter((round) => round !== profile.round);
	return [
		h(
			'div',
			{ class: 'choices' },
			profile.subjects.length > 1
				? dropdown({
						label: 'Subject',
						focus: 'subject',
						value: chosen ?? '*',
						choices: [
							['*', 'all subjects'],
							...profile.subjects.map(
								(one) =>
									[
										normaliseSubject(one.subject),
										`${skillLabel(one.subject) || 'no subject'} (${one.questions})`,
									] as const,
							),
						],
						onChange: (value) => set({ subject: value === '*' ? null : value }),
					})
				: null,
			dropdown({
				label: 'Rank by',
				focus: 'rank',
				value: rank,
				choices: [
					['share', 'share of questions'],
					['exposure', 'rate where needed'],
				],
				onChange: (value) =>
					host.post({ type: toHost.rank, rank: value === 'exposure' ? 'exposure' : 'share' }),
			}),
			others.length > 0
				? dropdown({
						label: 'Beside',
						focus: 'compare',
						value: String(before?.round ?? 'none'),
						choices: [
							['none', 'no other round'],
							...others.map((round) => [String(round), `round ${round}`] as const),
						],
						onChange: (value) =>
							host.post({ type: toHost.compare, round: value === 'none' ? null : Number(value) }),
					})
				: null,
		),
		rows.length === 0
			? null
			: h(
					'div',
					{ class: 'copy', role: 'group', 'aria-label': 'Copy the table' },
					h('span', { class: 'dim' }, 'Copy as'),
					...(['Markdown', 'TSV', 'CSV'] as const).map((format) =>
						button({
							label: format,
							name: `Copy as ${format}`,
							focus: `copy:${format}`,
							onPress: () => copy(format),
						}),
					),
				),
	];
}

function chartContent({ state: { profile, before, rank }, shown }: View): Child[] {
	if (shown.length === 0) {
		return [
			h(
				'p',
				{ class: 'empty' },
				profile.questions === 0
					? 'Nothing is diagnosed yet: the profile counts the skills that diagnoses name.'
					: 'No skill of this subject is missing.',
			),
		];
	}
	return chart({
		rows: shown,
		rank,
		now: profile.round,
		before: before?.round ?? null,
		subjects: new Set(shown.map(({ skill }) => skill.subject)).size,
		onOpen: showMissing,
	});
}

function moreContent({ rows, all: everything }: View): Child[] {
	return rows.length <= few
		? []
		: [
				button({
					label: everything ? `Only the ${few} most missed` : `All ${rows.length} skills`,
					key: 'A',
					focus: 'all',
					onPress: () => set({ all: !all }),
				}),
			];
}

function tableContent({ state: { profile, before }, shown, sort: order }: View): Child[] {
	const titles = columns(before?.round ?? null, profile.round);
	return shown.length === 0
		? []
		: [
				h('h2', {}, 'The same in numbers'),
				...table(sorted(shown, order, titles), titles, order, (next) => set({ sort: next }), showMissing),
				h('p', { class: 'dim' }, ranksTaught),
			];
}

/** docs/evidence.md: eight seeds of small students. */
const ranksTaught =
	'The count says where most is lost, and is what STAT-Sel weighs by; the rate says how often a skill is ' +
	'missed where it is needed: a frequent skill can lead the counts alone. In our trials the rate put ' +
	'planted weaknesses first slightly more often, but sets weighed by it repaired no more and forgot more ' +
	'(docs/evidence.md).';

function showMissing({ subject: of, name }: SkillRef): void {
	host.post({ type: toHost.showMissing, skill: { subject: of, name } });
}

/** What is shown, in the order shown. */
function copy(format: CopyFormat): void {
	const now = view();
	if (now && now.shown.length > 0) {
		const titles = columns(now.state.before?.round ?? null, now.state.profile.round);
		host.post({
			type: toHost.copy,
			what: format,
			text: asText(sorted(now.shown, now.sort, titles), titles, format),
		});
	}
}

function set(change: { subject?: string | null; all?: boolean; sort?: Sort }): void {
	subject = change.subject === undefined ? subject : change.subject;
	all = change.all ?? all;
	sort = change.sort ?? sort;
	update();
	remember();
}

function remember(): void {
	const profile = state?.kind === 'profile' ? state : null;
	host.remember({
		student: profile?.profile.student ?? null,
		round: profile?.profile.round ?? null,
		before: profile?.before?.round ?? null,
		rank: profile?.rank ?? 'share',
		subject,
		all,
		sort,
		scroll,
	});
}

host.listen((message) => {
	if (message.type === toPage.whatIf) {
		whatIf.show(message.offer);
		return;
	}
	if (message.type === toPage.notice) {
		notices.tell(message);
		return;
	}
	const first = state === undefined;
	state = message.state;
	if (state.kind === 'profile') {
		update();
	} else {
		page.showInstead(state, 'No profile yet');
	}
	if (first && scroll > 0) {
		window.scrollTo(0, scroll);
	}
	remember();
});

whenScrolled((top) => {
	scroll = top;
	remember();
});

host.post({ type: toHost.ready });
