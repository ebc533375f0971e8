import type { ProfileResult } from './profile.ts';

export interface Recovery {
	/** Names of the skills planted as weak, and of those the profile finds. */
	readonly planted: readonly string[];
	readonly found: readonly string[];
	/** Share of found skills that were planted; `null` if none was found. */
	readonly precision: number | null;
	/** Share of planted skills that were found. */
	readonly recall: number | null;
	/**
	 * Spearman's correlation over all skills of planted impact and questions that miss the skill; `null` if either is
	 * constant.
	 */
	readonly rankCorrelation: number | null;
	/** Mean share of a skill: what each would have if misses were spread evenly. */
	readonly background: number;
}

/**
 * How well a profile recovers what was planted. A skill is found if the 95 % interval of its share lies wholly above
 * the background rate, the mean share of all skills.
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

/** Spearman's rank correlation; ties share their mean rank. `null` if one side is constant or shorter than two. */
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
