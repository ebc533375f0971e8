import type { MissingSkills } from '../diagnosis/diagnosis.ts';
import { compareText } from '../text/order.ts';
import type { QuestionId } from '../questions/question.ts';
import { drawWithoutReplacement, randomStream } from '../stats/random.ts';
import { chooseDifficult } from './selection.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/** Our defaults for STAT-Syn, with `embedNew` for Embed-Syn. The paper's numbers are in `paperSynthesis`. */
export const synthesisDefaults = { references: 3, new: 2, embedNew: 5, solutions: 3, agree: 2 } as const;
/** Maximum number of rounds in a build; each round costs at least as much as the one before. */
export const mostSynRounds = 100;
/** A build stops after this many consecutive rounds in which new pairs add less than this share. */
const leastGain = { share: 0.01, rounds: 3 } as const;
/** A slice of targets aims at no less than this share of the target number of pairs, so that slices are few. */
const leastSlice = 0.05;
/**
 * Share of the solutions bought that end up as pairs, for a project without a build to measure it on: two of three. An
 * assumption, and plans call it one.
 */
export const assumedAgreement = 2 / 3;

/** What happens to a new question that a filter matches. */
export type FilterAction = 'drop' | 'flag' | 'off';
export const filterActions: readonly FilterAction[] = ['drop', 'flag', 'off'];

/**
 * Filters that the paper does not have. `copies`: near-verbatim copy of a training question or of another new question;
 * `twins`: the same template with different numbers; `leaks`: near-verbatim copy of an evaluation question, or shares a
 * long passage with one; `leakTwins`: the template of an evaluation question; `figures`: refers to a figure;
 * `unsolvable`: most solutions say the question cannot be solved; `skill`: one extra call asks the teacher whether the
 * question needs the skill.
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

/** Copies and leaks are dropped. Twins are good practice material, so they are only flagged for curation. */
export const defaultFilters: SynthesisFilters = {
	copies: 'drop',
	twins: 'flag',
	leaks: 'drop',
	leakTwins: 'flag',
	figures: 'drop',
	unsolvable: 'drop',
	skill: 'off',
};

/**
 * A (difficult question, missing skill) pair for which to write new questions; in Embed-Syn (C.2), just a difficult
 * question.
 */
export interface SynthesisTarget {
	readonly forQuestion: QuestionId;
	readonly skill: SkillRef | null;
}

/** Returns a target's skill key; `''` if it has no skill. */
export function targetKey({ skill }: SynthesisTarget): string {
	return skill ? skillKey(skill) : '';
}

export interface SynthesisTargets {
	readonly targets: readonly SynthesisTarget[];
	/**
	 * Number of difficult questions used, and the skills without a training question, for which there is no reference
	 * to show the teacher.
	 */
	readonly difficult: number;
	readonly skillsWithoutQuestions: number;
}

/**
 * Returns the targets of new questions: the same difficult questions as in STAT-Sel, chosen the same way (sec. 2.3).
 */
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

/**
 * Draws the training questions shown for a target in a round (from 0). Each target and round has its own random stream.
 * Questions in `unfit` are drawn but passed over, so a draw without one is the same as it would be if all were fit:
 * `changed` is `false`, and its request the one that earlier versions sent.
 */
export function drawReferences(
	seed: number,
	target: SynthesisTarget,
	round: number,
	questions: readonly QuestionId[],
	count: number,
	unfit: ReadonlySet<QuestionId> = new Set(),
): { readonly references: QuestionId[]; readonly changed: boolean } {
	const drawn = drawWithoutReplacement(
		randomStream(seed, 'references', target.forQuestion, targetKey(target), String(round)),
		questions,
		questions.some((id) => unfit.has(id)) ? questions.length : count,
	);
	return {
		references: drawn.filter((id) => !unfit.has(id)).slice(0, count),
		changed: drawn.slice(0, count).some((id) => unfit.has(id)),
	};
}

/** Returns a round's targets in the random order in which they are bought. */
export function inBuyingOrder<T>(seed: number, round: number, targets: readonly T[]): T[] {
	return drawWithoutReplacement(randomStream(seed, 'targets', String(round)), targets, targets.length);
}

/** How far a build has come. */
export interface SynthesisProgress {
	/** The target number of pairs, and the number that there are. */
	readonly pairs: number;
	readonly pool: number;
	/** Number of targets that brought them, over all rounds. */
	readonly done: number;
	/** The most pairs that one target can bring. */
	readonly most: number;
}

/**
 * Returns the number of targets to buy next: as many as bring the missing pairs at the yield so far. The first slice
 * assumes that every solution agrees, so it never brings too many; a later one is at most twice what came before,
 * because a yield measured on few targets is uncertain.
 */
export function nextSlice({ pairs, pool, done, most }: SynthesisProgress): number {
	// One target at its most is counted in: a first slice without a pair does not mean that none will come.
	const perTarget = (pool + most) / (done + 1);
	const size = Math.max(1, Math.ceil((leastSlice * pairs) / perTarget), Math.ceil((pairs - pool) / perTarget));
	return done === 0 ? size : Math.min(size, 2 * done);
}

/**
 * Consistency (sec. 2.3): finds the largest group of equal final answers, given the grader's group for each solution.
 * `null` answers (none found) agree with nothing. Ties go to the group that comes first.
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
 * Whether a question depends on something outside its text. This is a cheap test for certain words; the teacher's check
 * is the thorough one.
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

/** Whether a final answer says that the question cannot be solved. */
export function saysUnsolvable(answer: string | null): boolean {
	return (
		answer !== null &&
		/^\W{0,40}(?:\\(?:text|mathrm|mbox)\{\W{0,40})?(?:unsolvable|not solvable|cannot be (?:solved|determined)|no solution possible)\W*$/i.test(
			answer,
		)
	);
}

/** Number of questions that reached each stage, in order. The losses of a stage are listed next to it. */
export interface SynthesisYield {
	/** New questions requested, including those that failed. */
	asked: number;
	/** Replies that contain a question; the others are set aside (`failed`). */
	parsed: number;
	failed: number;
	/** Dropped before solving. */
	figures: number;
	copies: number;
	twins: number;
	leaks: number;
	leakTwins: number;
	/** Questions passed on to solving. */
	distinct: number;
	/**
	 * Dropped after solving because too few solutions agree, most solutions call the question unsolvable, it does not
	 * need the skill, or not all of its solutions were bought.
	 */
	inconsistent: number;
	unsolvable: number;
	skillUnused: number;
	unbought: number;
	/** Questions for which enough solutions agree. */
	consistent: number;
	/**
	 * Questions that remain, flagged or not, and the question–answer pairs they yield before the set is cut to size.
	 */
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

/** One skill's share of the yield. */
export interface SkillYield {
	readonly subject: string;
	readonly skill: string;
	readonly asked: number;
	readonly parsed: number;
	readonly distinct: number;
	readonly consistent: number;
	readonly kept: number;
}

/** Whether the last rounds added too little to continue. `totals` are the numbers of pairs after each round. */
export function isDry(totals: readonly number[]): boolean {
	const gains = totals.map((total, round) => ({ total, gain: total - (totals[round - 1] ?? 0) }));
	return (
		totals.length >= leastGain.rounds &&
		gains.slice(-leastGain.rounds).every(({ total, gain }) => gain < leastGain.share * Math.max(1, total))
	);
}
