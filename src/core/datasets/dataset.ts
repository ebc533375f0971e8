import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import type { SkillYield } from './synthesis.ts';

/** Build methods in the order in which people read them. */
export const buildMethods = ['sel', 'syn', 'train', 'augment', 'hard', 'embed-sel', 'embed-syn'] as const;
export type BuildMethod = (typeof buildMethods)[number];

/** The paper's names of the methods. */
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
	/** The worked solution to train on. */
	readonly solution: string;
	readonly gold: string | null;
	readonly subject: string | null;
	/** The missing skill the row was drawn or written for; `null` in baselines. */
	readonly skill: SkillRef | null;
	/** The difficult question the row was drawn for; `null` in baselines. */
	readonly forQuestion: QuestionId | null;
	readonly kind: 'original' | 'rewritten' | 'synthesized';
	/** Which of the question's answers it is, from 0. */
	readonly sample: number;
	/** E.g. `answer-unsure`: a rewritten answer that the grader could neither accept nor refuse. */
	readonly flags: readonly string[];
}

/** The chain behind a row, one line per row in `chain.jsonl` beside the data. May contain times and models. */
export interface ChainRow {
	readonly replyKey: string | null;
	readonly references: readonly QuestionId[];
	/** STAT-Syn: the size of the largest group of agreeing solutions, and the number of solutions. */
	readonly agreement: { readonly agree: number; readonly of: number } | null;
	/** STAT-Syn: the reply that proposed the question; `replyKey` is that of its solution. */
	readonly proposalKey?: string | undefined;
	/** The diagnosis this row responds to: whose answer, which sample. */
	readonly student: string | null;
	readonly round: number | null;
	readonly sample: number | null;
}

/** How and from what a dataset was built: `.stat/datasets/NAME/card.json`. */
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
	/** SHA-256 of data.jsonl alone, in hex. */
	readonly sha256: string;
	/** Where this build departs from the paper, in prose. */
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
	/** STAT-Syn: how far the new questions of each skill got. */
	readonly skillYields?: readonly SkillYield[] | undefined;
}
