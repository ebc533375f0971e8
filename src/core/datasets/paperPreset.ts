import type { BuildMethod } from './dataset.ts';
import { describeRule, paperThresholds } from '../difficulty/difficulty.ts';
import type { Rank } from '../profile/profile.ts';
import type { SynthesisFilters } from './synthesis.ts';

/** The paper's numbers for a training set (sec. 2.3, B.2, C.2). Our own are in `buildDefaults` and may differ. */
export const paperBuild = {
	pairs: 9500,
	difficult: 500,
	perSkill: 5,
	answers: 3,
	nearest: 5,
	repeats: 'keep',
	mix: 0,
	rank: 'share',
} as const;
/** The paper filters only by agreement, so questions that it would have accepted are only flagged. */
export const paperFilters: SynthesisFilters = {
	copies: 'flag',
	twins: 'flag',
	leaks: 'flag',
	leakTwins: 'flag',
	figures: 'flag',
	unsolvable: 'flag',
	skill: 'off',
};
/**
 * The paper's numbers for STAT-Syn (sec. 2.3, B), with `embedNew` for Embed-Syn (C.2). Our own are in
 * `synthesisDefaults` and may differ.
 */
export const paperSynthesis = {
	references: 3,
	new: 2,
	embedNew: 5,
	solutions: 3,
	agree: 2,
	rounds: 1,
	filters: paperFilters,
} as const;
/** The levels of MATH-Hard (C.2). */
export const hardLevels = [4, 5] as const;
/** The teacher model with which the paper labels and rewrites. */
export const paperTeacher = 'gpt-4o-mini';
/** The embedding model of the paper's Embed baselines (C.2). */
const paperEmbedding = 'gte-Qwen2-7B-instruct';

/** Facts about a build that the paper also specifies. */
export interface BuildFacts {
	readonly method: BuildMethod;
	readonly pairs: number | null;
	readonly perSkill: number;
	readonly answers: number;
	readonly repeats: 'keep' | 'drop';
	readonly answersFrom: 'teacher' | 'original';
	/** How many of the `difficult` questions requested were used. */
	readonly difficultUsed: number;
	readonly difficultRequested: number;
	readonly classification: {
		readonly method: string;
		readonly settings: Readonly<Record<string, number | string | null>>;
	} | null;
	/** Mean number of skills per labelled training question. */
	readonly skillsPerQuestion: number;
	readonly onlySomeSkills: boolean;
	/** Share of rows drawn at random from all of P, in [0, 1). */
	readonly mix: number;
	/**
	 * How a skill is weighted. `share`: by the number of questions whose answers miss it; `exposure`: by how often it
	 * is missed when it is needed.
	 */
	readonly rank: Rank;
	/** Number of difficult questions whose missing skills a user has set. */
	readonly corrected: number;
	/** Models that diagnosed or rewrote answers. */
	readonly teachers: readonly string[];
	readonly setAside: number;
	/** Embed-Sel: how neighbours were found. */
	readonly neighbours?: NeighbourFacts | undefined;
}

/** How similarity was measured (Embed-Sel, Embed-Syn). */
export interface NeighbourFacts {
	/** The embedding model; `null` if the search was lexical. */
	readonly model: string | null;
	/** Number of nearest training questions used per difficult question. */
	readonly nearest: number;
	/** Whether only difficult questions with missing skills are used, as in STAT-Sel, instead of all of them. */
	readonly fromMissing: boolean;
	/** Number of questions without an embedding, which are never returned as neighbours. */
	readonly unembedded: number;
}

/** Describes in prose, for the card, where the neighbour search departs from the paper (C.2). */
export function neighbourDeviations({ model, nearest, fromMissing, unembedded }: NeighbourFacts): string[] {
	const deviations: (string | false)[] = [
		model === null && `nearness is lexical (cosine of weighed words), not by embeddings of ${paperEmbedding} (C.2)`,
		model !== null &&
			!model.toLowerCase().includes(paperEmbedding.toLowerCase()) &&
			`embeddings of ${model}, not ${paperEmbedding} (C.2)`,
		nearest !== paperBuild.nearest && `the ${nearest} nearest training questions, not ${paperBuild.nearest} (C.2)`,
		!fromMissing && 'all difficult questions stand for those with missing skills: nothing is diagnosed',
		unembedded > 0 && `${unembedded} questions without an embedding left out`,
	];
	return deviations.filter((deviation) => deviation !== false);
}

