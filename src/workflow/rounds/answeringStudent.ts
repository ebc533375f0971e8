import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { ImportAnswersResult } from '../questions/importAnswers.ts';
import type { Scope } from '../../core/scope.ts';

/**
 * The questions that a student answers for an evaluation (sec. 3, D), with the student and round, the number of
 * samples, and the sampling settings.
 */
export interface AnswerRequest extends Scope {
	/** Each is answered `samples` times; samples that the project already has are left unchanged. */
	readonly questions: readonly QuestionId[];
	/** Number of samples, at least 1; they are numbered from 0. */
	readonly samples: number;
	/**
	 * Sampling temperature. 0 is greedy decoding; the paper uses 0.1 for pass@1, and 1 for avg@k and pass@k (sec. C.1).
	 */
	readonly temperature: number;
	/** Nucleus sampling, in (0, 1]; default 1. */
	readonly topP?: number | undefined;
	/** Maximum number of tokens in an answer; default {@link samplingDefaults}. */
	readonly maxTokens?: number | undefined;
	/** Sampling seed; default {@link samplingDefaults}. */
	readonly seed?: number | undefined;
	/** Whether to request samples again that the project has without any text. Endpoints only. */
	readonly retryEmpty?: boolean | undefined;
}

/** Counts of new answers that were not delivered in full. */
export interface Incomplete {
	/** Answers cut off by the token limit. */
	cut: number;
	/** Answers without any text. */
	empty: number;
	/** Answers that consist only of an unfinished thought: the server found no end to it. */
	onlyThought: number;
}

/** The outcome of an {@link AnswerRequest}: the counts of new answers, and who produced them. */
export interface StudentAnswered {
	readonly imported: ImportAnswersResult;
	/** For a host, only the number of answers that were cut off is known. */
	readonly incomplete?: Incomplete | undefined;
	/** On a host: the jobs that answered. */
	readonly jobs: readonly string[];
}

/**
 * Produces a student's answers: on a GPU host (`answerOnHost(parts, options)` in src/workflow/rounds/answerOnHost.ts)
 * or at an endpoint. Resolves when every answer is in the project, graded, under the request's student and round. If it
 * is called again after an interruption, it requests only what is missing: a job that is still running on a host is
 * joined, not started again. Rejects with a StatError.
 */
export interface AnsweringStudent {
	answer(request: AnswerRequest, run: Run): Promise<StudentAnswered>;
}
