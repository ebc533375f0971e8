import type { MissingSkills } from '../diagnosis/diagnosis.ts';
import { compareText } from '../text/order.ts';
import type { QuestionId } from '../questions/question.ts';
import { drawWithoutReplacement, randomStream } from '../stats/random.ts';
import { chooseDifficult } from './selection.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/** The paper's numbers for STAT-Syn (sec. 2.3, B), also our defaults. */
export const synthesisDefaults = { references: 3, new: 2, solutions: 3, agree: 2 } as const;
/** New questions that Embed-Syn writes per difficult question (C.2). */
export const embedSynNew = 5;
/** Maximum rounds of a build: each costs at least as much as the one before. */
export const mostSynRounds = 100;
/** A build ends after this many rounds in a row that add less than this share of new pairs. */
const leastGain = { share: 0.01, rounds: 3 } as const;

/** What happens to a new question that a filter catches. */
export type FilterAction = 'drop' | 'flag' | 'off';
export const filterActions: readonly FilterAction[] = ['drop', 'flag', 'off'];

/**
 * Filters that the paper does not have. `copies`: near-verbatim of a training question or of another new one; `twins`:
 * the same template with other numbers; `leaks`: near-verbatim of an evaluation question, or sharing a long passage;
 * `leakTwins`: an evaluation question's template; `figures`: refers to a figure; `unsolvable`: most solutions say so;
 * `skill`: the teacher is asked whether the question needs the skill, one call each.
 */
export interface SynthesisFilters {
	readonly copies: FilterAction;
	readonly twins: FilterAction;
	readonly leaks: FilterAction;
	readonly leakTwins: FilterAction;
	readonly figures: FilterAction;
	readonly unsolvable: FilterAction;
	readonly skill: FilterAction;
}
export type FilterName = keyof SynthesisFilters;

/** Copies and leaks are dropped; a twin is good practice, so it is only flagged for curation. */
export const defaultFilters: SynthesisFilters = {
	copies: 'drop',
	twins: 'flag',
	leaks: 'drop',
	leakTwins: 'flag',
	figures: 'drop',
	unsolvable: 'drop',
	skill: 'off',
};
/** The paper filters by agreement alone; what it would have kept is only flagged. */
export const paperFilters: SynthesisFilters = {
	copies: 'flag',
	twins: 'flag',
	leaks: 'flag',
	leakTwins: 'flag',
	figures: 'flag',
	unsolvable: 'flag',
	skill: 'off',
};

/** A (difficult question, missing skill) to write new questions for; in Embed-Syn (C.2) a difficult question alone. */
export interface SynthesisTarget {
	readonly forQuestion: QuestionId;
	readonly skill: SkillRef | null;
}

/** A target's skill key; `''` without a skill. */
export function targetKey({ skill }: SynthesisTarget): string {
	return skill ? skillKey(skill) : '';
}

export interface SynthesisTargets {
	readonly targets: readonly SynthesisTarget[];
	/**
	 * Difficult questions used, and skills without a training question, for which the teacher cannot be shown a
	 * reference.
	 */
	readonly difficult: number;
	readonly skillsWithoutQuestions: number;
}

/** Targets of new questions: the same difficult questions, chosen the same way, as in STAT-Sel (sec. 2.3). */
export function synthesisTargets(
	missing: readonly MissingSkills[],
	skillMap: ReadonlyMap<string, readonly QuestionId[]>,
	options: { readonly seed: number; readonly difficult: number; readonly skills?: readonly SkillRef[] | undefined },
): SynthesisTargets {
	const selected = options.skills ? new Set(options.skills.map(skillKey)) : null;
	const candidates = missing
		.map(({ questionId, skills }) => ({
			questionId,
			skills: [...new Map(skills.map((skill) => [skillKey(skill), skill]))]
				.sort(([left], [right]) => compareText(left, right))
				.filter(([key]) => !selected || selected.has(key)),
		}))
		.filter(({ skills }) => skills.length > 0);
	const used = chooseDifficult(candidates, options.seed, options.difficult);
	const without = new Set<string>();
	const targets = used.flatMap(({ questionId, skills }) =>
		skills.flatMap(([key, skill]) => {
			if ((skillMap.get(key) ?? []).length === 0) {
				without.add(key);
				return [];
			}
			return [{ forQuestion: questionId, skill }];
		}),
	);
	return { targets, difficult: used.length, skillsWithoutQuestions: without.size };
}

