import { isInForce } from '../../src/core/diagnosis/annotation.ts';
import type { Correction, Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import { namedBy } from '../../src/core/diagnosis/teacherQuality.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import { button } from '../kit/controls.tsx';
import type { Child } from '../kit/dom.ts';
import { h } from '../kit/dom.ts';
import { richText, visibleControls } from '../kit/richText.ts';
import type { View } from './view.ts';
import { missingOf, teachersSkills, toggled, verdictOf } from './view.ts';

/** The teacher's verdict, the first wrong step and the reason; or why there is none and what to do. */
export function diagnosisContent(view: View): Child[] {
	const { state, raw, sample, act } = view;
	const { diagnosis, surroundings } = state;
	const { asking } = surroundings;
	if (!diagnosis) {
		return [
			h(
				'p',
				{ class: 'empty' },
				asking
					? 'The teacher is being asked…'
					: state.samples.length === 0
						? 'There is no answer to diagnose.'
						: 'Not diagnosed yet. The teacher reads this answer and names the skills it misses.',
			),
			state.samples.length > 0 && !asking
				? button({
						label: 'Diagnose This Question',
						key: 'G',
						primary: true,
						disabled: !surroundings.trusted || surroundings.readOnly !== null,
						focus: 'diagnose',
						onPress: act.diagnose,
					})
				: null,
			asking || surroundings.trusted
				? null
				: h('p', { class: 'dim' }, 'This folder is not trusted, so no teacher is asked from here.'),
		];
	}
	const position = state.samples.findIndex((one) => one.sample === diagnosis.sample);
	const elsewhere = sample !== null && diagnosis.sample !== sample.sample;
	const facts = h(
		'dl',
		{ class: 'facts' },
		h('dt', {}, 'verdict'),
		h(
			'dd',
			{ class: `verdict-${diagnosis.judge === 'incorrect' ? 'wrong' : 'right'}` },
			h('span', { class: 'glyph', 'aria-hidden': 'true' }, diagnosis.judge === 'incorrect' ? '✗ ' : '✓ '),
			h('strong', {}, diagnosis.judge),
		),
		h('dt', {}, 'first wrong step'),
		h(
			'dd',
			{},
			diagnosis.firstWrongStep === null
				? h('span', { class: 'dim' }, 'not named')
				: button({
						label: `step ${diagnosis.firstWrongStep + 1}`,
						key: 'W',
						name: `Go to step ${diagnosis.firstWrongStep + 1}`,
						focus: 'wrongStep',
						onPress: act.toWrongStep,
					}),
		),
	);
	return [
		elsewhere && position >= 0
			? h(
					'p',
					{ class: 'hint' },
					`The teacher read sample ${position + 1}. `,
					button({
						label: `Show sample ${position + 1}`,
						key: position < 9 ? String(position + 1) : undefined,
						focus: 'showRead',
						onPress: () => act.showSample(diagnosis.sample),
					}),
				)
			: null,
		facts,
		...state.verdicts.map((verdict) => juryContent(view, diagnosis, verdict)),
		h('h3', {}, 'Reason'),
		diagnosis.reason.trim() === '' ? h('p', { class: 'dim' }, 'none given') : richText(diagnosis.reason, raw),
		diagnosis.judge === 'correct'
			? h(
					'p',
					{ class: 'hint' },
					'The teacher finds nothing wrong, so no skill counts as missing; the question is ' +
						'listed as disputed.',
				)
			: null,
		h(
			'p',
			{ class: 'provenance' },
			`${diagnosis.model} · ${diagnosis.promptVersion} · `,
			timeElement(diagnosis.at),
		),
	];
}

/** How a second teacher read the same answer, and one press to take its word. */
function juryContent({ state, raw, act }: View, diagnosis: Diagnosis, verdict: Diagnosis): Child {
	const [teacher, jury] = [namedBy(diagnosis), namedBy(verdict)];
	const without = (skills: readonly SkillRef[], others: readonly SkillRef[]): SkillRef[] =>
		skills.filter((skill) => !others.some((other) => skillKey(other) === skillKey(skill)));
	const list = (skills: readonly SkillRef[]): string => skills.map(({ name }) => skillLabel(name)).join(', ');
	const [also, lacks] = [without(jury, teacher), without(teacher, jury)];
	const same = also.length === 0 && lacks.length === 0;
	const words = same
		? 'agrees'
		: verdict.judge === 'correct'
			? 'finds the answer correct'
			: [
					also.length > 0 ? `${lacks.length === teacher.length ? 'names' : 'also names'} ${list(also)}` : '',
					lacks.length > 0 ? `does not name ${list(lacks)}` : '',
				]
					.filter(Boolean)
					.join('; ');
	const settle = !same && state.correction === null && state.surroundings.readOnly === null;
	return h(
		'div',
		{ class: 'jury' },
		h(
			'p',
			{},
			h('span', { class: 'dim' }, 'jury: '),
			h('strong', {}, words),
			h('span', { class: 'dim' }, ` (${verdict.model}) `),
			settle
				? button({
						label: 'Take Its Word',
						focus: `jury:${verdict.model}`,
						onPress: () =>
							verdict.judge === 'correct'
								? act.correct('disputed', null)
								: act.correct('changed', verdict.skills),
					})
				: null,
		),
		same
			? null
			: h(
					'details',
					{},
					h('summary', { 'data-focus': `juryReason:${verdict.model}` }, 'Its reason'),
					richText(verdict.reason, raw),
				),
	);
}

/**
 * The missing skills as chips: those that count, then the teacher's that a person took away, then names off the list.
 */
export function chipsContent(view: View): Child[] {
	const { state, act } = view;
	const missing = missingOf(view);
	const editable = state.surroundings.readOnly === null;
	const keys = new Set(missing.map(skillKey));
	const teachers = teachersSkills(state);
	const named = new Set(teachers.map(skillKey));
	const toggle = (skill: SkillRef): void => {
		const { verdict, skills } = toggled(view, skill);
		act.correct(verdict, skills);
	};
	const counted = missing.map((skill) => {
		const label = skillLabel(skill.name);
		const added = state.diagnosis !== null && !named.has(skillKey(skill));
		const origin =
			verdictOf(view) === 'agreed' ? 'Named by an earlier diagnosis, agreed with' : 'Added by a person';
		return h(
			'li',
			{ class: `chip ${added ? 'added' : ''}`, title: added ? origin : undefined },
			h(
				'span',
				{},
				added ? h('span', { class: 'sr' }, 'added: ') : null,
				added ? h('span', { 'aria-hidden': 'true' }, '+ ') : null,
				label,
			),
			editable
				? h(
						'button',
						{
							type: 'button',
							class: 'chip-button',
							title: 'Remove (Delete)',
							'data-focus': `chip:${skillKey(skill)}`,
							onclick: () => toggle(skill),
							onkeydown: (event) => onDelete(event as KeyboardEvent, () => toggle(skill)),
						},
						h('span', { 'aria-hidden': 'true' }, '×'),
						h('span', { class: 'sr' }, `Remove ${label}`),
					)
				: null,
		);
	});
	const removed = teachers
		.filter((skill) => !keys.has(skillKey(skill)))
		.map((skill) => {
			const label = skillLabel(skill.name);
			return h(
				'li',
				{ class: 'chip removed', title: 'The teacher named it; a person took it away' },
				h('span', {}, h('span', { class: 'sr' }, 'removed: '), h('s', {}, label)),
				editable
					? h(
							'button',
							{
								type: 'button',
								class: 'chip-button',
								title: 'Put back',
								'data-focus': `chip:${skillKey(skill)}`,
								onclick: () => toggle(skill),
							},
							h('span', { 'aria-hidden': 'true' }, '↶'),
							h('span', { class: 'sr' }, `Put back ${label}`),
						)
					: null,
			);
		});
	const offList = (state.diagnosis?.offList ?? []).map((name) =>
		h(
			'li',
			{ class: 'chip off-list', title: 'Not on the list of skills: kept, never counted' },
			h('span', {}, skillLabel(name)),
			h('span', { class: 'dim' }, 'not on the list'),
		),
	);
	const none =
		missing.length === 0
			? h(
					'li',
					{ class: 'dim none' },
					state.annotations.some(({ counts }) => counts)
						? 'none but those annotated below'
						: state.diagnosis === null && verdictOf(view) === null
							? 'none named yet'
							: 'no skill counts as missing',
				)
			: null;
	return [h('ul', { class: 'chips', 'aria-label': 'Missing skills' }, none, ...counted, ...removed, ...offList)];
}

function onDelete(event: KeyboardEvent, remove: () => void): void {
	if (event.key === 'Delete' || event.key === 'Backspace') {
		event.preventDefault();
		remove();
	}
}

/** Agree, change, dispute; what is in force; undo. */
export function actionsContent(view: View): Child[] {
	const { state, pending, act } = view;
	const verdict = verdictOf(view);
	const disabled = state.surroundings.readOnly !== null;
	const said =
		verdict === null
			? state.diagnosis
				? 'Nobody has checked this diagnosis.'
				: 'Nobody has said anything about this answer.'
			: saidWords(verdict, state.correction, pending !== null);
	return [
		h(
			'div',
			{ class: 'actions', role: 'group', 'aria-label': 'Your word' },
			button({
				label: 'Agree',
				key: 'Y',
				pressed: verdict === 'agreed',
				disabled: disabled || !state.diagnosis,
				focus: 'agree',
				onPress: () => act.correct('agreed', null),
			}),
			button({
				label: state.diagnosis ? 'Change' : 'Name Skills',
				key: 'E',
				pressed: verdict === 'changed',
				disabled,
				focus: 'change',
				onPress: act.changeSkills,
			}),
			button({
				label: 'Dispute',
				key: 'D',
				pressed: verdict === 'disputed',
				name: 'Dispute: the answer misses nothing',
				disabled,
				focus: 'dispute',
				onPress: () => act.correct('disputed', null),
			}),
		),
		h(
			'p',
			{ class: `said ${verdict ?? ''}` },
			said,
			verdict !== null && !disabled
				? h(
						'button',
						{
							type: 'button',
							class: 'plain',
							'data-focus': 'withdraw',
							onclick: () => act.correct('withdrawn', null),
						},
						'Withdraw',
					)
				: null,
			state.undo !== null && !disabled
				? h(
						'button',
						{
							type: 'button',
							class: 'plain',
							'data-focus': 'undo',
							title: 'U or Ctrl+Z',
							onclick: act.undo,
						},
						`Undo “${state.undo}”`,
						h('kbd', { 'aria-hidden': 'true' }, 'U'),
					)
				: null,
		),
	];
}

const verdictWords: Record<Correction['verdict'], string> = {
	agreed: 'agrees with the teacher',
	changed: 'changed the skills',
	disputed: 'disputes it: nothing is missing',
	withdrawn: 'withdrew: the teacher’s word stands',
};

function saidWords(verdict: Correction['verdict'], correction: Correction | null, saving: boolean): Child {
	if (saving || !correction) {
		return `Saving: ${verdictWords[verdict]}…`;
	}
	return h('span', {}, h('strong', {}, correction.author), ` ${verdictWords[verdict]}, `, timeElement(correction.at));
}

/**
 * What people annotated in the answers where the text stands: the words, the skills they miss, and whether that counts.
 */
export function annotationsContent({ state, raw }: View): Child[] {
	const standing = state.annotations.filter(({ action }) => isInForce(action));
	if (standing.length === 0) {
		return [];
	}
	const items = standing.map((annotation) =>
		h(
			'li',
			{},
			h(
				'p',
				{},
				h('strong', {}, annotation.skills.map(({ name }) => skillLabel(name)).join(', ')),
				annotation.counts ? null : h('span', { class: 'dim' }, ' not counted: disputed later'),
			),
			h('blockquote', {}, h('code', {}, visibleControls(annotation.quote))),
			annotation.note === null ? null : h('div', { class: 'note' }, richText(annotation.note, raw)),
			h(
				'p',
				{ class: 'provenance' },
				`${annotation.author} · sample ` +
					`${state.samples.findIndex(({ sample }) => sample === annotation.sample) + 1} · `,
				timeElement(annotation.at),
			),
		),
	);
	return [h('h3', {}, 'Annotated in the answer'), h('ul', { class: 'annotations' }, ...items)];
}

/** All that people said, latest first, with what the teacher had said then. */
export function historyContent({ state, raw }: View): Child[] {
	if (state.history.length === 0) {
		return [];
	}
	const items = [...state.history]
		.reverse()
		.map((correction) =>
			h(
				'li',
				{},
				h(
					'p',
					{},
					h('strong', {}, correction.author),
					` ${verdictWords[correction.verdict]} · `,
					timeElement(correction.at),
				),
				correction.skills
					? h('p', {}, 'skills: ', correction.skills.map(({ name }) => skillLabel(name)).join(', ') || 'none')
					: null,
				correction.note ? h('div', { class: 'note' }, richText(correction.note, raw)) : null,
				correction.original
					? h(
							'p',
							{ class: 'dim' },
							`the teacher had said ${correction.original.judge}: ` +
								`${correction.original.skills.map(({ name }) => skillLabel(name)).join(', ') || 'no skill'} ` +
								`(${correction.original.model})`,
						)
					: h('p', { class: 'dim' }, 'there was no diagnosis then'),
			),
		);
	return [
		h(
			'details',
			{ class: 'history' },
			h('summary', { 'data-focus': 'history' }, `History (${state.history.length})`),
			h('ol', { reversed: true }, ...items),
		),
	];
}

function timeElement(iso: string): HTMLElement {
	const date = new Date(iso);
	return h(
		'time',
		{ datetime: iso, title: iso },
		Number.isNaN(date.getTime())
			? iso
			: date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
	);
}
