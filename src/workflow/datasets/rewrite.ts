import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { SelectedPair } from '../../core/datasets/selection.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import { MalformedReply } from '../../core/ports/teacher.ts';
import { gradeAnswer } from '../questions/gradeAnswer.ts';
import type { AskResult } from '../asking/askTeacher.ts';
import { askTeacher, makeCall } from '../asking/askTeacher.ts';
import { ownOrder } from '../asking/shuffled.ts';

/** An answer to train on and its origin. */
export interface PairAnswer {
	readonly solution: string;
	readonly flags: readonly string[];
	readonly replyKey: string | null;
	readonly promptVersion: string | null;
}

export interface Rewritten {
	/** By {@link pairKey}; pairs that are missing were set aside. */
	readonly answers: ReadonlyMap<string, PairAnswer>;
	readonly result: AskResult;
	/** Replies whose final answer differed from the gold: retried, then set aside. */
	readonly unequal: number;
	/** Used although the grader was unsure. */
	readonly unsure: number;
}

/** Identifies a question's n-th answer: drawn for several skills it is one answer, requested once. */
export function pairKey(questionId: QuestionId, answer: number): string {
	return `${questionId}/${answer}`;
}

/**
 * Yields the distinct (question, answer) calls behind the pairs, in their order. For a question without a solution the
 * teacher writes one.
 */
export function* rewriteCalls(
	parts: Pick<Parts, 'prompts'>,
	pairs: readonly SelectedPair[],
	questions: ReadonlyMap<QuestionId, Question>,
): Generator<TeacherCall> {
	const seen = new Set<string>();
	for (const { questionId, answer } of pairs) {
		const key = pairKey(questionId, answer);
		const question = questions.get(questionId);
		if (question && !seen.has(key)) {
			seen.add(key);
			yield makeCall(
				parts,
				'rewrite',
				questionId,
				{
					question: question.text,
					solution: question.solution ?? 'none',
					finalAnswer: question.gold ?? 'not given',
				},
				answer,
			);
		}
	}
}

/**
 * Has the teacher rewrite each drawn answer (sec. 2.3). Its final answer is graded against the gold: a different one is
 * retried like a malformed reply, then set aside; an unsure one is used and flagged `answer-unsure`.
 */
export async function rewriteAnswers(
	parts: Parts,
	name: string,
	pairs: readonly SelectedPair[],
	questions: ReadonlyMap<QuestionId, Question>,
	budget: number | undefined,
	run: Run,
): Promise<Rewritten> {
	const answers = new Map<string, PairAnswer>();
	let unequal = 0;
	let unsure = 0;
	const result = await askTeacher(
		parts,
		{
			operation: `build ${name}`,
			label: 'Rewriting',
			calls: rewriteCalls(parts, ownOrder(pairs, run), questions),
			total: new Set(pairs.map(({ questionId, answer }) => pairKey(questionId, answer))).size,
			parse: async (text, { about }) => {
				const solution = parts.replies.parseSolution(text);
				const gold = questions.get(about)?.gold ?? null;
				const { extracted, verdict } = await gradeAnswer(parts.grader, gold, solution);
				if (verdict === false) {
					unequal += 1;
					const found =
						extracted === null ? 'is missing' : `"${extracted.slice(0, 100)}" is not the gold answer`;
					const expected = gold === null ? '' : ` "${gold.slice(0, 100)}"`;
					throw new MalformedReply(`its final answer ${found}${expected}`);
				}
				return { solution, flags: verdict === null ? ['answer-unsure'] : [] };
			},
			keyOf: ({ about, sample }) => pairKey(about, sample),
			row: ({ call, reply, value }) => {
				unsure += value.flags.length > 0 ? 1 : 0;
				answers.set(pairKey(call.about, call.sample), {
					...value,
					replyKey: reply.key,
					promptVersion: reply.promptVersion,
				});
			},
			// The reply itself is what is stored; the dataset is written as a whole at the end.
			write: async () => {},
			budget,
		},
		run,
	);
	return { answers, result, unequal, unsure };
}

/** Returns the questions' own solutions, the same for every answer index. */
export function originalAnswers(
	pairs: readonly SelectedPair[],
	questions: ReadonlyMap<QuestionId, Question>,
): Map<string, PairAnswer> {
	const answers = new Map<string, PairAnswer>();
	for (const { questionId, answer } of pairs) {
		const solution = questions.get(questionId)?.solution ?? null;
		if (solution !== null) {
			answers.set(pairKey(questionId, answer), { solution, flags: [], replyKey: null, promptVersion: null });
		}
	}
	return answers;
}
