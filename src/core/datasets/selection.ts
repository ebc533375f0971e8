import type { MissingSkills } from '../diagnosis/diagnosis.ts';
import { compareText } from '../text/order.ts';
import type { QuestionId } from '../questions/question.ts';
import type { Random } from '../stats/random.ts';
import { drawWithoutReplacement, randomStream, smallest } from '../stats/random.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/** A place in the pool of draws × answers: which answer of which training question, and what it was drawn for. */
export interface SelectedPair {
	readonly questionId: QuestionId;
	/** Which of the question's answers, from 0. */
	readonly answer: number;
	/** `null` in baselines. */
	readonly skill: SkillRef | null;
	readonly forQuestion: QuestionId | null;
}

export interface SelOptions {
	readonly seed: number;
	/** Maximum number of difficult questions; a random subset if there are more. */
	readonly difficult: number;
	/** Draws per (question, skill). */
	readonly perSkill: number;
	readonly answers: number;
	/** `drop`: a training question drawn for one (question, skill) does not count again for another. */
	readonly repeats: 'keep' | 'drop';
	/** Maximum number of pairs drawn from the pool. */
	readonly pairs: number;
	/** Only these skills; default all. */
	readonly skills?: readonly SkillRef[] | undefined;
	/**
	 * Weights by skill key: a skill's share of the draws is its share of all weights, however many questions miss it.
	 * Ours; the default, as in the paper, weights every (question, skill) equally. A skill that is not in the map
	 * weighs 0.
	 */
	readonly weights?: ReadonlyMap<string, number> | undefined;
}

export interface Selection {
	readonly pairs: readonly SelectedPair[];
	/**
	 * Counts by stage: difficult questions used, (question, skill) pairs, draws, pool, skills without a training
	 * question, and rows mixed in from all of P.
	 */
	readonly counts: {
		readonly difficult: number;
		readonly missingSkills: number;
		readonly drawn: number;
		readonly pool: number;
		readonly pairs: number;
		readonly skillsWithoutQuestions: number;
		readonly rehearsal?: number;
	};
}

/**
 * STAT-Sel (sec. 2.3, Algorithm 1, B.2). For each difficult question q and each skill s it misses, draws `perSkill`
 * questions of Skill-Map[s] without replacement (all of them if there are fewer); repeats across (q, s) are the
 * reweighting. Each draw contributes `answers` answers to the pool; `pairs` of the pool are drawn at random before
 * anything is rewritten.
 * Every choice reads its own random stream of (seed, question, skill), so adding or removing a question does not change
 * the draws of another.
 */
export function selectForSkills(
	missing: readonly MissingSkills[],
	skillMap: ReadonlyMap<string, readonly QuestionId[]>,
	options: SelOptions,
): Selection {
	const selected = options.skills ? new Set(options.skills.map(skillKey)) : null;
	const candidates = missing
		.map(({ questionId, skills }) => ({
			questionId,
			skills: distinctSkills(skills).filter((skill) => !selected || selected.has(skillKey(skill))),
		}))
		.filter(({ skills }) => skills.length > 0);
	const used = chooseDifficult(candidates, options.seed, options.difficult);

	const pool = new Pool(options);
	const without = new Set<string>();
	const drawsOf = drawsBySkill(used, options);
	let missingSkills = 0;
	for (const { questionId: forQuestion, skills } of used) {
		for (const skill of skills) {
			missingSkills += 1;
			const key = skillKey(skill);
			const questions = skillMap.get(key) ?? [];
			if (questions.length === 0) {
				without.add(key);
				continue;
			}
			const random = randomStream(options.seed, 'draw', forQuestion, key);
			for (const questionId of drawWithoutReplacement(random, questions, drawsOf(forQuestion, key))) {
				pool.add(random, questionId, skill, forQuestion);
			}
		}
	}
	return pool.select({ difficult: used.length, missingSkills, skillsWithoutQuestions: without.size });
}

/** All draws with their answers, from which `pairs` are drawn. */
class Pool {
	private readonly pairs: SelectedPair[] = [];
	private readonly priorities: number[] = [];
	private readonly seen = new Set<QuestionId>();
	private drawn = 0;

	constructor(private readonly options: Pick<SelOptions, 'answers' | 'repeats' | 'pairs'>) {}

	add(random: Random, questionId: QuestionId, skill: SkillRef | null, forQuestion: QuestionId | null): void {
		this.drawn += 1;
		const isRepeat = this.seen.has(questionId);
		this.seen.add(questionId);
		for (let answer = 0; answer < this.options.answers; answer++) {
			// The priority is drawn in either case, so that dropping repeats does not shift later draws.
			const priority = random.priority();
			if (!isRepeat || this.options.repeats === 'keep') {
				this.pairs.push({ questionId, answer, skill, forQuestion });
				this.priorities.push(priority);
			}
		}
	}

	/** Includes the counts of the stages before the draws. */
	select({
		difficult,
		missingSkills,
		skillsWithoutQuestions,
	}: Pick<Selection['counts'], 'difficult' | 'missingSkills' | 'skillsWithoutQuestions'>): Selection {
		const pairs = smallest(this.priorities, this.options.pairs).map((index) => this.pairs[index] as SelectedPair);
		return {
			pairs,
			counts: {
				difficult,
				missingSkills,
				drawn: this.drawn,
				pool: this.pairs.length,
				pairs: pairs.length,
				skillsWithoutQuestions,
			},
		};
	}
}

