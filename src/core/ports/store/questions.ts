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
	/** Index into the rows that were passed. */
	readonly index: number;
	readonly field: 'subject' | 'level' | 'gold' | 'solution' | 'split' | 'answer';
	readonly kept: string;
	readonly offered: string;
}

/** A question as displayed in lists. */
export interface QuestionRow {
	readonly id: QuestionId;
	/** The text's first 160 characters on one line. */
	readonly title: string;
	readonly split: Split;
	readonly subject: string | null;
	readonly level: number | null;
	readonly benchmark: string | null;
	/** Number of answers in the scope that were graded true, that have no verdict, and in total. */
	readonly right: number;
	readonly unsure: number;
	readonly samples: number;
	readonly difficult: boolean | null;
	readonly diagnosed: boolean;
	readonly corrected: boolean;
	readonly disputed: boolean;
	/** Number of skills that count as missing. */
	readonly missing: number;
}

export interface QuestionFilter {
	readonly splits?: readonly Split[] | undefined;
	readonly subject?: string | null | undefined;
	readonly benchmark?: string | undefined;
	/** `null` matches questions without a level. */
	readonly level?: number | null | undefined;
	/** Matches questions whose effective missing skills include this skill. */
	readonly missingSkill?: SkillRef | undefined;
	/** Matches questions labelled with this skill. */
	readonly labelledSkill?: SkillRef | undefined;
	readonly difficult?: boolean | undefined;
	readonly diagnosed?: boolean | undefined;
	readonly corrected?: boolean | undefined;
	readonly disputed?: boolean | undefined;
	/** Verdict on sample 0. */
	readonly verdict?: Verdict | undefined;
	readonly hasAnswers?: boolean | undefined;
	/** Substring to find in the text, case-insensitive. */
	readonly text?: string | undefined;
}

/** Verbs for questions and answers. */
export interface QuestionWrites {
	/**
	 * Adds questions. A known question gains missing fields (subject, level, gold, solution, benchmark). A differing
	 * value is a conflict and the stored value remains; only a differing benchmark is never a conflict. A question
	 * never moves to another split (training, validation or test): it is refused, counted as a `split` conflict, and
	 * gains nothing. `ids` is parallel to `rows`; `duplicates` counts known questions that gained nothing, with or
	 * without a conflict.
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
	 * Adds answers to the question with the same text; questions not yet stored are added to the validation split. If
	 * the (student, round, question, sample) already has an answer, the same text counts as a duplicate and different
	 * text as a conflict (the stored answer is kept); with `fillsEmpty`, a stored answer with no text is replaced.
	 * Answers to training questions are refused as a `split` conflict. `questions` and `updated` count questions added
	 * or given a missing field; `duplicates` and `refused` count answers.
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
	/** Stores step scores that arrived later from the host. */
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
	/** Returns students by name. `lastStudent` and `lastRound` belong to the latest import. */
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
	/**
	 * Returns questions ordered by subject, level, the first 80 characters of the text, and import. `total` ignores
	 * limit and offset.
	 */
	questions: {
		params: { scope: Scope | null; filter: QuestionFilter; offset: number; limit: number };
		result: { total: number; rows: readonly QuestionRow[] };
	};
	/** Returns the position of a question in the same order, or -1. */
	questionPosition: { params: { scope: Scope | null; filter: QuestionFilter; id: QuestionId }; result: number };
	/**
	 * Returns group sizes for a tree. `key` is the subject, level or benchmark, or `''` for none; for missingSkill,
	 * `subject/name`, most missed first; for verdict, `wrong`, `unsure` or `right` for the first sample.
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
	/** Returns full questions by ID, in the requested order; unknown IDs are omitted. At most 2,000. */
	questionsById: { params: { ids: readonly QuestionId[] }; result: readonly Question[] };
	/** Returns a whole split in chunks, in a stable order (by ID). */
	questionsOfSplit: {
		params: { split: Split; after: QuestionId | null; limit: number };
		result: readonly Question[];
	};
	/** Returns the samples of one question with their text. */
	answers: { params: Scope & { questionId: QuestionId }; result: readonly Answer[] };
	/**
	 * Returns every question with answers in the scope, ordered by ID, for the difficulty rules; evaluation splits
	 * only. `gold` says whether the question has a gold answer.
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
