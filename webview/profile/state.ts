import type { Signal } from '@preact/signals';
import { computed, signal } from '@preact/signals';
import type { Rank } from '../../src/core/profile/profile.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import { normaliseSubject } from '../../src/core/skills/skill.ts';
import type { Host } from '../kit/host.ts';
import { NoticeStore } from '../kit/Notices.tsx';
import { storeContext } from '../kit/storeContext.tsx';
import type { CopyFormat } from './asText.ts';
import { asText } from './asText.ts';
import type { Column, Sort } from './columns.ts';
import { columns, sorted } from './columns.ts';
import type { Row } from './numbers.ts';
import { joinRounds } from './numbers.ts';
import type { ProfilePanelState, ProfileState, Remembered, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';
import { WhatIfStore } from './whatIfState.ts';

/** Number of skills shown at first. */
export const fewSkills = 10;

/** The state of the profile panel: what the extension last sent, and what the user selected. */
export class ProfileStore {
	readonly notices = new NoticeStore();
	readonly areKeysOpen = signal(false);
	readonly whatIf: WhatIfStore;
	/** `null` until something has arrived. */
	readonly content = signal<ProfileState | null>(null);
	/** Whether all skills are shown, or only the most missed. */
	readonly isAll: Signal<boolean>;
	/** Initially sorted by the column `rank`, which the table does not show: the order of the profile itself. */
	readonly sort: Signal<Sort>;
	/** The scroll position when the page was last left. */
	readonly scrollAtFirst: number;
	/** The subject that the user selected; another round may lack it. */
	private readonly chosenSubject: Signal<string | null>;
	private scroll: number;

	/** The profile, if there is one. */
	readonly profile = computed<ProfilePanelState | null>(() =>
		this.content.value?.kind === 'profile' ? this.content.value : null,
	);
	/** The selected subject in normalised form; `null`: all subjects. */
	readonly subject = computed<string | null>(() => {
		const subjects = this.profile.value?.profile.subjects ?? [];
		const chosen = this.chosenSubject.value;
		return subjects.some(({ subject }) => normaliseSubject(subject) === chosen) ? chosen : null;
	});
	/** All skills of the subject. */
	readonly rows = computed<readonly Row[]>(() => {
		const state = this.profile.value;
		// An earlier round without diagnoses would look like one that misses nothing.
		if (!state || state.profile.questions === 0) {
			return [];
		}
		const subject = this.subject.value;
		return joinRounds(state.profile, state.before, state.rank).filter(
			({ skill }) => subject === null || normaliseSubject(skill.subject) === subject,
		);
	});
	/** Those of {@link rows} that are shown, in the profile's order. */
	readonly shown = computed(() => (this.isAll.value ? this.rows.value : this.rows.value.slice(0, fewSkills)));
	/** The same rows as a table, in the selected order. */
	readonly table = computed<{ readonly columns: readonly Column[]; readonly rows: readonly Row[] }>(() => {
		const state = this.profile.value;
		const all = state ? columns(state.before?.round ?? null, state.profile.round) : [];
		return { columns: all, rows: sorted(this.shown.value, this.sort.value, all) };
	});

	constructor(private readonly host: Host<ToHost, ToPage, Remembered>) {
		const { all, sort, subject, scroll } = host.remembered;
		this.isAll = signal(all ?? false);
		this.sort = signal(sort ?? { column: 'rank', descending: true });
		this.chosenSubject = signal(subject ?? null);
		this.scrollAtFirst = scroll ?? 0;
		this.scroll = this.scrollAtFirst;
		this.whatIf = new WhatIfStore((message) => host.post(message));
		host.listen((message) => {
			if (message.type === toPage.whatIf) {
				this.whatIf.show(message.offer);
			} else if (message.type === toPage.notice) {
				this.notices.show(message);
			} else {
				this.content.value = message.state;
				this.remember();
			}
		});
		host.post({ type: toHost.ready });
	}

	chooseSubject(subject: string | null): void {
		this.chosenSubject.value = subject;
		this.remember();
	}

	toggleAll(): void {
		this.isAll.value = !this.isAll.value;
		this.remember();
	}

	/** Sorts by a column; reverses the order if the table is already sorted by that column. */
	sortBy({ id, numeric }: Column): void {
		const { column, descending } = this.sort.value;
		this.sort.value = { column: id, descending: column === id ? !descending : numeric };
		this.remember();
	}

	scrolled(top: number): void {
		this.scroll = top;
		this.remember();
	}

	rankBy(rank: Rank): void {
		this.host.post({ type: toHost.rank, rank });
	}

	/** Shows another round beside this one; `null`: none. */
	compareWith(round: number | null): void {
		this.host.post({ type: toHost.compare, round });
	}

	diagnose(): void {
		this.host.post({ type: toHost.diagnose });
	}

	showMissing({ subject, name }: SkillRef): void {
		this.host.post({ type: toHost.showMissing, skill: { subject, name } });
	}

	/** Copies what is shown, in the order in which it is shown. */
	copy(format: CopyFormat): void {
		const { rows, columns: all } = this.table.value;
		if (rows.length > 0) {
			this.host.post({ type: toHost.copy, what: format, text: asText(rows, all, format) });
		}
	}

	private remember(): void {
		const state = this.profile.value;
		this.host.remember({
			student: state?.profile.student ?? null,
			round: state?.profile.round ?? null,
			before: state?.before?.round ?? null,
			rank: state?.rank ?? 'share',
			subject: this.chosenSubject.value,
			all: this.isAll.value,
			sort: this.sort.value,
			scroll: this.scroll,
		});
	}
}

export const { StoreProvider, useStore } = storeContext<ProfileStore>();
