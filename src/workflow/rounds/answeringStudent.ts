import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { ImportAnswersResult } from '../questions/importAnswers.ts';
import type { Scope } from '../../core/scope.ts';

/**
 * Questions that a student answers for an evaluation (sec. 3, D): which student and round, how many samples, and how
 * they are drawn.
 */
export interface AnswerRequest extends Scope {
	/** Each is answered `samples` times; samples that the project already has are unchanged. */
	readonly questions: readonly QuestionId[];
	/** From 1; samples are numbered from 0. */
	readonly samples: number;
	/** 0 is greedy; the paper: 0.1 for pass@1, 1 for avg@k and pass@k (sec. C.1). */
	readonly temperature: number;
	/** (0, 1]; default 1. */
	readonly topP?: number | undefined;
	/** The maximum of tokens of an answer; default {@link samplingDefaults}. */
	readonly maxTokens?: number | undefined;
	/** Default {@link samplingDefaults}. */
	readonly seed?: number | undefined;
	/** Also requests the samples that the project has without any text, at an endpoint. */
	readonly retryEmpty?: boolean | undefined;
}

/** New answers that an endpoint did not send whole. */
export interface Incomplete {
	/** Cut off by the token limit. */
	cut: number;
	/** Without any text. */
	empty: number;
	/** All text is an open thought: the server found no end of it. */
	onlyThought: number;
}

/** The outcome of an {@link AnswerRequest}: counts of new answers, and who made them. */
export interface StudentAnswered {
	readonly imported: ImportAnswersResult;
	/** At an endpoint: a host does not say. */
	readonly incomplete?: Incomplete | undefined;
	/** The jobs that answered, on a host. */
	readonly jobs: readonly string[];
}

/**
 * Answers in a student's place: a GPU host (src/workflow/rounds/answerOnHost.ts: `answerOnHost(parts, options)`) or an
 * endpoint. Resolves when every answer is in the project, graded, under the request's student and round. Called again
 * after an interruption, it requests only what is missing: a running job of a host is joined, not started again.
 * Rejects with a StatError.
 */
export interface AnsweringStudent {
	answer(request: AnswerRequest, run: Run): Promise<StudentAnswered>;
}
