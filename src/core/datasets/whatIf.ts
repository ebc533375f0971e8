import type { AnswerDigest } from '../questions/answer.ts';
import type { MissingSkills } from '../diagnosis/diagnosis.ts';
import type { DifficultyRule } from '../difficulty/difficulty.ts';
import { isDifficult } from '../difficulty/difficulty.ts';
import type { Rank } from '../profile/profile.ts';
import { missingSkillProfile, sureExposureRate } from '../profile/profile.ts';
import type { QuestionId } from '../questions/question.ts';
import type { SelOptions } from './selection.ts';
import { mixCounts, selectForSkills } from './selection.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/** A round's validation questions and the Skill-Map, reduced to what the dials need: it is sent to the panel once. */
export interface WhatIfTable {
	readonly skills: readonly SkillRef[];
	readonly questions: readonly WhatIfQuestion[];
	/** Training questions of each skill, as numbers of this table, in the Skill-Map's order. */
	readonly skillMap: readonly (readonly number[])[];
	/** |P|: all training questions. */
	readonly train: number;
	/** The rule in force; `null`: the teacher judged, or nothing is classified. */
	readonly rule: DifficultyRule | null;
}

export interface WhatIfQuestion {
	readonly id: QuestionId;
	readonly subject: string | null;
	/** Without the extracted answers; `groups` says which are equal. */
	readonly digest: AnswerDigest;
	readonly groups: readonly number[];
	/** As classified now. */
	readonly difficult: boolean | null;
	/** Indexes of the skills it is labelled with. */
	readonly labels: readonly number[];
	/** Indexes of the skills its answer misses; `null`: neither diagnosed nor corrected. */
	readonly missing: readonly number[] | null;
	readonly disputed: boolean;
}

/** The dials. */
export interface WhatIfDials extends Pick<
	SelOptions,
	'seed' | 'difficult' | 'perSkill' | 'answers' | 'repeats' | 'pairs'
> {
	/** `null`: as classified now. */
	readonly rule: DifficultyRule | null;
	/** Keys of excluded skills. */
	readonly off: ReadonlySet<string>;
	/** Share of rows from all of P, in [0, 1). */
	readonly mix: number;
	readonly rank: Rank;
	readonly answersFrom: 'teacher' | 'original';
	/** USD per rewritten answer; `null`: unknown. */
	readonly price: number | null;
	/** Rewritten answers per minute. */
	readonly pace: number;
	/** USD; `null`: no limit. */
	readonly budget: number | null;
}

export interface WhatIfSkill extends SkillRef {
	/** Difficult questions that miss it. */
	readonly questions: number;
	readonly share: number;
	/** Pairs drawn for it. */
	readonly pairs: number;
	readonly train: number;
}

export interface WhatIf {
	readonly difficult: number;
	readonly unclassified: number;
	/** Difficult questions with a diagnosis or correction: the profile's denominator. */
	readonly profiled: number;
	/** Difficult questions that would have to be diagnosed first. */
	readonly undiagnosed: number;
	/** Most missed first. */
	readonly skills: readonly WhatIfSkill[];
	/** Difficult questions the selection uses. */
	readonly used: number;
	readonly pool: number;
	readonly pairs: number;
	/** Rows from all of P, of `pairs`. */
	readonly rehearsal: number;
	/** Distinct training questions. */
	readonly questions: number;
	/**
	 * Answers to rewrite: distinct (question, answer) pairs. With `mix`, their overlap is an expected value, not drawn.
	 */
	readonly calls: number;
	/** USD; `null`: the price is unknown. */
	readonly cost: number | null;
	readonly minutes: number;
	/** Answers that the budget pays for; `null`: no budget, or no price. */
	readonly affordable: number | null;
}

/** Pairs the budget pays for, approximately; `null`: it pays for all, or for none. A build beyond its budget stops. */
export function fittingPairs({ pairs, affordable, calls }: WhatIf): number | null {
	if (affordable === null || affordable >= calls) {
		return null;
	}
	const fitting = Math.floor((pairs * affordable) / Math.max(1, calls));
	return fitting > 0 ? fitting : null;
}

/**
 * The number of pairs that the budget pays for in full; `null`: it pays for all of `now`, or for none. Fewer pairs share
 * fewer answers, so the estimate is repeated until it holds.
 */
export function pairsWithinBudget(table: WhatIfTable, dials: WhatIfDials, now: WhatIf): number | null {
	let pairs: number | null = null;
	let next = fittingPairs(now);
	while (next !== null) {
		pairs = pairs === null ? next : Math.min(next, pairs - 1);
		next = fittingPairs(whatIf(table, { ...dials, pairs }));
	}
	return pairs !== null && pairs >= 1 ? pairs : null;
}

