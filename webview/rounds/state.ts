import type { Signal } from '@preact/signals';
import { signal } from '@preact/signals';
import type { Scope } from '../../src/core/scope.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import type { Host } from '../kit/host.ts';
import { NoticeStore } from '../kit/Notices.tsx';
import { storeContext } from '../kit/storeContext.tsx';
import type { How, PanelState, Remembered, RoundsState, SkillLine, ToHost, ToPage } from './protocol.ts';
import { toHost, toPage } from './protocol.ts';
import { skillsAsMarkdown } from './skillsAsMarkdown.ts';

/** Number of skills shown at first. */
export const fewSkills = 10;
const flipsAtOnce = 50;

/** The state of the rounds panel: what the extension last sent, and what the user selected. */
export class RoundsStore {
	readonly notices = new NoticeStore();
	readonly areKeysOpen = signal(false);
	/** `null` until something has arrived. */
	readonly content = signal<PanelState | null>(null);
	/** Whether all skills are shown, or only the most missed. */
	readonly isAll: Signal<boolean>;
	/** Which of the flipped questions are listed. */
	readonly side: Signal<'right' | 'wrong'>;
	/** Number of flipped questions shown. */
	readonly flipsShown = signal(flipsAtOnce);

	constructor(private readonly host: Host<ToHost, ToPage, Remembered>) {
		this.isAll = signal(host.remembered.all ?? false);
		this.side = signal(host.remembered.to ?? 'right');
		host.listen((message) => {
			if (message.type === toPage.notice) {
				this.notices.show(message);
			} else {
				this.content.value = message.state;
				this.remember();
			}
		});
		host.post({ type: toHost.ready });
	}

	toggleAll(): void {
		this.isAll.value = !this.isAll.value;
		this.remember();
	}

	showSide(side: 'right' | 'wrong'): void {
		this.side.value = side;
		this.flipsShown.value = flipsAtOnce;
		this.remember();
	}

	showMoreFlips(): void {
		this.flipsShown.value += flipsAtOnce;
	}

	/** Returns how many more of `count` flips {@link showMoreFlips} would show. */
	moreFlips(count: number): number {
		return Math.min(flipsAtOnce, Math.max(0, count - this.flipsShown.value));
	}

	/** Returns the skills that are shown. */
	shownOf(skills: readonly SkillLine[]): readonly SkillLine[] {
		return this.isAll.value ? skills : skills.slice(0, fewSkills);
	}

	choose(which: 'before' | 'after', round: Scope): void {
		const { student, round: number } = round;
		this.compare({ [which]: { student, round: number } });
	}

	swap(): void {
		const rounds = this.rounds();
		if (rounds?.before && rounds.after) {
			this.compare({ before: rounds.after, after: rounds.before });
		}
	}

	change(how: Partial<How>): void {
		const rounds = this.rounds();
		if (rounds) {
			this.compare({ how: { ...rounds.how, ...how } });
		}
	}

	view({ student, round }: Scope): void {
		this.host.post({ type: toHost.view, round: { student, round } });
	}

	/** Requests a correction of a round's lineage and benchmark. */
	correct({ student, round }: Scope): void {
		this.host.post({ type: toHost.correct, round: { student, round } });
	}

	report(): void {
		this.host.post({ type: toHost.report });
	}

	takeNextRound(): void {
		this.host.post({ type: toHost.next });
	}

	showMissing({ subject, name }: SkillRef): void {
		this.host.post({ type: toHost.showMissing, skill: { subject, name } });
	}

	showFlip(questionId: string): void {
		this.host.post({ type: toHost.flip, questionId });
	}

	/** Copies the skills that are shown, as Markdown. */
	copy(): void {
		const skills = this.rounds()?.compared?.skills ?? [];
		if (skills.length > 0) {
			this.host.post({ type: toHost.copy, text: skillsAsMarkdown(this.shownOf(skills)) });
		}
	}

	private rounds(): RoundsState | null {
		const content = this.content.value;
		return content?.kind === 'rounds' ? content : null;
	}

	private compare(change: Partial<Pick<RoundsState, 'before' | 'after' | 'how'>>): void {
		const rounds = this.rounds();
		if (rounds) {
			const { before, after, how } = { ...rounds, ...change };
			this.host.post({ type: toHost.choose, before, after, how });
		}
	}

	private remember(): void {
		const rounds = this.rounds();
		if (rounds) {
			const { before, after, how } = rounds;
			this.host.remember({ before, after, how, all: this.isAll.value, to: this.side.value });
		}
	}
}

export const { StoreProvider, useStore } = storeContext<RoundsStore>();
