import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import type { SkillYield } from './synthesis.ts';

/** Build methods, in display order. */
export const buildMethods = ['sel', 'syn', 'train', 'augment', 'hard', 'embed-sel', 'embed-syn'] as const;
export type BuildMethod = (typeof buildMethods)[number];

/** The paper's names for the methods. */
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
 * One question–answer pair of P_targeted: a line of `.stat/datasets/NAME/data.jsonl`. It contains no name, date or
 * cost, so the same inputs and seed give the same bytes.
 */
export interface DatasetRow {
	readonly questionId: QuestionId;
	readonly question: string;
	/** The worked solution to train on. */
	readonly solution: string;
	readonly gold: string | null;
	readonly subject: string | null;
	/** The missing skill for which the row was drawn or written; `null` in baselines. */
	readonly skill: SkillRef | null;
	/** The difficult question for which the row was drawn; `null` in baselines. */
	readonly forQuestion: QuestionId | null;
	readonly kind: 'original' | 'rewritten' | 'synthesized';
	/** Which of the question's answers this is, from 0. */
	readonly sample: number;
	/** For example `answer-unsure`: a rewritten answer that the grader could neither accept nor reject. */
	readonly flags: readonly string[];
}

/** Provenance of a row: one line per row in `chain.jsonl`, next to the data. May contain times and model names. */
export interface ChainRow {
	readonly replyKey: string | null;
	readonly references: readonly QuestionId[];
	/** STAT-Syn: size of the largest group of agreeing solutions, and the total number of solutions. */
	readonly agreement: { readonly agree: number; readonly of: number } | null;
	/** STAT-Syn: key of the reply that proposed the question. `replyKey` is the key of the reply with its solution. */
	readonly proposalKey?: string | undefined;
	/** The student and sample whose diagnosis this row responds to. */
	readonly student: string | null;
	readonly round: number | null;
	readonly sample: number | null;
}

/** How a dataset was built and from what: `.stat/datasets/NAME/card.json`. */
export interface DatasetCard {
	readonly name: string;
	readonly method: BuildMethod;
	readonly settings: Readonly<Record<string, string | number | boolean | null>>;
	readonly seed: number;
	readonly student: string | null;
	readonly round: number | null;
	readonly pairs: number;
	/** Number of distinct (question, solution) pairs. */
	readonly distinct: number;
	/** Number of distinct questions. */
	readonly questions: number;
	/** SHA-256 of data.jsonl only, in hex. */
	readonly sha256: string;
	/** Where this build departs from the paper, in prose. */
	readonly deviations: readonly string[];
	/** Counts per stage, e.g. drawn, rewritten, unequal, unsure, set aside. */
	readonly yield: Readonly<Record<string, number>>;
	readonly setAside: number;
	readonly teacher: { readonly model: string; readonly endpoint: string } | null;
	readonly promptVersions: readonly string[];
	readonly calls: number;
	readonly cost: number | null;
	readonly createdAt: string;
	readonly skills: readonly { readonly subject: string; readonly skill: string; readonly pairs: number }[];
	/** STAT-Syn: number of new questions of each skill that reached each stage. */
	readonly skillYields?: readonly SkillYield[] | undefined;
}
