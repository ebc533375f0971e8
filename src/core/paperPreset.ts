import type { BuildMethod } from './dataset.ts';
import { difficultyDefaults } from './difficulty.ts';

/** The paper's numbers for a training set (sec. 2.3, B.2, C.2): also our defaults. */
export const buildDefaults = { seed: 0, pairs: 9500, difficult: 500, perSkill: 5, answers: 3, repeats: 'keep', mix: 0, rank: 'share', hardLevels: [4, 5] } as const;
/** The teacher of labels and rewriting in the paper. */
export const paperTeacher = 'gpt-4o-mini';

/** What a build did, as far as the paper has a word on it. */
export interface BuildFacts {
	readonly method: BuildMethod;
	readonly pairs: number | null;
	readonly perSkill: number;
	readonly answers: number;
	readonly repeats: 'keep' | 'drop';
	readonly answersFrom: 'teacher' | 'original';
	/** Of `difficult` asked. */
	readonly difficultUsed: number;
	readonly difficultAsked: number;
	readonly classification: { readonly method: string; readonly settings: Readonly<Record<string, number | string | null>> } | null;
	/** Links a labelled training question has on average. */
	readonly skillsPerQuestion: number;
	readonly onlySomeSkills: boolean;
	/** Share of the rows drawn at random from all of P, in [0, 1). */
	readonly mix: number;
	/** What a skill's weight is: `share`, how many questions miss it, or `exposure`, how often it is missed where it is needed. */
	readonly rank: 'share' | 'exposure';
	/** Difficult questions whose missing skills a person set. */
	readonly corrected: number;
	/** Models that diagnosed or rewrote. */
	readonly teachers: readonly string[];
	readonly setAside: number;
}

/** Where a build departs from the paper, in words for its card; empty: nowhere we know of. */
export function deviationsFromPaper(facts: BuildFacts): string[] {
	const targeted = facts.method === 'sel' || facts.method === 'syn';
	const rewrites = facts.method !== 'train';
	const { method: rule, settings } = facts.classification ?? { method: null, settings: {} as Readonly<Record<string, number | string | null>> };
	const deviations: (string | false)[] = [
		targeted && rule !== null && rule !== 'reward' && `difficult questions by the rule "${rule}", not by process rewards (sec. 2.1)`,
		targeted && rule === 'reward' && (settings['tau1'] !== difficultyDefaults.tau1 || settings['tau2'] !== difficultyDefaults.tau2) && `thresholds τ1 ${settings['tau1']}, τ2 ${settings['tau2']}, not ${difficultyDefaults.tau1}, ${difficultyDefaults.tau2} (sec. 2.1)`,
		targeted && facts.difficultAsked !== buildDefaults.difficult && `up to ${facts.difficultAsked} difficult questions, not ${buildDefaults.difficult} (B.2)`,
		targeted && facts.difficultUsed < Math.min(facts.difficultAsked, buildDefaults.difficult) && `${facts.difficultUsed} difficult questions with missing skills, where the paper has ${buildDefaults.difficult} (B.2)`,
		targeted && facts.perSkill !== buildDefaults.perSkill && `${facts.perSkill} draws for each question and skill, not ${buildDefaults.perSkill} (B.2)`,
		targeted && facts.skillsPerQuestion < 1.5 && `a Skill-Map of ${facts.skillsPerQuestion.toFixed(2)} skills a question, where the paper's teacher names up to five (C.3.1)`,
		targeted && facts.onlySomeSkills && 'only the skills chosen by hand',
		targeted && facts.mix > 0 && `${Math.round(facts.mix * 1000) / 10} % of the rows drawn at random from all training questions (rehearsal; the paper mixes nothing in)`,
		targeted && facts.rank === 'exposure' && 'a skill weighs by how often it is missed where a question needs it (lower end of the 95 % interval), not by how many questions miss it (sec. 2.3)',
		targeted && facts.corrected > 0 && `${facts.corrected} diagnoses corrected by people`,
		targeted && facts.repeats === 'drop' && 'repeated draws dropped: the weight of a skill is no longer proportional to how many questions miss it (sec. 2.3)',
		rewrites && facts.answers !== buildDefaults.answers && `${facts.answers} answers a question, not ${buildDefaults.answers} (B.2)`,
		rewrites && facts.answersFrom === 'original' && `the original solutions instead of ${facts.answers} rewritten ones: a question's answers are all the same, so distinct answers a question are one (sec. 2.3)`,
		rewrites && facts.answersFrom === 'teacher' && 'pairs drawn first and only those rewritten: the same draw at a part of the calls (B.2 rewrites the whole pool)',
		rewrites && facts.answersFrom === 'teacher' && 'rewritten answers graded against the gold answer, unequal ones asked again and then set aside (the paper does not say it checks)',
		rewrites && facts.pairs !== buildDefaults.pairs && `cut to ${facts.pairs ?? 'nothing'}, not ${buildDefaults.pairs} pairs (B.2)`,
		!rewrites && facts.pairs !== null && `cut to ${facts.pairs} pairs; MATH-Train is uncut (C.2)`,
		facts.teachers.some((model) => model !== paperTeacher) && `teacher ${facts.teachers.join(', ')}, not ${paperTeacher} (C.3)`,
		facts.setAside > 0 && `${facts.setAside} pairs set aside`,
	];
	return deviations.filter((words) => words !== false);
}
