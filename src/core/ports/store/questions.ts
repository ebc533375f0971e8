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
	/** Index into the rows given. */
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
	/** Of the scope's answers: graded true, and all. */
	readonly right: number;
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
	/** `null`: those without a level. */
	readonly level?: number | null | undefined;
	/** Questions whose effective missing skills hold this one. */
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
	 * Known questions gain what they lack (subject, level, gold, solution); a differing value is a conflict and the
	 * kept one stays.
	 * A question of a training split may not join an evaluation split or the other way round: refused, counted as a
	 * `split` conflict. validation and test are told apart the same way: the first stays. A refused question gains
	 * nothing. A missing benchmark is gained too, never a conflict. `ids` are parallel to `rows`; `duplicates`: known
	 * and nothing gained, with or without a conflict.
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
	 * Answers join their question by text; unknown questions join validation. A known (student, round, question,
	 * sample) with the same text is a duplicate, with another text a conflict (the first stays).
	 * Training questions take no answers: refused, a `split` conflict. `questions`, `updated`: questions added, or
	 * given a field they lacked; `duplicates`, `refused`: answers.
	 */
	addAnswers: {
		params: Scope & {
			source: string;
			benchmark: string | null;
			rows: readonly {
				readonly question: QuestionFields;
				readonly samples: readonly Pick<
					Answer,
					'sample' | 'text' | 'extracted' | 'verdict' | 'logVerdict' | 'stepScores' | 'steps'
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
	/** Grades again, in place. */
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
	/** Step scores that came later (from the host). */
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
	/** By name; `lastStudent`/`lastRound`: the latest imported into. */
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
	 * missed first; for verdict `wrong`, `unsure`, `right`, the first sample's.
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
	/** Full questions by id, in the order asked; unknown ids are left out. At most 2,000. */
	questionsById: { params: { ids: readonly QuestionId[] }; result: readonly Question[] };
	/** All of a split, in a stable order (id), a page at a time. */
	questionsOfSplit: {
		params: { split: Split; after: QuestionId | null; limit: number };
		result: readonly Question[];
	};
	/** Samples of one question with text. */
	answers: { params: Scope & { questionId: QuestionId }; result: readonly Answer[] };
	/** For rules: every question with answers in the scope, by id; evaluation splits only. `gold`: does it have one. */
	digests: {
		params: Scope & { after: QuestionId | null; limit: number };
		result: readonly (AnswerDigest & { readonly gold: string | null; readonly split: Split })[];
	};
	subjects: {
		params: Record<never, never>;
		result: readonly { readonly subject: string; readonly train: number; readonly evaluation: number }[];
	};
}
