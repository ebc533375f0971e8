import type { QuestionId } from '../../questions/question.ts';
import type { Scope } from '../../scope.ts';

/** Verbs for classifications. */
export interface DifficultyWrites {
	/** Replaces the classification of the (student, round). `null` means unclassified. */
	setClassification: {
		params: Scope & {
			method: string;
			settings: Readonly<Record<string, number | string | null>>;
			at: string;
			rows: readonly { readonly questionId: QuestionId; readonly difficult: boolean | null }[];
		};
		result: { difficult: number; unclassified: number };
	};
}

/** Queries on classifications. */
export interface DifficultyReads {
	classification: {
		params: Scope;
		result: {
			method: string;
			settings: Readonly<Record<string, number | string | null>>;
			at: string;
			difficult: readonly QuestionId[];
			unclassified: readonly QuestionId[];
			easy: number;
		} | null;
	};
}