/** Describes in prose, for the card, where a build departs from the paper. Empty if no departure is known. */
export function deviationsFromPaper(facts: BuildFacts): string[] {
	const bySkill = facts.method === 'sel' || facts.method === 'syn';
	const targeted = bySkill || facts.method === 'embed-sel';
	const rewrites = facts.method !== 'train';
	const { method: rule, settings } = facts.classification ?? {
		method: null,
		settings: {} as Readonly<Record<string, number | string | null>>,
	};
	const deviations: (string | false)[] = [
		targeted &&
			rule !== null &&
			rule !== 'reward' &&
			`difficult questions ${describeRule(rule, settings)}, not by process rewards (sec. 2.1)`,
		targeted &&
			rule === 'reward' &&
			(settings['tau1'] !== paperThresholds.tau1 || settings['tau2'] !== paperThresholds.tau2) &&
			`thresholds τ1 ${settings['tau1']}, τ2 ${settings['tau2']}, not ${paperThresholds.tau1}, ` +
				`${paperThresholds.tau2} (sec. 2.1)`,
		targeted &&
			facts.difficultRequested !== paperBuild.difficult &&
			`up to ${facts.difficultRequested} difficult questions, not ${paperBuild.difficult} (B.2)`,
		targeted &&
			facts.difficultUsed < Math.min(facts.difficultRequested, paperBuild.difficult) &&
			`${facts.difficultUsed} difficult questions with missing skills, where the paper has ` +
				`${paperBuild.difficult} (B.2)`,
		bySkill &&
			facts.perSkill !== paperBuild.perSkill &&
			`${facts.perSkill} draws for each question and skill, not ${paperBuild.perSkill} (B.2)`,
		bySkill &&
			facts.skillsPerQuestion < 1.5 &&
			`a Skill-Map of ${facts.skillsPerQuestion.toFixed(2)} skills a question, where the paper's ` +
				'teacher names up to five (C.3.1)',
		bySkill && facts.onlySomeSkills && 'only the skills chosen by hand',
		bySkill &&
			facts.mix !== paperBuild.mix &&
			`${Math.round(facts.mix * 1000) / 10} % of the rows drawn at random from all training ` +
				'questions (rehearsal; the paper mixes nothing in)',
		bySkill &&
			facts.rank !== paperBuild.rank &&
			'a skill weighs by how often it is missed where a question needs it (lower end of the 95 % ' +
				'interval), not by how many questions miss it (sec. 2.3)',
		bySkill && facts.corrected > 0 && `${facts.corrected} diagnoses corrected by people`,
		bySkill &&
			facts.repeats !== paperBuild.repeats &&
			'repeated draws dropped: the weight of a skill is no longer proportional to how many questions ' +
				'miss it (sec. 2.3)',
		rewrites &&
			facts.answers !== paperBuild.answers &&
			`${facts.answers} answers a question, not ${paperBuild.answers} (B.2)`,
		rewrites &&
			facts.answersFrom === 'original' &&
			`the original solutions instead of ${facts.answers} rewritten ones: a question's answers are ` +
				'all the same, so distinct answers a question are one (sec. 2.3)',
		rewrites &&
			facts.answersFrom === 'teacher' &&
			'pairs drawn first and only those rewritten: the same draw at a part of the calls (B.2 ' +
				'rewrites the whole pool)',
		rewrites &&
			facts.answersFrom === 'teacher' &&
			'rewritten answers graded against the gold answer, unequal ones asked again and then set aside ' +
				'(the paper does not say it checks)',
		rewrites &&
			facts.pairs !== paperBuild.pairs &&
			`cut to ${facts.pairs ?? 'nothing'}, not ${paperBuild.pairs} pairs (B.2)`,
		!rewrites && facts.pairs !== null && `cut to ${facts.pairs} pairs; MATH-Train is uncut (C.2)`,
		facts.teachers.some((model) => model !== paperTeacher) &&
			`teacher ${facts.teachers.join(', ')}, not ${paperTeacher} (C.3)`,
		facts.setAside > 0 && `${facts.setAside} pairs set aside`,
		...(facts.neighbours ? neighbourDeviations(facts.neighbours) : []),
	];
	return deviations.filter((deviation) => deviation !== false);
}
