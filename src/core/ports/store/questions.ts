import type { Answer, AnswerDigest, Verdict } from '../../questions/answer.ts';
import type { Question, QuestionId, Split } from '../../questions/question.ts';
import type { Scope } from '../../scope.ts';
import type { LabelSource, SkillRef } from '../../skills/skill.ts';

export interface QuestionFields {
	readonly text: string;
	readonly subject?: string | undefined;
	readonly level?: number | undefined;
	readonly gold?: string | undefined;
	readonly solution?: string | undefined;
}

export interface Conflict {
	/** Index into the rows passed. */
	readonly index: number;
	readonly field: 'subject' | 'level' | 'gold' | 'solution' | 'split' | 'answer';
	readonly kept: string;
	readonly offered: string;
}

/** A question as lists show it. */
export interface QuestionRow {
	readonly id: QuestionId;
	/** The text's first 160 characters on one line. */
	readonly title: string;
	readonly split: Split;
	readonly subject: string | null;
	readonly level: number | null;
	readonly benchmark: string | null;
	/** Counts of the scope's answers: graded true, without a verdict, and all. */
	readonly right: number;
	readonly unsure: number;
	readonly samples: number;
	readonly difficult: boolean | null;
	readonly diagnosed: boolean;
	readonly corrected: boolean;
	readonly disputed: boolean;
	/** Skills counted as missing. */
	readonly missing: number;
}

export interface QuestionFilter {
	readonly splits?: readonly Split[] | undefined;
	readonly subject?: string | null | undefined;
	readonly benchmark?: string | undefined;
	/** `null`: questions without a level. */
	readonly level?: number | null | undefined;
	/** Questions whose effective missing skills include this one. */
	readonly missingSkill?: SkillRef | undefined;
	/** Questions labelled with this one. */
	readonly labelledSkill?: SkillRef | undefined;
	readonly difficult?: boolean | undefined;
	readonly diagnosed?: boolean | undefined;
	readonly corrected?: boolean | undefined;
	readonly disputed?: boolean | undefined;
	/** Sample 0's verdict. */
	readonly verdict?: Verdict | undefined;
	readonly hasAnswers?: boolean | undefined;
	/** Substring of the text, case folded. */
	readonly text?: string | undefined;
}

/** Verbs on questions and answers. */
export interface QuestionWrites {
	/**
	 * Adds questions. Known ones gain missing fields (subject, level, gold, solution, benchmark); a differing value is
	 * a conflict and the stored one remains, except for a benchmark, which is never a conflict. A question never joins
	 * another split than its own, be it training, validation or test: it is refused, counted as a `split` conflict, and
	 * gains nothing. `ids` are parallel to `rows`; `duplicates`: known questions that gained nothing, with or without a
	 * conflict.
	 */
	addQuestions: {
		params: { split: Split; benchmark: string | null; source: string; rows: readonly QuestionFields[] };
		result: {
			ids: readonly QuestionId[];
			added: number;
			updated: number;
			duplicates: number;
			refused: number;
			conflicts: readonly Conflict[];
		};
	};
	/**
	 * Adds answers to the question with the same text; unknown questions join validation. A known (student, round,
	 * question, sample) with the same text is a duplicate, with another text a conflict (the stored one remains); with
	 * `fillsEmpty`, one without any text is replaced.
	 * Answers to training questions are refused, as a `split` conflict. `questions`, `updated`: questions added, or
	 * given a missing field; `duplicates`, `refused`: answers.
	 */
	addAnswers: {
		params: Scope & {
			source: string;
			benchmark: string | null;
			fillsEmpty?: boolean | undefined;
			rows: readonly {
				readonly question: QuestionFields;
				readonly samples: readonly Pick<
					Answer,
					'sample' | 'text' | 'extracted' | 'verdict' | 'logVerdict' | 'stepScores' | 'steps' | 'truncated'
				>[];
			}[];
		};
		result: {
			answers: number;
			questions: number;
			updated: number;
			duplicates: number;
			refused: number;
			conflicts: readonly Conflict[];
		};
	};
	/** Replaces verdicts. */
	setVerdicts: {
		params: Scope & {
			rows: readonly {
				readonly questionId: QuestionId;
				readonly sample: number;
				readonly extracted: string | null;
				readonly verdict: Verdict;
			}[];
		};
		result: { changed: number };
	};
	/** Step scores that arrived later (from the host). */
	setStepScores: {
		params: Scope & {
			rows: readonly {
				readonly questionId: QuestionId;
				readonly sample: number;
				readonly stepScores: readonly number[];
				readonly steps: readonly (readonly [number, number])[];
			}[];
		};
		result: { changed: number };
	};
}

/** Queries on questions and answers. */
export interface QuestionReads {
	/** By name; `lastStudent`/`lastRound`: the latest import. */
	students: {
		params: Record<never, never>;
		result: {
			students: readonly {
				readonly student: string;
				readonly rounds: readonly {
					readonly round: number;
					readonly questions: number;
					readonly answers: number;
					readonly samples: number;
				}[];
			}[];
			last: Scope | null;
		};
	};
	/** Ordered by subject, level, the text's first 80 characters, import. `total` ignores limit and offset. */
	questions: {
		params: { scope: Scope | null; filter: QuestionFilter; offset: number; limit: number };
		result: { total: number; rows: readonly QuestionRow[] };
	};
	/** Position of a question in the same order, or -1. */
	questionPosition: { params: { scope: Scope | null; filter: QuestionFilter; id: QuestionId }; result: number };
	/**
	 * Group sizes for a tree. `key`: subject, level or benchmark, `''` for none; for missingSkill `subject/name`, most
	 * missed first; for verdict `wrong`, `unsure`, `right` of the first sample.
	 */
	questionGroups: {
		params: {
			scope: Scope | null;
			filter: QuestionFilter;
			by: 'subject' | 'level' | 'benchmark' | 'missingSkill' | 'verdict';
		};
		result: readonly { readonly key: string; readonly subject: string | null; readonly count: number }[];
	};
	question: {
		params: { id: QuestionId };
		result:
			| (Question & {
					readonly labels: readonly (SkillRef & { readonly source: LabelSource })[];
					readonly sources: readonly string[];
			  })
			| null;
	};
	/** Full questions by id, in the requested order; unknown ids are omitted. At most 2,000. */
	questionsById: { params: { ids: readonly QuestionId[] }; result: readonly Question[] };
	/** A whole split in a stable order (id), in chunks. */
	questionsOfSplit: {
		params: { split: Split; after: QuestionId | null; limit: number };
		result: readonly Question[];
	};
	/** Samples of one question with text. */
	answers: { params: Scope & { questionId: QuestionId }; result: readonly Answer[] };
	/**
	 * For rules: every question with answers in the scope, by id; evaluation splits only. `gold` tells whether it has
	 * one.
	 */
	digests: {
		params: Scope & { after: QuestionId | null; limit: number };
		result: readonly (AnswerDigest & { readonly gold: string | null; readonly split: Split })[];
	};
	subjects: {
		params: Record<never, never>;
		result: readonly { readonly subject: string; readonly train: number; readonly evaluation: number }[];
	};
}