const maps = new WeakMap<WhatIfTable, ReadonlyMap<string, readonly QuestionId[]>>();

/**
 * What a STAT-Sel build would be with these dials. Profile and selection are the build's own functions, draw for draw,
 * and therefore exact; cost and time are calls × price and calls ÷ pace.
 */
export function whatIf(table: WhatIfTable, dials: WhatIfDials): WhatIf {
	const skillMap = mapOf(table);
	const at = (indexes: readonly number[]): SkillRef[] => indexes.flatMap((index) => table.skills[index] ?? []);
	let [difficult, unclassified] = [0, 0];
	const missing: MissingSkills[] = [];
	for (const question of table.questions) {
		const isSo =
			dials.rule === null ? question.difficult : isDifficult(dials.rule, question.digest, question.groups);
		difficult += isSo === true ? 1 : 0;
		unclassified += isSo === null ? 1 : 0;
		if (isSo === true && question.missing !== null) {
			missing.push({
				questionId: question.id,
				subject: question.subject,
				skills: at(question.missing),
				from: 'teacher',
				disputed: question.disputed,
			});
		}
	}
	const answered =
		dials.rank === 'exposure'
			? table.questions.map(({ id, labels }) => ({ questionId: id, skills: at(labels) }))
			: [];
	const { skills: profile } = missingSkillProfile({ missing, train: [], answered });
	const weights =
		dials.rank === 'exposure'
			? new Map(profile.map((skill) => [skillKey(skill), sureExposureRate(skill)]))
			: undefined;
	const skills = dials.off.size === 0 ? undefined : table.skills.filter((skill) => !dials.off.has(skillKey(skill)));
	// All original answers to a question are equal: without repeats there is only one.
	const answers = dials.answersFrom === 'original' && dials.repeats === 'drop' ? 1 : dials.answers;
	const { targeted: targetPairs, rehearsal: share } = mixCounts(dials.pairs, dials.mix);
	const selection = selectForSkills(missing, skillMap, { ...dials, answers, pairs: targetPairs, skills, weights });
	const rehearsal = Math.min(share(selection.pairs.length), table.train * answers);
	// The selection returns the table's own skill objects, so no key is needed; ids are the table's numbers.
	const bySkill = new Map<SkillRef | null, number>();
	const [drawn, rewritten] = [new Set<QuestionId>(), new Set<number>()];
	for (const { questionId, answer, skill } of selection.pairs) {
		drawn.add(questionId);
		rewritten.add(Number(questionId) * answers + answer);
		bySkill.set(skill, (bySkill.get(skill) ?? 0) + 1);
	}
	const pairsOf = new Map(
		[...bySkill].flatMap(([skill, count]) => (skill ? [[skillKey(skill), count] as const] : [])),
	);
	const questions =
		table.train === 0
			? drawn.size
			: drawn.size +
				Math.round((table.train - drawn.size) * (1 - (1 - rehearsal / (table.train * answers)) ** answers));
	const calls =
		dials.answersFrom === 'original'
			? 0
			: rewritten.size + Math.round(rehearsal * (1 - rewritten.size / Math.max(1, table.train * answers)));
	const cost = costOf(calls, dials.price);
	return {
		difficult,
		unclassified,
		profiled: missing.length,
		undiagnosed: difficult - missing.length,
		skills: profile.map(({ subject, name, questions: count, share: part }) => ({
			subject,
			name,
			questions: count,
			share: part,
			pairs: pairsOf.get(skillKey({ subject, name })) ?? 0,
			train: skillMap.get(skillKey({ subject, name }))?.length ?? 0,
		})),
		used: selection.counts.difficult,
		pool: selection.counts.pool,
		pairs: selection.pairs.length + rehearsal,
		rehearsal,
		questions,
		calls,
		cost,
		minutes: calls / Math.max(1e-9, dials.pace),
		affordable:
			dials.budget === null || dials.price === null || dials.price <= 0
				? null
				: Math.floor(dials.budget / dials.price),
	};
}

function mapOf(table: WhatIfTable): ReadonlyMap<string, readonly QuestionId[]> {
	const known = maps.get(table);
	if (known) {
		return known;
	}
	const made = new Map(
		table.skills.map((skill, index) => [skillKey(skill), (table.skillMap[index] ?? []).map(String)]),
	);
	maps.set(table, made);
	return made;
}

/** What the requests cost; `null`: the price is unknown. No request costs nothing. */
function costOf(calls: number, price: number | null): number | null {
	if (calls === 0) {
		return 0;
	}
	return price === null ? null : calls * price;
}
