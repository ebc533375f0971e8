import type { ShareChange } from '../../src/core/stats/shareChange.ts';
import { shareChange } from '../../src/core/stats/shareChange.ts';
import { formatPoints, formatRange } from '../../src/core/text/formatChange.ts';
import { wilsonInterval } from '../../src/core/stats/interval.ts';
import type { ProfileResult, ProfileSkill, Rank } from '../../src/core/profile/profile.ts';
import { sureExposureRate } from '../../src/core/profile/profile.ts';
import { skillKey } from '../../src/core/skills/skill.ts';

/** A skill's numbers in the panel, with those of the other round beside them. */
export interface Row {
	readonly skill: ProfileSkill;
	/** The bar's value: a fraction of the profiled questions, or of the questions that need the skill. */
	readonly value: number | null;
	readonly interval: readonly [number, number] | null;
	readonly before: ProfileSkill | null;
	/** `value` in the other round, 0 if the skill was not missed there; `null` if there is no other round. */
	readonly beforeValue: number | null;
	readonly change: ShareChange | null;
	/**
	 * The rank among all skills, from 1; skills with equal values share a rank. The rank by rate uses the lower end of
	 * its interval, as the profile does; `null` if no answered question needs the skill.
	 */
	readonly places: { readonly count: number; readonly rate: number | null };
}

/** Joins two rounds by skill; a skill missed only in the earlier round gets zeros for the current one. */
export function joinRounds(now: ProfileResult, before: ProfileResult | null, rank: Rank): Row[] {
	const earlier = new Map((before?.skills ?? []).map((skill) => [skillKey(skill), skill]));
	const [counts, rates] = [now.skills.map(({ questions }) => questions), now.skills.map(sureExposureRate)];
	const place = (values: readonly number[], value: number): number =>
		1 + values.filter((other) => other > value).length;
	const row = (skill: ProfileSkill, old: ProfileSkill | null): Row => ({
		...barOf(skill, now, old, before, rank),
		places: {
			count: place(counts, skill.questions),
			rate: skill.exposed === 0 ? null : place(rates, sureExposureRate(skill)),
		},
	});
	const rows = now.skills.map((skill) => row(skill, earlier.get(skillKey(skill)) ?? null));
	const known = new Set(now.skills.map(skillKey));
	const gone = [...earlier.values()].filter((skill) => !known.has(skillKey(skill)));
	return [
		...rows,
		...gone.map((skill) =>
			row(
				{
					...skill,
					questions: 0,
					share: 0,
					ci95: wilsonInterval(0, now.questions),
					exposed: 0,
					exposureRate: null,
				},
				skill,
			),
		),
	];
}

function barOf(
	skill: ProfileSkill,
	now: ProfileResult,
	earlier: ProfileSkill | null,
	before: ProfileResult | null,
	rank: Rank,
): Omit<Row, 'places'> {
	if (rank === 'exposure') {
		const counts = exposureOf(skill);
		const old = before && (earlier ? exposureOf(earlier) : null);
		return {
			skill,
			value: skill.exposureRate,
			interval: counts && wilsonInterval(...counts),
			before: earlier,
			beforeValue: old ? old[0] / old[1] : null,
			change: counts && old ? shareChange(counts, old) : null,
		};
	}
	const old: [number, number] | null = before && [earlier?.questions ?? 0, before.questions];
	return {
		skill,
		value: skill.share,
		interval: skill.ci95,
		before: earlier,
		beforeValue: old ? old[0] / Math.max(1, old[1]) : null,
		change: old && now.questions > 0 && old[1] > 0 ? shareChange([skill.questions, now.questions], old) : null,
	};
}

/** Returns [missed, needed], counted over the answered questions that need the skill. */
function exposureOf({ exposed, exposureRate }: ProfileSkill): [number, number] | null {
	return exposureRate === null || exposed === 0 ? null : [Math.round(exposureRate * exposed), exposed];
}

/** Returns, for example, "61 → 22 · −10.2 points (−14.0 to −6.1)", or states that the interval contains zero. */
export function describeChange(row: Row): string {
	if (!row.change) {
		return '';
	}
	return (
		`${row.before?.questions ?? 0} → ${row.skill.questions} · ${formatPoints(row.change.difference)} points ` +
		`(${formatRange(row.change.interval)}), ${directionOf(row.change.interval)}`
	);
}

function directionOf([low, high]: readonly [number, number]): string {
	if (low > 0) {
		return 'up';
	}
	return high < 0 ? 'down' : 'could be chance';
}

/** Returns the end of an axis that contains a value, such that its quarters are round: .07 → .08, .23 → .24. */
export function axisEnd(largest: number): number {
	const ends = [0.02, 0.04, 0.08, 0.12, 0.16, 0.2, 0.24, 0.32, 0.4, 0.6, 0.8, 1];
	return ends.find((step) => step >= largest) ?? 1;
}
