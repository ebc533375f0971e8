import { computed, signal } from '@preact/signals';
import { createRef } from 'preact';
import type { Correction } from '../../src/core/diagnosis/diagnosis.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { skillKey } from '../../src/core/skills/skill.ts';
import type { ComboboxHandle } from '../kit/ComboboxField.tsx';
import type { TextAreaHandle } from '../kit/controls.tsx';
import type { Host } from '../kit/host.ts';
import { NoticeStore } from '../kit/Notices.tsx';
import { storeContext } from '../kit/storeContext.tsx';
import type { CausedRows, DiagnosisState, QuestionState, Remembered, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';
import type { Pending, View } from './view.ts';
import { chosenSample, correctionOf, firstWrongStep, missingOf, toggled, verdictOf } from './view.ts';

/** The state of the diagnosis panel, and the user's actions in it. */
export class DiagnosisStore {
	/** `null` until something has arrived. */
	readonly content = signal<DiagnosisState | null>(null);
	readonly raw = signal(false);
	readonly isSolutionOpen = signal(false);
	/** Rows of datasets that were drawn because of the question's missing skills; `null` if they are not known yet. */
	readonly rows = signal<readonly CausedRows[] | null>(null);
	/** The step that the page scrolls to and focuses next. */
	readonly stepToShow = signal<{ readonly step: number } | null>(null);
	readonly areKeysShown = signal(false);
	readonly notices = new NoticeStore();
	readonly skillField = createRef<ComboboxHandle>();
	readonly noteField = createRef<TextAreaHandle>();

	/** The question with the correction in force; `null` if there is no question to show. */
	readonly view = computed<View | null>(() => {
		const state = this.content.value;
		return state?.kind === 'question' ? { state, pending: this.pending.value } : null;
	});
	readonly sample = computed(() => {
		const view = this.view.value;
		return view && chosenSample(view.state, this.selected.value);
	});
	/** The content of the question's note field. */
	readonly note = computed(() => {
		const view = this.view.value;
		return view ? (this.drafts.value[view.state.question.id] ?? savedNote(view.state)) : '';
	});

	/** The scroll position at which a question opens. */
	scroll: number;
	private readonly pending = signal<Pending | null>(null);
	private readonly selected = signal<number | null>(null);
	/** Notes that have not been saved yet, by question. */
	private readonly drafts = signal<Readonly<Record<string, string>>>({});
	/** The key of the question that was shown last. */
	private latest: string | null = null;
	private requests = 0;
	/** Requests whose correction is not on disk yet. */
	private readonly outstanding = new Set<number>();
	/**
	 * The note sent with the latest correction, so that leaving the field right after Ctrl+Enter does not send it
	 * again.
	 */
	private sentNote = '';

	constructor(private readonly host: Host<ToHost, ToPage, Remembered>) {
		const { raw, sample, solutionOpen, drafts, scroll } = host.remembered;
		this.raw.value = raw ?? false;
		this.selected.value = sample ?? null;
		this.isSolutionOpen.value = solutionOpen ?? false;
		this.drafts.value = drafts ?? {};
		this.scroll = scroll ?? 0;
		host.listen((message) => this.receive(message));
		host.post({ type: toHost.ready });
	}

	go(to: 'next' | 'previous'): void {
		this.commitNote();
		this.host.post({ type: toHost.go, to });
	}

	/** Shows the correction at once and saves it when its turn comes. */
	correct(verdict: Correction['verdict'], skills: readonly SkillRef[] | null): void {
		this.postCorrection(verdict, skills, false);
	}

	agree(): void {
		if (this.view.value?.state.diagnosis) {
			this.correct('agreed', null);
		}
	}

	/** Adds a skill to the missing ones, or removes it. */
	toggleSkill(key: string): void {
		const view = this.view.value;
		const skill =
			view &&
			[...view.state.skills, ...view.state.labels, ...missingOf(view)].find((one) => skillKey(one) === key);
		if (view && skill) {
			const { verdict, skills } = toggled(view, skill);
			this.correct(verdict, skills);
		}
	}

	removeLastSkill(): void {
		const view = this.view.value;
		const last = view && missingOf(view).at(-1);
		if (last) {
			this.toggleSkill(skillKey(last));
		}
	}

	undo(): void {
		this.notices.say('Undoing…');
		this.host.post({ type: toHost.undo });
	}

	diagnose(): void {
		const state = this.view.value?.state;
		if (
			state &&
			state.surroundings.readOnly === null &&
			!state.surroundings.asking &&
			state.samples.length > 0 &&
			!state.diagnosis
		) {
			this.host.post({ type: toHost.diagnose, ...targetOf(state) });
		}
	}

	showSample(sample: number): void {
		this.selected.value = sample;
		this.remember();
	}

	/** Shows the sample at this position, counted from 0. */
	showNthSample(place: number): void {
		const sample = this.view.value?.state.samples[place];
		if (sample) {
			this.showSample(sample.sample);
		}
	}

	toggleRaw(): void {
		this.raw.value = !this.raw.value;
		this.remember();
		this.notices.say(this.raw.value ? 'Raw text' : 'Rendered text');
	}

	openSolution(isOpen: boolean): void {
		if (isOpen !== this.isSolutionOpen.value) {
			this.isSolutionOpen.value = isOpen;
			this.remember();
		}
	}

	toggleSolution(): void {
		if (this.view.value?.state.question.solution != null) {
			this.openSolution(!this.isSolutionOpen.value);
		}
	}

	/** Moves to the teacher's first wrong step, on the sample that the teacher read, or else to the first low score. */
	toWrongStep(): void {
		const state = this.view.value?.state;
		if (!state) {
			return;
		}
		const { diagnosis, samples } = state;
		if (
			diagnosis?.firstWrongStep != null &&
			this.sample.value?.sample !== diagnosis.sample &&
			samples.some(({ sample }) => sample === diagnosis.sample)
		) {
			this.showSample(diagnosis.sample);
		}
		const wrong = this.sample.value && firstWrongStep(state, this.sample.value);
		if (wrong) {
			this.stepToShow.value = { step: wrong.step };
		} else {
			this.notices.say('No step of this answer is marked wrong.');
		}
	}

	showMissing(skill: SkillRef): void {
		this.host.post({ type: toHost.showMissing, skill });
	}

	/** Shows other questions that miss this question's first skill. */
	showAlike(): void {
		const skill = this.view.value?.state.alike[0]?.skill;
		if (skill) {
			this.showMissing(skill);
		} else {
			this.notices.say('No skill counts as missing here.');
		}
	}

	why(dataset: string, row: number): void {
		this.host.post({ type: toHost.why, dataset, row });
	}

	typeNote(text: string): void {
		const view = this.view.value;
		if (view) {
			this.drafts.value = { ...this.drafts.value, [view.state.question.id]: text };
			this.remember();
		}
	}

	/** A note belongs to a correction: if one is in force, the note is saved with it; otherwise it waits here. */
	commitNote(): void {
		const view = this.view.value;
		if (!view || this.drafts.value[view.state.question.id] === undefined) {
			return;
		}
		const verdict = verdictOf(view);
		const note = this.note.value.trim();
		if (note === savedNote(view.state)) {
			this.forgetDraft(view.state.question.id);
		} else if (verdict !== null && !(view.pending && note === this.sentNote)) {
			this.postCorrection(verdict, verdict === 'changed' ? missingOf(view) : null, true);
		}
	}

	rememberScroll(top: number): void {
		this.scroll = top;
		this.remember();
	}

	private receive(message: ToPage): void {
		switch (message.type) {
			case toPage.state:
				this.receiveState(message.state);
				return;
			case toPage.rows:
				if (this.view.value?.state.question.id === message.questionId) {
					this.rows.value = message.rows;
				}
				return;
			case toPage.saved:
				this.outstanding.delete(message.request);
				this.notices.say('Saved');
				return;
			case toPage.notice:
				if (message.level === 'error' && message.request !== null) {
					// Goes back to what is stored, because the change that was shown has failed.
					this.outstanding.delete(message.request);
					this.pending.value = null;
				}
				this.notices.show(message);
		}
	}

	private receiveState(next: DiagnosisState): void {
		this.content.value = next;
		if (next.kind !== 'question') {
			return;
		}
		const hasMoved = this.latest !== null && this.latest !== keyOf(next);
		this.latest = keyOf(next);
		if (hasMoved) {
			this.selected.value = null;
			this.rows.value = null;
			this.pending.value = null;
			this.outstanding.clear();
			this.scroll = 0;
			this.notices.say(`Question ${next.index + 1} of ${next.total}`);
		}
		const { expected } = this.pending.value ?? { expected: Infinity };
		if (next.history.length >= expected && this.outstanding.size === 0) {
			this.pending.value = null;
		}
		if (this.drafts.value[next.question.id]?.trim() === savedNote(next)) {
			this.forgetDraft(next.question.id);
		}
		this.remember();
	}

	/** `noteOnly`: only the note changed, so the correction still refers to the diagnosis that it was made on. */
	private postCorrection(
		verdict: Correction['verdict'],
		skills: readonly SkillRef[] | null,
		noteOnly: boolean,
	): void {
		const view = this.view.value;
		if (!view || view.state.surroundings.readOnly !== null) {
			return;
		}
		const { state, pending } = view;
		this.requests += 1;
		this.outstanding.add(this.requests);
		this.sentNote = this.note.value.trim();
		this.pending.value = {
			verdict,
			skills,
			original: noteOnly ? (correctionOf(view)?.original ?? null) : state.diagnosis,
			expected: Math.max(state.history.length, pending?.expected ?? 0) + 1,
		};
		this.host.post({
			type: toHost.correct,
			request: this.requests,
			...targetOf(state),
			verdict,
			skills,
			note: this.sentNote || null,
			...(noteOnly ? { noteOnly } : {}),
		});
	}

	private forgetDraft(id: string): void {
		this.drafts.value = Object.fromEntries(Object.entries(this.drafts.value).filter(([key]) => key !== id));
		this.remember();
	}

	private remember(): void {
		const state = this.view.value?.state;
		if (state) {
			this.host.remember({
				...targetOf(state),
				filter: state.filter,
				raw: this.raw.value,
				sample: this.selected.value,
				solutionOpen: this.isSolutionOpen.value,
				drafts: this.drafts.value,
				scroll: this.scroll,
			});
		}
	}
}

export const { StoreProvider, useStore } = storeContext<DiagnosisStore>();

function targetOf({ student, round, question: { id } }: QuestionState): {
	student: string;
	round: number;
	questionId: string;
} {
	return { student, round, questionId: id };
}

/** Returns the same key for the same question of the same student and round. */
export function keyOf(state: QuestionState): string {
	return JSON.stringify(targetOf(state));
}

/** Returns the note of the correction in force. */
export function savedNote({ correction }: QuestionState): string {
	return correction?.note ?? '';
}