/**
 * The difficult questions of a build, identical for every method with the same input: at most `count`, at random by id.
 */
export function chooseDifficult<T extends { readonly questionId: QuestionId }>(
	candidates: readonly T[],
	seed: number,
	count: number,
): T[] {
	const sorted = [...candidates].sort((left, right) => compareText(left.questionId, right.questionId));
	return smallest(
		sorted.map(({ questionId }) => randomStream(seed, 'difficult', questionId).priority()),
		count,
	).map((index) => sorted[index] as T);
}

/**
 * Embed-Sel (C.2): the training questions nearest to each difficult one, `answers` answers to each, `pairs` of that
 * pool at random. Repeats across difficult questions are handled as in {@link selectForSkills}. `near`: nearest first.
 */
export function selectNeighbours(
	near: readonly { readonly questionId: QuestionId; readonly nearest: readonly QuestionId[] }[],
	options: Pick<SelOptions, 'seed' | 'answers' | 'repeats' | 'pairs'>,
): Selection {
	const pool = new Pool(options);
	for (const { questionId: forQuestion, nearest } of near) {
		const random = randomStream(options.seed, 'near', forQuestion);
		for (const questionId of nearest) {
			pool.add(random, questionId, null, forQuestion);
		}
	}
	return pool.select({ difficult: near.length, missingSkills: 0, skillsWithoutQuestions: 0 });
}

/**
 * A baseline's pairs (C.2): every question contributes `answers` answers, of which `pairs` are drawn at random. With
 * one answer and no limit it is MATH-Train.
 */
export function selectFromAll(
	questions: readonly QuestionId[],
	options: { readonly seed: number; readonly answers: number; readonly pairs: number },
): Selection {
	const pool = new Pool({ ...options, repeats: 'keep' });
	for (const questionId of [...questions].sort(compareText)) {
		pool.add(randomStream(options.seed, 'pool', questionId), questionId, null, null);
	}
	return pool.select({ difficult: 0, missingSkills: 0, skillsWithoutQuestions: 0 });
}

/**
 * STAT-Sel mixed with P (rehearsal; ours, not the paper's): `mix` of the rows, in [0, 1), are drawn at random from all
 * training questions as in {@link selectFromAll}; `select` provides the rest of `pairs`. If it has fewer, the share is
 * preserved and the set is smaller.
 */
export function mixWithAll(
	select: (pairs: number) => Selection,
	all: readonly QuestionId[],
	options: { readonly seed: number; readonly answers: number; readonly pairs: number; readonly mix: number },
): Selection {
	const { targeted: targetPairs, rehearsal: share } = mixCounts(options.pairs, options.mix);
	const targeted = select(targetPairs);
	const rehearsal = selectFromAll(all, { ...options, pairs: share(targeted.pairs.length) });
	const pairs = [...targeted.pairs, ...rehearsal.pairs];
	return { pairs, counts: { ...targeted.counts, pairs: pairs.length, rehearsal: rehearsal.pairs.length } };
}

/**
 * Of `pairs` rows, how many STAT-Sel should provide, and how many rows of P join what it provided so that they are
 * `mix` of all.
 */
export function mixCounts(
	pairs: number,
	mix: number,
): { readonly targeted: number; readonly rehearsal: (targeted: number) => number } {
	const most = Math.round(pairs * mix);
	return {
		targeted: pairs - most,
		rehearsal: (targeted) => Math.min(most, Math.round((targeted * mix) / (1 - mix))),
	};
}

/**
 * The number of draws of a (question, skill): `perSkill` or, with weights, its share of the same total, rounded at
 * random.
 */
function drawsBySkill(
	used: readonly { readonly skills: readonly SkillRef[] }[],
	{ seed, perSkill, weights }: SelOptions,
): (forQuestion: QuestionId, key: string) => number {
	if (!weights) {
		return () => perSkill;
	}
	const missedBy = new Map<string, number>();
	for (const key of used.flatMap(({ skills }) => skills.map(skillKey))) {
		missedBy.set(key, (missedBy.get(key) ?? 0) + 1);
	}
	const all = [...missedBy.values()].reduce((sum, count) => sum + count, 0);
	const weight = [...missedBy.keys()].reduce((sum, key) => sum + (weights.get(key) ?? 0), 0);
	return (forQuestion, key) => {
		const draws = weight === 0 ? 0 : (perSkill * all * (weights.get(key) ?? 0)) / weight / (missedBy.get(key) ?? 1);
		return Math.floor(draws + randomStream(seed, 'weight', forQuestion, key).priority() / 2 ** 53);
	};
}

/** Sorted by key: the order in which a teacher lists names must not change the draws. */
function distinctSkills(skills: readonly SkillRef[]): SkillRef[] {
	return [...new Map(skills.map((skill) => [skillKey(skill), skill]))]
		.sort(([left], [right]) => compareText(left, right))
		.map(([, skill]) => skill);
}
