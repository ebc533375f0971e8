import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { ImportAnswersResult } from '../questions/importAnswers.ts';
import type { Scope } from '../../core/scope.ts';

/**
 * Questions a student is to answer for an evaluation (sec. 3, D): by whom and as what, how often, how they are drawn.
 */
export interface AnswerRequest extends Scope {
	/** Each is answered `samples` times; samples the project has already stay as they are. */
	readonly questions: readonly QuestionId[];
	/** From 1; samples are numbered from 0. */
	readonly samples: number;
	/** 0 is greedy; the paper: 0.1 for pass@1, 1 for avg@k and pass@k (sec. C.1). */
	readonly temperature: number;
	/** (0, 1]; default 1. */
	readonly topP?: number | undefined;
	/** Tokens of an answer, at most; default {@link samplingDefaults}. */
	readonly maxTokens?: number | undefined;
	/** Default {@link samplingDefaults}. */
	readonly seed?: number | undefined;
}

/** What came of an {@link AnswerRequest}: counts of new answers, and who made them. */
export interface StudentAnswered {
	readonly imported: ImportAnswersResult;
	/** Jobs that answered, if it was a host. */
	readonly jobs: readonly string[];
}

/**
 * Whoever answers in a student's place: a GPU host (src/workflow/rounds/answerOnHost.ts: `answerOnHost(parts, options)`) or an
 * endpoint. Resolves when every answer is in the project, graded, under the request's student and round. Called again
 * after it was cut off, it asks for what is missing only: a host's job that still runs is joined, not started anew.
 * Rejects with a StatError.
 */
export interface AnsweringStudent {
	answer(request: AnswerRequest, run: Run): Promise<StudentAnswered>;
}
