import type { Flip } from '../../src/core/rounds/comparison.ts';
import type { Finding } from '../../src/core/rounds/ledger.ts';
import type { PairedChange } from '../../src/core/stats/pairedChange.ts';
import type { SkillRef } from '../../src/core/skills/skill.ts';
import type { Scope } from '../../src/core/scope.ts';

/** Everything the rounds panel and the extension say to each other. Types and constants only: both ends import it. */
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

/** A round in the tree, in the order shown. */
export interface RoundLine extends Scope {
	readonly depth: number;
	/** "STAT-Sel, sel-r1, SFT"; empty: nobody said. */
	readonly origin: string;
	readonly control: boolean;
	readonly questions: number;
	readonly answers: number;
	/** The views show it. */
	readonly inView: boolean;
}

/** One line of the comparison: everything, a subject, a level. */
export interface ChangeLine {
	readonly name: string;
	readonly change: PairedChange & { readonly pHolm?: number | null };
}

export interface SkillLine extends SkillRef {
	readonly missed: number;
	readonly gap: number | null;
	readonly rows: number;
	/** USD. */
	readonly cost: number | null;
	readonly change: ChangeLine['change'] | null;
	readonly finding: Finding;
	/** Many rows and no useful gain (core/ledger.ts). */
	readonly fruitless: boolean;
	/** In the order of `controls`: the arm's own gain, and this round less the arm. */
	readonly controls: readonly {
		readonly gain: number | null;
		readonly over: PairedChange | null;
		readonly finding: Finding;
	}[];
}

export interface FlipLine extends Pick<Flip, 'questionId' | 'to' | 'subject' | 'level'> {
	readonly title: string;
}

/** What to compare: which answers, of which questions. */
export interface How {
	readonly benchmark: string | null;
	/** `null`: test questions where both rounds answered any, else validation. */
	readonly split: 'all' | 'validation' | 'test' | null;
	readonly answers: 'all' | 'first';
}

export interface Compared {
	readonly lines: readonly ChangeLine[];
	/** Most missed first. */
	readonly skills: readonly SkillLine[];
	/** Only where `before` is the parent of `after`: then rows, cost and controls are known. */
	readonly isLedger: boolean;
	readonly dataset: string | null;
	readonly controls: readonly { readonly name: string; readonly equalSize: boolean | null }[];
	readonly family: number;
	readonly flips: readonly FlipLine[];
	/** All there are; `flips` holds at most two thousand. */
	readonly right: number;
	readonly wrong: number;
	readonly leftOut: string;
	/** The split compared. */
	readonly split: 'all' | 'validation' | 'test';
	/** Validation questions among those compared. */
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
	/** Null: fewer than two rounds, or `problem` says why not. */
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
	/** Have the views show this round. */
	| { readonly type: typeof toHost.view; readonly round: Scope }
	| { readonly type: typeof toHost.flip; readonly questionId: string }
	| { readonly type: typeof toHost.report }
	| { readonly type: typeof toHost.copy; readonly text: string }
	| { readonly type: typeof toHost.showMissing; readonly skill: SkillRef }
	| { readonly type: typeof toHost.next }
	/** Where it comes from, what it is meant for. */
	| { readonly type: typeof toHost.correct; readonly round: Scope };

/** What VS Code keeps of the page. */
export interface Remembered {
	readonly before: Scope | null;
	readonly after: Scope | null;
	readonly how: How;
	readonly all: boolean;
	readonly to: 'right' | 'wrong';
}
