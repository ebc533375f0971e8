import type { Flip } from '../../src/core/rounds/comparison.ts';
import type { Finding } from '../../src/core/rounds/ledger.ts';
import type { PairedChange } from '../../src/core/stats/pairedChange.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import type { Scope } from '../../src/core/scope.ts';

/**
 * All messages between the rounds panel and the extension. Contains only types and constants, because both ends import
 * it.
 */
export const toPage = { state: 'state', notice: 'notice' } as const;
export const toHost = {
	ready: 'ready',
	choose: 'choose',
	view: 'view',
	flip: 'flip',
	report: 'report',
	copy: 'copy',
	showMissing: 'showMissing',
	next: 'next',
	correct: 'correct',
} as const;

/** A round in the tree; the rounds are in display order. */
export interface RoundLine extends Scope {
	readonly depth: number;
	/** For example "STAT-Sel, sel-r1, SFT"; empty if it is not recorded. */
	readonly origin: string;
	readonly control: boolean;
	readonly questions: number;
	readonly answers: number;
	/** Whether the views show this round. */
	readonly inView: boolean;
}

/** One line of the comparison: the total, a subject or a level. */
export interface ChangeLine {
	readonly name: string;
	readonly change: PairedChange & { readonly pHolm?: number | null };
}

export interface SkillLine extends SkillRef {
	readonly missed: number;
	readonly gap: number | null;
	readonly rows: number;
	/** Cost in USD. */
	readonly cost: number | null;
	readonly change: ChangeLine['change'] | null;
	readonly finding: Finding;
	/** Whether many rows brought no useful gain (see src/core/rounds/ledger.ts). */
	readonly fruitless: boolean;
	/** In the order of `controls`: the arm's own gain, and the gain of this round minus that of the arm. */
	readonly controls: readonly {
		readonly gain: number | null;
		readonly over: PairedChange | null;
		readonly finding: Finding;
	}[];
}

export interface FlipLine extends Pick<Flip, 'questionId' | 'to' | 'subject' | 'level'> {
	readonly title: string;
}

/** What to compare: which answers to which questions. */
export interface How {
	readonly benchmark: string | null;
	/** `null`: test questions if both rounds answered any, else validation questions. */
	readonly split: 'all' | 'validation' | 'test' | null;
	readonly answers: 'all' | 'first';
}

export interface Compared {
	readonly lines: readonly ChangeLine[];
	/** Most missed first. */
	readonly skills: readonly SkillLine[];
	/** Whether `before` is the parent of `after`; only then are rows, cost and controls known. */
	readonly isLedger: boolean;
	readonly dataset: string | null;
	readonly controls: readonly { readonly name: string; readonly equalSize: boolean | null }[];
	readonly family: number;
	readonly flips: readonly FlipLine[];
	/** Total numbers; `flips` contains at most two thousand questions. */
	readonly right: number;
	readonly wrong: number;
	readonly leftOut: string;
	/** The split that was compared. */
	readonly split: 'all' | 'validation' | 'test';
	/** Number of validation questions among those compared. */
	readonly validation: number;
}

export interface RoundsState {
	readonly kind: 'rounds';
	readonly rounds: readonly RoundLine[];
	readonly before: Scope | null;
	readonly after: Scope | null;
	readonly how: How;
	readonly benchmarks: readonly string[];
	readonly splits: readonly ('validation' | 'test')[];
	/** `null` if there are fewer than two rounds, or if `problem` explains why they cannot be compared. */
	readonly compared: Compared | null;
	readonly problem: string | null;
	readonly trusted: boolean;
}

export type PanelState = RoundsState | { readonly kind: 'failed'; readonly message: string };

export type ToPage =
	| { readonly type: typeof toPage.state; readonly state: PanelState }
	| { readonly type: typeof toPage.notice; readonly level: 'info' | 'error'; readonly message: string };

export type ToHost =
	| { readonly type: typeof toHost.ready }
	| {
			readonly type: typeof toHost.choose;
			readonly before: Scope | null;
			readonly after: Scope | null;
			readonly how: How;
	  }
	/** Switches the views to this round. */
	| { readonly type: typeof toHost.view; readonly round: Scope }
	| { readonly type: typeof toHost.flip; readonly questionId: string }
	| { readonly type: typeof toHost.report }
	| { readonly type: typeof toHost.copy; readonly text: string }
	| { readonly type: typeof toHost.showMissing; readonly skill: SkillRef }
	| { readonly type: typeof toHost.next }
	/** Corrects the round's lineage and the benchmark it is meant for. */
	| { readonly type: typeof toHost.correct; readonly round: Scope };

/** What VS Code stores about the page. */
export interface Remembered {
	readonly before: Scope | null;
	readonly after: Scope | null;
	readonly how: How;
	readonly all: boolean;
	readonly to: 'right' | 'wrong';
}
