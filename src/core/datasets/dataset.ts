import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import type { SkillYield } from './synthesis.ts';

/** In the order people read them. */
export const buildMethods = ['sel', 'syn', 'train', 'augment', 'hard', 'embed-sel', 'embed-syn'] as const;
export type BuildMethod = (typeof buildMethods)[number];

/** As the paper calls them. */
export const methodNames: Readonly<Record<BuildMethod, string>> = {
	sel: 'STAT-Sel',
	syn: 'STAT-Syn',
	train: 'MATH-Train',
	augment: 'MATH-Augment',
	hard: 'MATH-Hard',
	'embed-sel': 'Embed-Sel',
	'embed-syn': 'Embed-Syn',
};

/**
 * One question–answer pair of P_targeted: a line of `.stat/datasets/NAME/data.jsonl`. No name, date or cost: the same
 * inputs and seed give the same bytes.
 */
export interface DatasetRow {
	readonly questionId: QuestionId;
	readonly question: string;
	/** The worked solution trained on. */
	readonly solution: string;
	readonly gold: string | null;
	readonly subject: string | null;
	/** The missing skill it was drawn or made for; `null` for baselines. */
	readonly skill: SkillRef | null;
	/** The difficult question it was drawn for; `null` for baselines. */
	readonly forQuestion: QuestionId | null;
	readonly kind: 'original' | 'rewritten' | 'synthesized';
	/** Which of the question's answers (0-based). */
	readonly sample: number;
	/** E.g. `answer-unsure`: rewritten, and the grader could not tell whether it is right. */
	readonly flags: readonly string[];
}

/** The chain behind a row, one line a row in `chain.jsonl` beside the data. May name times and models. */
export interface ChainRow {
	readonly replyKey: string | null;
	readonly references: readonly QuestionId[];
	/** STAT-Syn: size of the largest group of agreeing solutions, and of how many. */
	readonly agreement: { readonly agree: number; readonly of: number } | null;
	/** STAT-Syn: the reply that proposed the question; `replyKey` is its solution's. */
	readonly proposalKey?: string | undefined;
	/** The diagnosis this row answers: whose answer, which sample. */
	readonly student: string | null;
	readonly round: number | null;
	readonly sample: number | null;
}

/** What a dataset was built from and how: `.stat/datasets/NAME/card.json`. */
export interface DatasetCard {
	readonly name: string;
	readonly method: BuildMethod;
	readonly settings: Readonly<Record<string, string | number | boolean | null>>;
	readonly seed: number;
	readonly student: string | null;
	readonly round: number | null;
	readonly pairs: number;
	/** Distinct (question, solution) pairs. */
	readonly distinct: number;
	/** Distinct questions. */
	readonly questions: number;
	/** Of data.jsonl alone, hex. */
	readonly sha256: string;
	/** Where this build departs from the paper, in words. */
	readonly deviations: readonly string[];
	/** Counts by stage, e.g. drawn, rewritten, unequal, unsure, set aside. */
	readonly yield: Readonly<Record<string, number>>;
	readonly setAside: number;
	readonly teacher: { readonly model: string; readonly endpoint: string } | null;
	readonly promptVersions: readonly string[];
	readonly calls: number;
	readonly cost: number | null;
	readonly createdAt: string;
	readonly skills: readonly { readonly subject: string; readonly skill: string; readonly pairs: number }[];
	/** STAT-Syn: how far each skill's new questions got. */
	readonly skillYields?: readonly SkillYield[] | undefined;
}