/** The training questions shown for a target in a round (from 0): each target and round has its own random stream. */
export function drawReferences(
	seed: number,
	target: SynthesisTarget,
	round: number,
	questions: readonly QuestionId[],
	count: number,
): QuestionId[] {
	return drawWithoutReplacement(
		randomStream(seed, 'references', target.forQuestion, targetKey(target), String(round)),
		questions,
		count,
	);
}

/**
 * Consistency (sec. 2.3): the largest group of equal final answers, by the grader's group of each solution; `null`
 * answers (none found) agree with nothing. Ties go to the group that comes first.
 */
export function largestGroup(
	answers: readonly (string | null)[],
	groups: readonly number[],
): { readonly agree: number; readonly members: ReadonlySet<number> } {
	const sizes = new Map<number, number[]>();
	for (const [index, answer] of answers.entries()) {
		const group = groups[index];
		if (answer !== null && group !== undefined) {
			sizes.set(group, [...(sizes.get(group) ?? []), index]);
		}
	}
	const largest =
		[...sizes].sort(([left, ofLeft], [right, ofRight]) => ofRight.length - ofLeft.length || left - right)[0]?.[1] ??
		[];
	return { agree: largest.length, members: new Set(largest) };
}

/**
 * Whether a question depends on something outside its text. A cheap test by words; the teacher's check is the thorough
 * one.
 */
export function needsFigure(question: string): boolean {
	return (
		/\[asy\]|\\includegraphics|!\[[^\]]*\]\(/.test(question) ||
		/\b(?:in|from|see|shown in|refer to|using) (?:the|this) (?:figure|diagram|graph|picture|drawing|image|chart|table)\b/i.test(
			question,
		) ||
		/\b(?:figure|diagram|graph|picture|drawing|chart|table) (?:below|above|shown)\b/i.test(question) ||
		/\bas (?:shown|pictured|depicted|illustrated)\b|\bshown (?:below|above)\b/i.test(question)
	);
}

/** Matches the final answer of a solver that gives up. */
export function saysUnsolvable(answer: string | null): boolean {
	return (
		answer !== null &&
		/^\W{0,40}(?:\\(?:text|mathrm|mbox)\{\W{0,40})?(?:unsolvable|not solvable|cannot be (?:solved|determined)|no solution possible)\W*$/i.test(
			answer,
		)
	);
}

/** How many questions reached each stage, in order; the losses of a stage are named beside it. */
export interface SynthesisYield {
	/** New questions requested, whether answered or failed. */
	asked: number;
	/** Replies that contain a question; the rest is set aside (`failed`). */
	parsed: number;
	failed: number;
	/** Dropped before solving. */
	figures: number;
	copies: number;
	twins: number;
	leaks: number;
	leakTwins: number;
	/** Went on to solving. */
	distinct: number;
	/**
	 * Dropped after solving: too few solutions agree, most call it unsolvable, the skill is not used, or not all
	 * solutions were bought.
	 */
	inconsistent: number;
	unsolvable: number;
	skillUnused: number;
	unbought: number;
	/** Enough solutions agree. */
	consistent: number;
	/** Questions kept, with or without flags, and the question–answer pairs they yield before the cut. */
	kept: number;
	flagged: number;
	pool: number;
}

export function emptyYield(): SynthesisYield {
	return {
		asked: 0,
		parsed: 0,
		failed: 0,
		figures: 0,
		copies: 0,
		twins: 0,
		leaks: 0,
		leakTwins: 0,
		distinct: 0,
		inconsistent: 0,
		unsolvable: 0,
		skillUnused: 0,
		unbought: 0,
		consistent: 0,
		kept: 0,
		flagged: 0,
		pool: 0,
	};
}

/** One skill's part of the yield. */
export interface SkillYield {
	readonly subject: string;
	readonly skill: string;
	readonly asked: number;
	readonly parsed: number;
	readonly distinct: number;
	readonly consistent: number;
	readonly kept: number;
}

/** Whether the last rounds added too little to continue. `totals`: pairs after each round. */
export function isDry(totals: readonly number[]): boolean {
	const gains = totals.map((total, round) => ({ total, gain: total - (totals[round - 1] ?? 0) }));
	return (
		totals.length >= leastGain.rounds &&
		gains.slice(-leastGain.rounds).every(({ total, gain }) => gain < leastGain.share * Math.max(1, total))
	);
}
