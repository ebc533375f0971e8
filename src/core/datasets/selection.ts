import type { MissingSkills } from '../diagnosis/diagnosis.ts';
import { compareText } from '../text/order.ts';
import type { QuestionId } from '../questions/question.ts';
import type { Random } from '../stats/random.ts';
import { drawWithoutReplacement, randomStream, smallest } from '../stats/random.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/** An entry in the pool of draws × answers: one answer to one training question, and what it was drawn for. */
export interface SelectedPair {
	readonly questionId: QuestionId;
	/** Which of the question's answers this is, from 0. */
	readonly answer: number;
	/** `null` in baselines. */
	readonly skill: SkillRef | null;
	readonly forQuestion: QuestionId | null;
}

export interface SelOptions {
	readonly seed: number;
	/** Maximum number of difficult questions; a random subset if there are more. */
	readonly difficult: number;
	/** Number of draws per (question, skill). */
	readonly perSkill: number;
	readonly answers: number;
	/** `drop`: a training question that was drawn for one (question, skill) is not counted again for another. */
	readonly repeats: 'keep' | 'drop';
	/** Maximum number of pairs drawn from the pool. */
	readonly pairs: number;
	/** Restricts the selection to these skills; default: all skills. */
	readonly skills?: readonly SkillRef[] | undefined;
	/**
	 * Weights by skill key. A skill's share of the draws is its share of the total weight, no matter how many questions
	 * miss it. This is our addition; by default, as in the paper, every (question, skill) has the same weight. A skill
	 * that is not in the map has weight 0.
	 */
	readonly weights?: ReadonlyMap<string, number> | undefined;
}

export interface Selection {
	readonly pairs: readonly SelectedPair[];
	/**
	 * Counts per stage: difficult questions used, (question, skill) pairs, draws, pool size, skills without a training
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
 * STAT-Sel (sec. 2.3, Algorithm 1, B.2). For each difficult question q and each skill s that its answer misses, draws
 * `perSkill` questions from Skill-Map[s] without replacement (all of them if there are fewer). Repeats across (q, s)
 * are what reweights the data. Each draw contributes `answers` answers to the pool, and `pairs` entries of the pool are
 * drawn at random before anything is rewritten. Every choice has its own random stream for (seed, question, skill), so
 * adding or removing one question does not change the draws of another.
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

/** All draws with their answers, out of which `pairs` entries are drawn. */
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
			// The priority is drawn even if the entry is dropped, so that dropping repeats does not shift later draws.
			const priority = random.priority();
			if (!isRepeat || this.options.repeats === 'keep') {
				this.pairs.push({ questionId, answer, skill, forQuestion });
				this.priorities.push(priority);
			}
		}
	}

	/** Selects the pairs. The result includes the counts of the stages before the draws. */
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
 * Chooses the difficult questions of a build: at most `count`, at random by ID. Every method with the same input gets
 * the same questions.
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
 * Embed-Sel (C.2): takes the training questions nearest to each difficult question, with `answers` answers each, and
 * draws `pairs` of that pool at random. Repeats across difficult questions are handled as in {@link selectForSkills}.
 * `near` lists the nearest first.
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
 * Selects a baseline's pairs (C.2): every question contributes `answers` answers, and `pairs` of these are drawn at
 * random. With one answer and no limit this is MATH-Train.
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
 * Mixes STAT-Sel with P (rehearsal; our addition, not in the paper). The share `mix` of the rows, in [0, 1), is drawn
 * at random from all training questions as in {@link selectFromAll}; `select` provides the rest of `pairs`. If it
 * provides fewer, the share is preserved and the set is smaller.
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
 * Returns how many of `pairs` rows STAT-Sel should provide, and how many rows of P to add to the rows it did provide so
 * that they make up the share `mix` of the total.
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
 * Returns the number of draws for a (question, skill): `perSkill` or, with weights, the skill's share of the same
 * total, rounded at random.
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

/** Sorts by key, so that the order in which a teacher lists skills does not change the draws. */
function distinctSkills(skills: readonly SkillRef[]): SkillRef[] {
	return [...new Map(skills.map((skill) => [skillKey(skill), skill]))]
		.sort(([left], [right]) => compareText(left, right))
		.map(([, skill]) => skill);
}
