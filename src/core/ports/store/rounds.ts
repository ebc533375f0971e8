import type { Verdict } from '../../questions/answer.ts';
import type { QuestionId, Split } from '../../questions/question.ts';
import type { BenchmarkEntry, EvaluationEntry } from '../../rounds/evaluationEntry.ts';
import type { RoundEntry } from '../../rounds/round.ts';
import type { Scope } from '../../scope.ts';

/** Verbs for rounds, benchmarks and evaluations. */
export interface RoundWrites {
	/**
	 * Stores a benchmark's settings and questions. A known benchmark gains the questions and takes the new settings.
	 * Unknown questions and training questions are skipped.
	 */
	setBenchmark: {
		params: { benchmark: BenchmarkEntry; questions: readonly QuestionId[] };
		result: { added: number };
	};
	/**
	 * Stores an evaluation's current state, replacing an earlier one with the same ID. `questions` lists the evaluated
	 * questions by benchmark; `null` leaves them unchanged.
	 */
	setEvaluation: {
		params: {
			evaluation: EvaluationEntry;
			questions: readonly { readonly benchmark: string; readonly ids: readonly QuestionId[] }[] | null;
		};
		result: Record<never, never>;
	};
	/**
	 * Records a round's lineage. An existing round is refused unless it is the same or `replace` is set; a round that
	 * would become its own ancestor is also refused.
	 */
	setRound: { params: { round: RoundEntry; replace: boolean }; result: { changed: boolean } };
}

/** Queries on rounds, benchmarks and evaluations. */
export interface RoundReads {
	/** Returns the rounds with a recorded lineage, ordered by student and round number. */
	rounds: { params: Record<never, never>; result: readonly RoundEntry[] };
	/**
	 * Returns the result of each evaluation question with answers in a round, by ID, in chunks. `sure` counts answers
	 * with a verdict of true or false; `first` is the verdict on sample 0.
	 */
	scores: {
		params: Scope & { after: QuestionId | null; limit: number };
		result: readonly {
			readonly questionId: QuestionId;
			readonly split: Split;
			readonly subject: string | null;
			readonly level: number | null;
			readonly benchmark: string | null;
			readonly right: number;
			readonly sure: number;
			readonly samples: number;
			readonly first: Verdict;
		}[];
	};
	/** Returns benchmarks with their settings, by name, and how many of their questions are in each split. */
	benchmarkEntries: {
		params: Record<never, never>;
		result: readonly { readonly benchmark: BenchmarkEntry; readonly questions: Readonly<Record<Split, number>> }[];
	};
	/**
	 * Returns the evaluation questions of a benchmark, assigned by {@link RoundWrites.setBenchmark} or by the name
	 * under which they were imported, ordered by ID.
	 */
	benchmarkQuestions: {
		params: { name: string };
		result: readonly { readonly id: QuestionId; readonly split: Split; readonly gold: string | null }[];
	};
	/** Returns evaluations, latest first; `scope: null` returns those of all students. */
	evaluations: { params: { scope: Scope | null }; result: readonly EvaluationEntry[] };
	/** Returns the questions of an evaluation. */
	evaluationQuestions: {
		params: { id: string };
		result: readonly { readonly benchmark: string; readonly ids: readonly QuestionId[] }[];
	};
	benchmarks: {
		params: Record<never, never>;
		result: readonly { readonly benchmark: string; readonly questions: number }[];
	};
}
