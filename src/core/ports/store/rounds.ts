import type { Verdict } from '../../questions/answer.ts';
import type { QuestionId, Split } from '../../questions/question.ts';
import type { BenchmarkEntry, EvaluationEntry } from '../../rounds/evaluationEntry.ts';
import type { RoundEntry } from '../../rounds/round.ts';
import type { Scope } from '../../scope.ts';

/** Verbs on rounds, benchmarks and evaluations. */
export interface RoundWrites {
	/**
	 * Stores a benchmark's settings and questions; a known one gains questions and gets the new settings. Unknown and
	 * training questions are skipped.
	 */
	setBenchmark: {
		params: { benchmark: BenchmarkEntry; questions: readonly QuestionId[] };
		result: { added: number };
	};
	/**
	 * Stores an evaluation's current state; `questions`: those evaluated, by benchmark, or `null` to leave them. A
	 * later one of the same id replaces it.
	 */
	setEvaluation: {
		params: {
			evaluation: EvaluationEntry;
			questions: readonly { readonly benchmark: string; readonly ids: readonly QuestionId[] }[] | null;
		};
		result: Record<never, never>;
	};
	/**
	 * Records a round's lineage. An existing one is refused unless it is the same or `replace` is set; so is a round
	 * that would be its own ancestor.
	 */
	setRound: { params: { round: RoundEntry; replace: boolean }; result: { changed: boolean } };
}

/** Queries on rounds, benchmarks and evaluations. */
export interface RoundReads {
	/** Rounds with a recorded lineage, by student and number. */
	rounds: { params: Record<never, never>; result: readonly RoundEntry[] };
	/**
	 * The result of each evaluation question with answers in a round, by id, in chunks. `sure`: answers with a verdict
	 * of true or false; `first`: sample 0's verdict.
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
	/** Benchmarks with their settings, by name, and how many of their questions each split has. */
	benchmarkEntries: {
		params: Record<never, never>;
		result: readonly { readonly benchmark: BenchmarkEntry; readonly questions: Readonly<Record<Split, number>> }[];
	};
	/**
	 * Evaluation questions that belong to a benchmark, by {@link RoundWrites.setBenchmark} or by the name they were imported
	 * under; by id.
	 */
	benchmarkQuestions: {
		params: { name: string };
		result: readonly { readonly id: QuestionId; readonly split: Split; readonly gold: string | null }[];
	};
	/** Latest first; `scope: null`: those of all students. */
	evaluations: { params: { scope: Scope | null }; result: readonly EvaluationEntry[] };
	/** The questions of an evaluation. */
	evaluationQuestions: {
		params: { id: string };
		result: readonly { readonly benchmark: string; readonly ids: readonly QuestionId[] }[];
	};
	benchmarks: {
		params: Record<never, never>;
		result: readonly { readonly benchmark: string; readonly questions: number }[];
	};
}
