import '../kit/base.css';
import './diagnosis.css';
import type { Answer } from '../../src/core/questions/answer.ts';
import type { Correction } from '../../src/core/diagnosis/diagnosis.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey, skillLabel } from '../../src/core/skills/skill.ts';
import type { Choice } from '../kit/combobox.ts';
import { Combobox } from '../kit/combobox.ts';
import { textArea } from '../kit/controls.tsx';
import { h, part, Section } from '../kit/dom.ts';
import { connect } from '../kit/host.ts';
import type { Key } from '../kit/keys.ts';
import { listenForKeys } from '../kit/keys.ts';
import { Page, whenScrolled } from '../kit/page.ts';
import { Notices } from '../kit/states.ts';
import { bannerContent, footerContent, headerContent, questionContent } from './frame.ts';
import type { CausedRows, DiagnosisState, QuestionState, Remembered, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';
import { answerContent, sampleTabs } from './student.ts';
import { actionsContent, annotationsContent, chipsContent, diagnosisContent, historyContent } from './teacher.ts';
import type { Actions, Pending, View } from './view.ts';
import { correctionOf, firstWrongStep, missingOf, toggled, verdictOf } from './view.ts';

const host = connect<ToHost, ToPage, Remembered>();
const notices = new Notices();

let state: DiagnosisState | undefined;
let raw = host.remembered.raw ?? false;
let sampleNumber = host.remembered.sample ?? null;
let solutionOpen = host.remembered.solutionOpen ?? false;
let drafts: Readonly<Record<string, string>> = host.remembered.drafts ?? {};
let scroll = host.remembered.scroll ?? 0;
let rows: readonly CausedRows[] | null = null;
let pending: Pending | null = null;
let requests = 0;
/** The note sent with the latest word: leaving the field right after Ctrl+Enter does not send it twice. */
let sentNote = '';
/** Requests whose correction is not durable yet. */
const outstanding = new Set<number>();

const act: Actions = {
	go: (to) => {
		commitNote();
		host.post({ type: toHost.go, to });
	},
	correct: (verdict, skills) => correct(verdict, skills),
	undo: () => {
		notices.say('Undoing…');
		host.post({ type: toHost.undo });
	},
	diagnose: () => {
		if (
			state?.kind === 'question' &&
			state.surroundings.readOnly === null &&
			!state.surroundings.asking &&
			state.samples.length > 0 &&
			!state.diagnosis
		) {
			host.post({ type: toHost.diagnose, ...target(state) });
		}
	},
	showSample: (sample) => {
		sampleNumber = sample;
		update();
		remember();
	},
	toggleRaw: () => {
		raw = !raw;
		update();
		remember();
		notices.say(raw ? 'Raw text' : 'Rendered text');
	},
	openSolution: (open) => {
		if (open !== solutionOpen) {
			solutionOpen = open;
			remember();
		}
	},
	toWrongStep,
	changeSkills: () => combobox.focus(),
	showKeys: () => keyList.toggle(),
	showMissing: (skill) => host.post({ type: toHost.showMissing, skill }),
	why: (dataset, row) => host.post({ type: toHost.why, dataset, row }),
};

const bar = new Section<View>(
	part('header', 'bar'),
	(view) => [
		view.state.index,
		view.state.total,
		view.state.list,
		view.state.question,
		view.state.samples.length,
		view.state.consistency,
		view.raw,
	],
	headerContent,
);
const banners = new Section<View>(part('div', 'banners'), (view) => view.state.surroundings, bannerContent);
const question = new Section<View>(
	part('section', 'question', 'Question'),
	(view) => [view.state.question, view.raw],
	questionContent,
);
const samples = new Section<View>(
	part('div', 'samples'),
	(view) => [view.state.samples, view.sample?.sample],
	sampleTabs,
);
const answer = new Section<View>(
	h('div', { class: 'answer', id: 'answer' }),
	(view) => [
		view.sample,
		view.raw,
		view.state.question.gold,
		view.state.diagnosis?.sample,
		view.state.diagnosis?.firstWrongStep,
		view.state.tau1,
		view.state.tau2,
		view.state.student,
		view.state.annotations,
	],
	answerContent,
);
const reading = new Section<View>(
	part('div', 'reading'),
	(view) => [
		view.state.diagnosis,
		view.state.verdicts,
		view.state.correction,
		view.raw,
		view.sample?.sample,
		view.state.samples.length,
		view.state.surroundings,
	],
	diagnosisContent,
);
const missing = new Section<View>(
	part('div', 'missing'),
	(view) => [
		missingOf(view),
		verdictOf(view),
		view.state.diagnosis,
		view.state.annotations,
		view.state.surroundings.readOnly,
	],
	chipsContent,
);
const word = new Section<View>(
	part('div', 'word'),
	(view) => [
		verdictOf(view),
		view.pending,
		view.state.correction,
		view.state.undo,
		view.state.diagnosis === null,
		view.state.surroundings.readOnly,
	],
	actionsContent,
);
const past = new Section<View>(
	part('div', 'past'),
	(view) => [view.state.history, view.state.annotations, view.state.samples.length, view.raw],
	(view) => [...annotationsContent(view), ...historyContent(view)],
);
const after = new Section<View>(part('footer', 'after'), (view) => [view.state.alike, view.rows], footerContent);
const sections = [bar, banners, question, samples, answer, reading, missing, word, past, after];

const combobox = new Combobox({
	label: 'Add or remove a missing skill',
	placeholder: 'Add a skill…',
	onToggle: (id) => changeSkill((skill) => skillKey(skill) === id),
	onRemoveLast: () => {
		const last = view() && missingOf(view() as View).at(-1);
		if (last) {
			changeSkill((skill) => skillKey(skill) === skillKey(last));
		}
	},
	onLeave: () => word.element.querySelector<HTMLElement>('[data-focus="change"]')?.focus(),
});
const note = textArea({
	label: 'Note',
	placeholder: 'What the next reader should know',
	rows: 2,
	onInput: typedNote,
	onCommit: commitNote,
});
const noteHint = h('p', { class: 'note-hint', 'aria-live': 'polite' });
const studentTitle = h('h2', {}, 'Student');
const teacherColumn = h(
	'section',
	{ class: 'column teacher', 'aria-label': 'Teacher’s diagnosis' },
	h('h2', {}, 'Teacher · diagnosis'),
	reading.element,
	h('h3', {}, 'Missing skills'),
	missing.element,
	combobox.element,
	word.element,
	h('div', { class: 'note-field' }, note.element, noteHint),
	past.element,
);
const keyList = listenForKeys(() => keys);
const page = new Page(
	[
		bar.element,
		banners.element,
		question.element,
		h(
			'div',
			{ class: 'columns' },
			h(
				'section',
				{ class: 'column student', 'aria-label': 'Student’s answer' },
				studentTitle,
				samples.element,
				answer.element,
			),
			teacherColumn,
		),
		after.element,
	],
	notices.element,
	keyList.element,
);

const keys: readonly Key[] = [
	{ keys: ['j'], shown: 'J', does: 'next question', run: () => act.go('next') },
	{ keys: ['k'], shown: 'K', does: 'previous question', run: () => act.go('previous') },
	{ keys: ['w'], shown: 'W', does: 'to the first wrong step', run: toWrongStep },
	{
		keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
		shown: '1 … 9',
		does: 'another sample',
		run: (event) => showNth(Number(event.key) - 1),
	},
	{ keys: ['s'], shown: 'S', does: 'reference solution', run: toggleSolution },
	{ keys: ['y'], shown: 'Y', does: 'agree with the diagnosis', run: () => agree() },
	{ keys: ['e', 'a'], shown: 'E or A', does: 'change the missing skills', run: act.changeSkills },
	{ keys: ['d'], shown: 'D', does: 'dispute: nothing is missing', run: () => correct('disputed', null) },
	{ keys: ['n'], shown: 'N', does: 'write a note (Ctrl+Enter saves)', run: () => note.focus() },
	{ keys: ['u', 'ctrl+z'], shown: 'U or Ctrl+Z', does: 'undo the latest change', run: act.undo },
	{ keys: ['g'], shown: 'G', does: 'have the question diagnosed', run: act.diagnose },
	{ keys: ['m'], shown: 'M', does: 'more like this', run: showAlike },
	{ keys: ['alt+r'], shown: 'Alt+R', does: 'raw text', run: act.toggleRaw },
	{ keys: ['?'], shown: '?', does: 'this list', run: act.showKeys },
];

function view(): View | null {
	return state?.kind === 'question'
		? { state, raw, sample: chosenSample(state), solutionOpen, pending, rows, act }
		: null;
}

/** The sample asked for, else the one the teacher read, else the first. */
function chosenSample({ samples: all, diagnosis }: QuestionState): Answer | null {
	return (
		all.find(({ sample }) => sample === sampleNumber) ??
		all.find(({ sample }) => sample === diagnosis?.sample) ??
		all.find(({ verdict }) => verdict === false) ??
		all[0] ??
		null
	);
}

function target({ student, round, question: { id } }: QuestionState): {
	student: string;
	round: number;
	questionId: string;
} {
	return { student, round, questionId: id };
}

function update(): void {
	const now = view();
	if (!now) {
		return;
	}
	page.show();
	const place = now.state.samples.findIndex(({ sample }) => sample === now.sample?.sample);
	studentTitle.textContent =
		`Student · ${now.state.student} · round ` +
		`${now.state.round}${place < 0 ? '' : ` · sample ${place + 1} of ${now.state.samples.length}`}`;
	sections.forEach((section) => section.update(now));
	combobox.setChoices(choices(now));
	const readOnly = now.state.surroundings.readOnly !== null;
	combobox.disabled = readOnly;
	note.disabled = readOnly;
	updateNote(now);
}

/** Recent skills first, then the question's own labels, then the whole list. */
function choices(now: View): Choice[] {
	const chosen = new Set(missingOf(now).map(skillKey));
	const seen = new Set<string>();
	const subjects = new Set(now.state.skills.map(({ subject }) => subject));
	const group = (skills: readonly SkillRef[], name: string): Choice[] =>
		skills.flatMap((skill) => {
			const id = skillKey(skill);
			if (seen.has(id)) {
				return [];
			}
			seen.add(id);
			return [
				{
					id,
					label:
						subjects.size > 1
							? `${skillLabel(skill.name)} · ${skillLabel(skill.subject)}`
							: skillLabel(skill.name),
					chosen: chosen.has(id),
					group: name,
				},
			];
		});
	return [
		...group(now.state.recent, 'Recent'),
		...group(now.state.labels, 'This question’s labels'),
		...group(now.state.skills, subjects.size === 1 ? skillLabel([...subjects][0] || 'All skills') : 'All skills'),
	];
}

function changeSkill(is: (skill: SkillRef) => boolean): void {
	const now = view();
	const skill = now && [...now.state.skills, ...now.state.labels, ...missingOf(now)].find(is);
	if (now && skill) {
		const { verdict, skills } = toggled(now, skill);
		correct(verdict, skills);
	}
}

function agree(): void {
	if (state?.kind === 'question' && state.diagnosis) {
		correct('agreed', null);
	}
}

/** Shown at once, saved as it is made. */
function correct(verdict: Correction['verdict'], skills: readonly SkillRef[] | null, noteOnly = false): void {
	if (state?.kind !== 'question' || state.surroundings.readOnly !== null) {
		return;
	}
	requests += 1;
	outstanding.add(requests);
	pending = {
		verdict,
		skills,
		original: noteOnly ? (correctionOf({ pending, state })?.original ?? null) : state.diagnosis,
		expected: Math.max(state.history.length, pending?.expected ?? 0) + 1,
	};
	sentNote = note.value.trim();
	host.post({
		type: toHost.correct,
		request: requests,
		...target(state),
		verdict,
		skills,
		note: sentNote || null,
		...(noteOnly ? { noteOnly } : {}),
	});
	update();
}

function typedNote(value: string): void {
	if (state?.kind === 'question') {
		drafts = { ...drafts, [state.question.id]: value };
		remember();
		updateNote(view());
	}
}

/** A note belongs to a word: with one in force it is saved with it, without one it waits here. */
function commitNote(): void {
	const now = view();
	if (!now || drafts[now.state.question.id] === undefined) {
		return;
	}
	const verdict = verdictOf(now);
	if (note.value.trim() === savedNote(now.state)) {
		forgetDraft(now.state.question.id);
	} else if (verdict !== null && !(pending && note.value.trim() === sentNote)) {
		correct(verdict, verdict === 'changed' ? missingOf(now) : null, true);
	}
}

function savedNote({ correction }: QuestionState): string {
	return correction?.note ?? '';
}

function forgetDraft(id: string): void {
	drafts = Object.fromEntries(Object.entries(drafts).filter(([key]) => key !== id));
	remember();
}

function updateNote(now: View | null): void {
	if (!now) {
		return;
	}
	const draft = drafts[now.state.question.id];
	const wanted = draft ?? savedNote(now.state);
	if (note.value !== wanted) {
		note.value = wanted;
	}
	noteHint.textContent =
		draft === undefined || draft.trim() === savedNote(now.state)
			? ''
			: verdictOf(now) === null
				? 'Kept here; saved with your word: Y, E or D.'
				: 'Not saved yet: Ctrl+Enter, or leave the field.';
}

function toWrongStep(): void {
	const now = view();
	if (!now) {
		return;
	}
	const { diagnosis, samples: all } = now.state;
	// The teacher's word is on the sample it read.
	if (
		diagnosis?.firstWrongStep != null &&
		now.sample?.sample !== diagnosis.sample &&
		all.some(({ sample }) => sample === diagnosis.sample)
	) {
		act.showSample(diagnosis.sample);
	}
	const shown = chosenSample(now.state);
	const wrong = shown && firstWrongStep(now.state, shown);
	const element = wrong && document.getElementById(`step-${wrong.step}`);
	if (element) {
		element.scrollIntoView({ block: 'center' });
		element.focus({ preventScroll: true });
	} else {
		notices.say('No step of this answer is marked wrong.');
	}
}

function showNth(index: number): void {
	const sample = state?.kind === 'question' ? state.samples[index] : undefined;
	if (sample) {
		act.showSample(sample.sample);
	}
}

function toggleSolution(): void {
	const details = question.element.querySelector<HTMLDetailsElement>('details.solution');
	if (details) {
		details.open = !details.open;
	}
}

function showAlike(): void {
	const skill = state?.kind === 'question' ? state.alike[0]?.skill : undefined;
	if (skill) {
		act.showMissing(skill);
	} else {
		notices.say('No skill counts as missing here.');
	}
}

function remember(): void {
	if (state?.kind === 'question') {
		const {
			student,
			round,
			question: { id },
		} = state;
		host.remember({
			student,
			round,
			questionId: id,
			filter: state.filter,
			raw,
			sample: sampleNumber,
			solutionOpen,
			drafts,
			scroll,
		});
	}
}

function receive(next: DiagnosisState): void {
	const before = state?.kind === 'question' ? state : null;
	state = next;
	if (next.kind !== 'question') {
		page.showInstead(next, 'Nothing to show');
		return;
	}
	const moved =
		before !== null &&
		(before.question.id !== next.question.id || before.student !== next.student || before.round !== next.round);
	if (moved) {
		sampleNumber = null;
		rows = null;
		pending = null;
		outstanding.clear();
	}
	if (pending && next.history.length >= pending.expected && outstanding.size === 0) {
		pending = null;
	}
	const draft = drafts[next.question.id];
	if (draft !== undefined && draft.trim() === savedNote(next)) {
		forgetDraft(next.question.id);
	}
	update();
	if (moved) {
		window.scrollTo(0, 0);
		notices.say(`Question ${next.index + 1} of ${next.total}`);
	} else if (before === null && scroll > 0) {
		window.scrollTo(0, scroll);
	}
	remember();
}

host.listen((message) => {
	switch (message.type) {
		case toPage.state:
			receive(message.state);
			return;
		case toPage.rows:
			if (state?.kind === 'question' && state.question.id === message.questionId) {
				rows = message.rows;
				update();
			}
			return;
		case toPage.saved:
			outstanding.delete(message.request);
			notices.say('Saved');
			return;
		case toPage.notice:
			if (message.level === 'error') {
				if (message.request !== null) {
					// What was shown at once did not happen: back to what is stored.
					outstanding.delete(message.request);
					pending = null;
				}
				update();
			}
			notices.tell(message);
	}
});

whenScrolled((top) => {
	scroll = top;
	remember();
});

host.post({ type: toHost.ready });
