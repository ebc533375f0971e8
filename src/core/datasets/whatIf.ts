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

/** A round's validation questions and the Skill-Map, reduced to what the dials need. It is sent to the panel once. */
export interface WhatIfTable {
	readonly skills: readonly SkillRef[];
	readonly questions: readonly WhatIfQuestion[];
	/** Training questions of each skill, as indexes in this table, in the order of the Skill-Map. */
	readonly skillMap: readonly (readonly number[])[];
	/** |P|: the number of training questions. */
	readonly train: number;
	/** The rule in effect; `null` if the teacher judged the answers, or if nothing is classified. */
	readonly rule: DifficultyRule | null;
}

export interface WhatIfQuestion {
	readonly id: QuestionId;
	readonly subject: string | null;
	/** Lacks the extracted answers; `groups` says which answers are equal. */
	readonly digest: AnswerDigest;
	readonly groups: readonly number[];
	/** The current classification. */
	readonly difficult: boolean | null;
	/** Indexes of the skills that the question is labelled with. */
	readonly labels: readonly number[];
	/** Indexes of the skills that its answer misses; `null` if it has neither a diagnosis nor a correction. */
	readonly missing: readonly number[] | null;
	readonly disputed: boolean;
}

/** Positions of the panel's dials. */
export interface WhatIfDials extends Pick<
	SelOptions,
	'seed' | 'difficult' | 'perSkill' | 'answers' | 'repeats' | 'pairs'
> {
	/** `null` uses the current classification. */
	readonly rule: DifficultyRule | null;
	/** Keys of the excluded skills. */
	readonly off: ReadonlySet<string>;
	/** Share of rows taken from all of P, in [0, 1). */
	readonly mix: number;
	readonly rank: Rank;
	readonly answersFrom: 'teacher' | 'original';
	/** USD per rewritten answer; `null` if unknown. */
	readonly price: number | null;
	/** Rewritten answers per minute. */
	readonly pace: number;
	/** Maximum spend in USD; `null` if there is no limit. */
	readonly budget: number | null;
}

export interface WhatIfSkill extends SkillRef {
	/** Number of difficult questions that miss the skill. */
	readonly questions: number;
	readonly share: number;
	/** Number of pairs drawn for the skill. */
	readonly pairs: number;
	readonly train: number;
}

export interface WhatIf {
	readonly difficult: number;
	readonly unclassified: number;
	/** Number of difficult questions with a diagnosis or correction: the denominator of the profile. */
	readonly profiled: number;
	/** Number of difficult questions that would have to be diagnosed first. */
	readonly undiagnosed: number;
	/** Skills, most missed first. */
	readonly skills: readonly WhatIfSkill[];
	/** Number of difficult questions that the selection uses. */
	readonly used: number;
	readonly pool: number;
	readonly pairs: number;
	/** How many of `pairs` come from all of P. */
	readonly rehearsal: number;
	/** Number of distinct training questions. */
	readonly questions: number;
	/**
	 * Number of answers to rewrite: distinct (question, answer) pairs. With `mix`, their overlap is an expected value
	 * rather than the result of a draw.
	 */
	readonly calls: number;
	/** USD; `null` if the price is unknown. */
	readonly cost: number | null;
	readonly minutes: number;
	/**
	 * Number of answers that the budget pays to rewrite (compare `calls`); `null` if there is no budget or the price is
	 * unknown.
	 */
	readonly affordable: number | null;
}

/**
 * Returns roughly how many pairs the budget pays for, or `null` if it pays for all or none of them. A build that
 * exceeds its budget stops.
 */
export function fittingPairs({ pairs, affordable, calls }: WhatIf): number | null {
	if (affordable === null || affordable >= calls) {
		return null;
	}
	const fitting = Math.floor((pairs * affordable) / Math.max(1, calls));
	return fitting > 0 ? fitting : null;
}

/**
 * Returns the number of pairs that the budget pays for in full, or `null` if it pays for all of `now` or for none.
 * Fewer pairs share fewer answers, so the estimate is repeated until it fits.
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
 * Predicts what a STAT-Sel build with these dials would contain. Profile and selection use the build's own functions,
 * draw for draw, and are therefore exact; cost and time are calls × price and calls ÷ pace.
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
	// If repeats are dropped, a question contributes at most one original answer, because all its original answers
	// count as duplicates of each other.
	const answers = dials.answersFrom === 'original' && dials.repeats === 'drop' ? 1 : dials.answers;
	const { targeted: targetPairs, rehearsal: share } = mixCounts(dials.pairs, dials.mix);
	const selection = selectForSkills(missing, skillMap, { ...dials, answers, pairs: targetPairs, skills, weights });
	const rehearsal = Math.min(share(selection.pairs.length), table.train * answers);
	// The selection returns the table's own skill objects, so they can be looked up without a key. IDs are indexes in
	// the table.
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

/** Returns what the requests cost, or `null` if the price is unknown. No requests cost nothing, even then. */
function costOf(calls: number, price: number | null): number | null {
	if (calls === 0) {
		return 0;
	}
	return price === null ? null : calls * price;
}
