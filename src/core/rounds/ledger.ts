import type { SkillChange } from './comparison.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';
import type { ProfileResult } from '../profile/profile.ts';

/** The distribution of a dataset's rows over skills. */
export interface SkillDistribution {
	readonly name: string;
	readonly rows: number;
	/** By skill key: number of rows drawn or written for the skill. */
	readonly bought: ReadonlyMap<string, number>;
	/**
	 * By skill key: number of rows whose question needs the skill, according to its labels or, if it has none, the
	 * skill it was written for.
	 */
	readonly needing: ReadonlyMap<string, number>;
	/** Sum of `needing`, the denominator of the shares. */
	readonly links: number;
}

/** What a change of accuracy shows, with Holm's correction over its family at the 5% level. */
export type Finding = 'gain' | 'loss' | null;

export function findingOf({ pHolm, delta }: Pick<SkillChange, 'pHolm' | 'delta'>): Finding {
	if (!isSignificant(pHolm) || delta === null || delta === 0) {
		return null;
	}
	return delta > 0 ? 'gain' : 'loss';
}

/** Whether a p-value, corrected for its family, is below the 5% level. `null` (no p-value) is not significant. */
export function isSignificant(p: number | null): boolean {
	return p !== null && p < 0.05;
}

/** The gain that would justify a skill's rows: 5 points. */
export const usefulGain = 0.05;

/**
 * Whether a skill's rows achieved too little: it has at least an even share of the rows, and the 95% interval of the
 * gain ends below {@link usefulGain}.
 */
function isFruitless(rows: number, evenShare: number, gain: SkillChange | null): boolean {
	return rows > 0 && rows >= evenShare && gain?.ci95 != null && gain.ci95[1] < usefulGain;
}

export interface ControlGain {
	/** Gain of the control arm over the parent on this skill's questions. */
	readonly gain: SkillChange | null;
	/** Difference between this round and the control arm. */
	readonly over: SkillChange | null;
	readonly finding: Finding;
}

/** One line of the ledger: predicted gap → data bought → measured gain → cost, next to the control arms. */
export interface LedgerRow extends SkillRef {
	/**
	 * Number of difficult questions that missed the skill in the parent's profile, and their share of the profiled
	 * questions.
	 */
	readonly missed: number;
	readonly gap: number | null;
	/**
	 * Number of rows drawn or written for the skill, and their share of the dataset's cost (USD; `null` if unknown).
	 */
	readonly rows: number;
	readonly cost: number | null;
	/** The skill's share of the dataset's links to skills (the paper's Figure 2). */
	readonly share: number | null;
	/** Difference between the round and its parent on the questions that need the skill. */
	readonly gain: SkillChange | null;
	readonly finding: Finding;
	/**
	 * Whether the skill has at least an even share of the rows and an interval that excludes a gain of 5 points. The
	 * interval is the skill's own and is not corrected for multiple skills.
	 */
	readonly fruitless: boolean;
	readonly controls: readonly ControlGain[];
}

export interface LedgerInput {
	readonly profile: Pick<ProfileResult, 'questions' | 'skills'>;
	/** `null` if the project does not know the dataset that the round was trained on. */
	readonly dataset: (SkillDistribution & { readonly cost: number | null }) | null;
	/** Changes from the parent to the round. */
	readonly gains: readonly SkillChange[];
	readonly controls: readonly { readonly gains: readonly SkillChange[]; readonly over: readonly SkillChange[] }[];
}

/** Builds the skill ledger: every skill that was missed, bought or measured, ordered by most missed, then by rows. */
export function skillLedger({ profile, dataset, gains, controls }: LedgerInput): LedgerRow[] {
	const refs = new Map<string, SkillRef>();
	for (const { subject, name } of [...profile.skills, ...gains]) {
		refs.set(skillKey({ subject, name }), { subject, name });
	}
	for (const key of dataset?.bought.keys() ?? []) {
		const slash = key.indexOf('/');
		if (!refs.has(key)) {
			refs.set(key, { subject: key.slice(0, slash), name: key.slice(slash + 1) });
		}
	}
	const of = (changes: readonly SkillChange[]) => new Map(changes.map((change) => [skillKey(change), change]));
	const [missed, gained] = [new Map(profile.skills.map((skill) => [skillKey(skill), skill])), of(gains)];
	const arms = controls.map((control) => ({ gains: of(control.gains), over: of(control.over) }));
	const counts = [...(dataset?.bought.values() ?? [])];
	const evenShare = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
	const rows = [...refs].map(([key, { subject, name }]): LedgerRow => {
		const gain = gained.get(key) ?? null;
		const bought = dataset?.bought.get(key) ?? 0;
		return {
			subject,
			name,
			missed: missed.get(key)?.questions ?? 0,
			gap: profile.questions === 0 ? null : (missed.get(key)?.share ?? 0),
			rows: bought,
			cost:
				dataset === null || dataset.cost === null || dataset.rows === 0
					? null
					: (dataset.cost * bought) / dataset.rows,
			share: dataset === null || dataset.links === 0 ? null : (dataset.needing.get(key) ?? 0) / dataset.links,
			gain,
			finding: gain && findingOf(gain),
			fruitless: isFruitless(bought, evenShare, gain),
			controls: arms.map((arm) => {
				const over = arm.over.get(key) ?? null;
				return { gain: arm.gains.get(key) ?? null, over, finding: over && findingOf(over) };
			}),
		};
	});
	return rows.sort(
		(left, right) =>
			right.missed - left.missed || right.rows - left.rows || (skillKey(left) < skillKey(right) ? -1 : 1),
	);
}

/**
 * Computes the total variation distance of two skill distributions, in [0, 1]: 0 if they are equal, 1 if they have
 * nothing in common.
 */
export function totalVariation(left: ReadonlyMap<string, number>, right: ReadonlyMap<string, number>): number | null {
	const sum = (shares: ReadonlyMap<string, number>) => [...shares.values()].reduce((so, value) => so + value, 0);
	const [all, others] = [sum(left), sum(right)];
	if (all === 0 || others === 0) {
		return null;
	}
	return (
		[...new Set([...left.keys(), ...right.keys()])].reduce(
			(so, key) => so + Math.abs((left.get(key) ?? 0) / all - (right.get(key) ?? 0) / others),
			0,
		) / 2
	);
}
