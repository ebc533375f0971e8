import type { ProfileResult } from './profile.ts';

export interface Recovery {
	/** Names of the skills planted as weak, and of those that the profile found. */
	readonly planted: readonly string[];
	readonly found: readonly string[];
	/** Share of found skills that were planted; `null` if none was found. */
	readonly precision: number | null;
	/** Share of planted skills that were found. */
	readonly recall: number | null;
	/**
	 * Spearman correlation, over all skills, between planted impact and the number of questions that miss the skill;
	 * `null` if either is constant.
	 */
	readonly rankCorrelation: number | null;
	/** Mean share of a skill, which every skill would have if misses were spread evenly. */
	readonly background: number;
}

/**
 * Measures how well a profile recovers what was planted. A skill is found if the 95% interval of its share lies
 * entirely above the background rate, i.e. the mean share of all skills.
 */
export function recovery(
	planted: readonly { readonly skill: string; readonly weak: boolean; readonly impact: number }[],
	profile: Pick<ProfileResult, 'skills'>,
): Recovery {
	const shown = new Map(profile.skills.map((skill) => [skill.skill, skill]));
	const background =
		planted.reduce((sum, { skill }) => sum + (shown.get(skill)?.share ?? 0), 0) / Math.max(1, planted.length);
	const weak = planted.filter((skill) => skill.weak).map(({ skill }) => skill);
	const found = planted
		.filter(({ skill }) => (shown.get(skill)?.ci95[0] ?? 0) > background)
		.map(({ skill }) => skill);
	const hits = found.filter((skill) => weak.includes(skill)).length;
	return {
		planted: weak,
		found,
		precision: found.length === 0 ? null : hits / found.length,
		recall: weak.length === 0 ? null : hits / weak.length,
		rankCorrelation: spearman(
			planted.map(({ impact }) => impact),
			planted.map(({ skill }) => shown.get(skill)?.questions ?? 0),
		),
		background,
	};
}

/**
 * Computes Spearman's rank correlation; ties get their mean rank. Returns `null` if one side is constant or has fewer
 * than two values.
 */
export function spearman(left: readonly number[], right: readonly number[]): number | null {
	const [a, b] = [ranks(left), ranks(right)];
	const mean = (a.length + 1) / 2;
	const covariance = a.reduce((sum, rank, i) => sum + (rank - mean) * ((b[i] ?? mean) - mean), 0);
	const spread = Math.sqrt(
		a.reduce((sum, rank) => sum + (rank - mean) ** 2, 0) * b.reduce((sum, rank) => sum + (rank - mean) ** 2, 0),
	);
	return spread === 0 || a.length !== b.length ? null : covariance / spread;
}

function ranks(values: readonly number[]): number[] {
	const order = [...values].sort((x, y) => x - y);
	return values.map((value) => (order.indexOf(value) + order.lastIndexOf(value)) / 2 + 1);
}
