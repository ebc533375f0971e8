import type { SkillRef } from '../../src/core/skills/skill.ts';
import type { WhatIfDials, WhatIfTable } from '../../src/core/datasets/whatIf.ts';
import type { GridCell } from '../../src/core/difficulty/detector.ts';
import type { ProfileResult, Rank } from '../../src/core/profile/profile.ts';

/**
 * All messages between the profile panel and the extension. Contains only types and constants, because both ends import
 * it.
 */
export const toPage = { state: 'state', notice: 'notice', whatIf: 'whatIf' } as const;
export const toHost = {
	ready: 'ready',
	showMissing: 'showMissing',
	copy: 'copy',
	rank: 'rank',
	compare: 'compare',
	diagnose: 'diagnose',
	whatIf: 'whatIf',
	build: 'build',
} as const;

/** A Missing-Skill-Profile and the one it is compared with. */
export interface ProfilePanelState {
	readonly kind: 'profile';
	readonly profile: ProfileResult;
	/** The same student's earlier round, if there is one, or another round that the user selected. */
	readonly before: ProfileResult | null;
	/** Rounds of the student that have answers, from which `before` can be chosen. */
	readonly rounds: readonly number[];
	readonly rank: Rank;
	/**
	 * τ1 × τ2 compared with "the answer is wrong" (the paper's Table 8 on the user's data); `null` without step scores
	 * or gold answers.
	 */
	readonly grid: readonly GridCell[] | null;
	/** The rule in force. */
	readonly rule: { readonly method: string; readonly tau1: number | null; readonly tau2: number | null } | null;
	readonly trusted: boolean;
}

export type ProfileState = ProfilePanelState | { readonly kind: 'empty' | 'failed'; readonly message: string };

/** The data that the dials work on, and the initial values of the cost dials. */
export interface WhatIfOffer {
	readonly table: WhatIfTable;
	/** Price of one rewritten answer in USD, from earlier builds; `null` if unknown. */
	readonly price: number | null;
	/** Answers per minute. */
	readonly pace: number;
	readonly budget: number | null;
	/** Keys of the skills that are not ticked in the Skills view. */
	readonly off: readonly string[];
	readonly trusted: boolean;
}

/** What "Build with These" sends: the dials, and the `rule` by which to classify first. */
export interface BuildWith extends Omit<WhatIfDials, 'off' | 'price' | 'pace'> {
	/** `null`: all skills. */
	readonly skills: readonly SkillRef[] | null;
}

export type ToPage =
	| { readonly type: typeof toPage.whatIf; readonly offer: WhatIfOffer }
	| { readonly type: typeof toPage.state; readonly state: ProfileState }
	| { readonly type: typeof toPage.notice; readonly level: 'info' | 'error'; readonly message: string };

export type ToHost =
	| { readonly type: typeof toHost.ready }
	| { readonly type: typeof toHost.showMissing; readonly skill: SkillRef }
	/** The table as text, which the page builds from the rows it shows. */
	| { readonly type: typeof toHost.copy; readonly text: string; readonly what: string }
	| { readonly type: typeof toHost.rank; readonly rank: Rank }
	/** The round to compare with; `null`: none. */
	| { readonly type: typeof toHost.compare; readonly round: number | null }
	| { readonly type: typeof toHost.diagnose }
	/** Requests the dials' table, now and whenever it changes. */
	| { readonly type: typeof toHost.whatIf; readonly on: boolean }
	| { readonly type: typeof toHost.build; readonly settings: BuildWith };

/** What VS Code stores about the page while it is hidden, moved or closed with the window. */
export interface Remembered {
	readonly student: string | null;
	readonly round: number | null;
	readonly before: number | null;
	readonly rank: Rank;
	readonly subject: string | null;
	readonly all: boolean;
	readonly sort: { readonly column: string; readonly descending: boolean };
	readonly scroll: number;
}
