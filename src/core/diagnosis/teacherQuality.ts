import type { Agreement, Rate, TwoByTwo } from '../stats/agreement.ts';
import { agreement, clusteredAgreement, cohenKappa, rateOf } from '../stats/agreement.ts';
import type { Correction, Diagnosis } from './diagnosis.ts';
import { compareText } from '../text/order.ts';
import type { QuestionId } from '../questions/question.ts';
import { drawWithoutReplacement, randomStream } from '../stats/random.ts';
import type { SkillRef } from '../skills/skill.ts';
import { normaliseSubject, skillKey } from '../skills/skill.ts';

/** The skills that two readers named for one answer, under their current names. */
export interface TwoReadings {
	readonly questionId: QuestionId;
	readonly first: readonly SkillRef[];
	readonly second: readonly SkillRef[];
	/** Skills offered to both readers. For each of them, the readers' yes or no is compared. */
	readonly offered: readonly SkillRef[];
}

export interface SkillAgreement extends SkillRef, Agreement {
	readonly table: TwoByTwo;
}

export interface PairOfSkills {
	readonly subject: string;
	readonly left: string;
	readonly right: string;
	/** Number of answers for which each reader named exactly one of the two skills. */
	readonly questions: number;
	/** Number of those answers for which the readers named different skills. */
	readonly swapped: number;
	readonly kappa: number | null;
}

/**
 * Computes the agreement of two readers on whole answers, on every (answer, skill), and by skill with the most named
 * first.
 */
export function readingAgreement(readings: readonly TwoReadings[]): {
	readonly identical: Rate;
	readonly overlapping: Rate;
	readonly overall: Agreement;
	readonly skills: readonly SkillAgreement[];
} {
	const bySkill = new Map<
		string,
		{ skill: SkillRef; both: number; onlyFirst: number; onlySecond: number; neither: number }
	>();
	const clusters: TwoByTwo[] = [];
	let identical = 0;
	let overlapping = 0;
	for (const { first, second, offered } of readings) {
		const [a, b] = [keysOf(first), keysOf(second)];
		identical += a.size === b.size && [...a].every((key) => b.has(key)) ? 1 : 0;
		overlapping += [...a].some((key) => b.has(key)) || (a.size === 0 && b.size === 0) ? 1 : 0;
		const cluster = { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
		for (const [key, skill] of new Map(
			[...offered, ...first, ...second].map((known) => [skillKey(known), known]),
		)) {
			const counted = bySkill.get(key) ?? { skill, both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 };
			bySkill.set(key, counted);
			const cell = cellOf(a.has(key), b.has(key));
			counted[cell] += 1;
			cluster[cell] += 1;
		}
		clusters.push(cluster);
	}
	const skills = [...bySkill.values()]
		.map(({ skill, ...table }): SkillAgreement => ({
			subject: skill.subject,
			name: skill.name,
			...agreement(table),
			table,
		}))
		.filter(({ table }) => table.both + table.onlyFirst + table.onlySecond > 0)
		.sort((left, right) => named(right.table) - named(left.table) || compareText(skillKey(left), skillKey(right)));
	return {
		identical: rateOf(identical, readings.length),
		overlapping: rateOf(overlapping, readings.length),
		overall: clusteredAgreement(clusters),
		skills,
	};
}

/** Returns the table cell in which a skill is counted, depending on who named it. */
function cellOf(first: boolean, second: boolean): keyof TwoByTwo {
	if (first) {
		return second ? 'both' : 'onlyFirst';
	}
	return second ? 'onlySecond' : 'neither';
}

export type Concord = 'same' | 'overlap' | 'apart';

/** Compares two readings of one answer: equal (including both calling it correct), overlapping, or disjoint. */
export function concordOf(first: Reading, second: Reading): Concord {
	const [a, b] = [keysOf(namedBy(first)), keysOf(namedBy(second))];
	const common = [...a].filter((key) => b.has(key)).length;
	if (common === a.size && common === b.size) {
		return 'same';
	}
	return common > 0 ? 'overlap' : 'apart';
}

type Reading = Pick<Diagnosis, 'judge' | 'skills'>;

/** Returns the skills that a reading counts as missing; none if it calls the answer correct. */
export function namedBy({ judge, skills }: Reading): readonly SkillRef[] {
	return judge === 'correct' ? [] : skills;
}

/** Returns what remains of a diagnosis after its correction; `null` if there was no diagnosis. */
export function readingOfPerson({
	verdict,
	skills,
	original,
}: Correction): { readonly teacher: readonly SkillRef[]; readonly person: readonly SkillRef[] } | null {
	if (!original || verdict === 'withdrawn') {
		return null;
	}
	const teacher = namedBy(original);
	switch (verdict) {
		case 'agreed':
			return { teacher, person: teacher };
		case 'changed':
			return { teacher, person: skills ?? [] };
		default:
			return { teacher, person: [] };
	}
}

/** Two skills count as confused if kappa is at most this and there are at least this many swaps. */
const apartFrom = 0.2;

/** Default number of diagnosed answers that a second teacher reads. */
export const defaultJurySample = 100;
const swapsAtLeast = 3;

/**
 * Finds pairs of skills that readers confuse: each of two readers named exactly one of the pair, and their choice
 * agrees no better than chance (kappa ≤ 0.2, at least three swaps). Most swapped first.
 */
export function indistinctPairs(readings: readonly Pick<TwoReadings, 'first' | 'second'>[]): PairOfSkills[] {
	const pairs = new Map<
		string,
		{ left: SkillRef; right: SkillRef; leftLeft: number; leftRight: number; rightLeft: number; rightRight: number }
	>();
	const skills = new Map<string, SkillRef>();
	const keySets = readings.map(({ first, second }) => {
		[...first, ...second].forEach((skill) => skills.set(skillKey(skill), skill));
		return [keysOf(first), keysOf(second)] as const;
	});
	for (const [a, b] of keySets) {
		for (const s of a) {
			for (const t of b) {
				if (s !== t && !a.has(t) && !b.has(s)) {
					const [left, right] = [s, t].sort(compareText).map((key) => skills.get(key)) as [
						SkillRef,
						SkillRef,
					];
					if (normaliseSubject(left.subject) === normaliseSubject(right.subject)) {
						pairs.set(`${skillKey(left)}\n${skillKey(right)}`, {
							left,
							right,
							leftLeft: 0,
							leftRight: 0,
							rightLeft: 0,
							rightRight: 0,
						});
					}
				}
			}
		}
	}
	for (const pair of pairs.values()) {
		const [left, right] = [skillKey(pair.left), skillKey(pair.right)];
		for (const [a, b] of keySets) {
			if (a.has(left) !== a.has(right) && b.has(left) !== b.has(right)) {
				const first = a.has(left) ? 'left' : 'right';
				const second = b.has(left) ? 'Left' : 'Right';
				pair[`${first}${second}` as const] += 1;
			}
		}
	}
	return [...pairs.values()]
		.map(({ left, right, leftLeft, leftRight, rightLeft, rightRight }): PairOfSkills => ({
			subject: left.subject,
			left: left.name,
			right: right.name,
			questions: leftLeft + leftRight + rightLeft + rightRight,
			swapped: leftRight + rightLeft,
			kappa: cohenKappa({ both: leftLeft, onlyFirst: leftRight, onlySecond: rightLeft, neither: rightRight }),
		}))
		.filter(({ swapped, kappa }) => swapped >= swapsAtLeast && (kappa ?? 0) <= apartFrom)
		.sort(
			(a, b) =>
				b.swapped - a.swapped ||
				compareText(`${a.subject}/${a.left}/${a.right}`, `${b.subject}/${b.left}/${b.right}`),
		);
}

export interface SkillQuality extends SkillRef {
	/** How often users left the skill in place when the teacher named it. */
	readonly precision: Rate;
	/** Share of the answers that miss the skill according to users in which the teacher named it. */
	readonly recall: Rate;
}

/**
 * Computes the teacher's precision and recall against users' corrections. `first` is the teacher's diagnosis, `second`
 * is what users left of it.
 */
export function qualityByPeople(readings: readonly Pick<TwoReadings, 'first' | 'second'>[]): {
	readonly precision: Rate;
	readonly recall: Rate;
	readonly identical: Rate;
	readonly skills: readonly SkillQuality[];
} {
	const bySkill = new Map<string, { skill: SkillRef; both: number; named: number; missing: number }>();
	let identical = 0;
	for (const { first, second } of readings) {
		const [a, b] = [keysOf(first), keysOf(second)];
		identical += a.size === b.size && [...a].every((key) => b.has(key)) ? 1 : 0;
		for (const [key, skill] of new Map([...first, ...second].map((known) => [skillKey(known), known]))) {
			const counted = bySkill.get(key) ?? { skill, both: 0, named: 0, missing: 0 };
			bySkill.set(key, counted);
			counted.named += a.has(key) ? 1 : 0;
			counted.missing += b.has(key) ? 1 : 0;
			counted.both += a.has(key) && b.has(key) ? 1 : 0;
		}
	}
	const rows = [...bySkill.values()];
	const sum = (pick: (row: (typeof rows)[number]) => number): number =>
		rows.reduce((total, row) => total + pick(row), 0);
	return {
		precision: rateOf(
			sum(({ both }) => both),
			sum(({ named: times }) => times),
		),
		recall: rateOf(
			sum(({ both }) => both),
			sum(({ missing }) => missing),
		),
		identical: rateOf(identical, readings.length),
		skills: rows
			.sort(
				(left, right) =>
					right.named + right.missing - left.named - left.missing ||
					compareText(skillKey(left.skill), skillKey(right.skill)),
			)
			.map(({ skill, both, named: times, missing }) => ({
				subject: skill.subject,
				name: skill.name,
				precision: rateOf(both, times),
				recall: rateOf(both, missing),
			})),
	};
}

/**
 * Draws a stratified random sample. Each stratum contributes its share of `count` by largest remainders, so that the
 * sample resembles the whole. The order within a stratum depends only on the seed and the IDs, so a larger sample
 * contains most of a smaller one.
 */
export function stratifiedSample<T>(
	items: readonly T[],
	count: number,
	seed: number,
	stratumOf: (item: T) => string,
): T[] {
	if (count >= items.length) {
		return [...items];
	}
	const strata = new Map<string, T[]>();
	for (const item of items) {
		const members = strata.get(stratumOf(item)) ?? [];
		strata.set(stratumOf(item), members);
		members.push(item);
	}
	const shares = [...strata].map(([stratum, members]) => {
		const exact = (members.length * count) / items.length;
		return { stratum, members, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
	});
	const left = count - shares.reduce((sum, { whole }) => sum + whole, 0);
	const byRest = [...shares].sort((a, b) => b.rest - a.rest || compareText(a.stratum, b.stratum));
	const more = new Set(byRest.slice(0, left).map(({ stratum }) => stratum));
	return shares.flatMap(({ stratum, members, whole }) =>
		drawWithoutReplacement(randomStream(seed, 'jury', stratum), members, whole + (more.has(stratum) ? 1 : 0)),
	);
}

const named = ({ both, onlyFirst, onlySecond }: TwoByTwo): number => 2 * both + onlyFirst + onlySecond;

function keysOf(skills: readonly SkillRef[]): ReadonlySet<string> {
	return new Set(skills.map(skillKey));
}
