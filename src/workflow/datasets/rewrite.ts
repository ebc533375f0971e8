import type { Budget } from '../../core/ports/budget.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { SelectedPair } from '../../core/datasets/selection.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import { MalformedReply } from '../../core/ports/teacher.ts';
import { needsGold } from '../../core/questions/gradingRule.ts';
import { gradeByRule, requireAllowed } from '../questions/gradeByRule.ts';
import type { GradingRules } from '../questions/gradingRules.ts';
import { gradingRules } from '../questions/gradingRules.ts';
import type { AskResult } from '../asking/askTeacher.ts';
import { askTeacher, makeCall, teacherOf } from '../asking/askTeacher.ts';
import type { Plan } from '../asking/plan.ts';
import { planAlike } from '../asking/planAlike.ts';
import { ownOrder } from '../asking/shuffled.ts';

/** An answer to train on, with its origin. */
export interface PairAnswer {
	readonly solution: string;
	readonly flags: readonly string[];
	readonly replyKey: string | null;
	readonly promptVersion: string | null;
}

export interface Rewritten {
	/** The answers by {@link pairKey}; pairs that are not in the map were set aside. */
	readonly answers: ReadonlyMap<string, PairAnswer>;
	readonly result: AskResult;
	/** Number of replies whose final answer differed from the gold answer; they were retried, then set aside. */
	readonly unequal: number;
	/** Number of answers used although the grader was unsure. */
	readonly unsure: number;
}

/**
 * Identifies a question's n-th answer. Even if the question is drawn for several skills, that answer is requested only
 * once.
 */
export function pairKey(questionId: QuestionId, answer: number): string {
	return `${questionId}/${answer}`;
}

/**
 * Yields one call for each distinct (question, answer) among the pairs, in their order. If a question has no solution,
 * the teacher writes one.
 */
export function* rewriteCalls(
	parts: Pick<Parts, 'prompts'>,
	pairs: readonly SelectedPair[],
	questions: ReadonlyMap<QuestionId, Question>,
	rules: GradingRules,
): Generator<TeacherCall> {
	const seen = new Set<string>();
	for (const { questionId, answer } of pairs) {
		const key = pairKey(questionId, answer);
		const question = questions.get(questionId);
		if (question && !seen.has(key)) {
			seen.add(key);
			yield rewriteCall(parts, question, answer, rules);
		}
	}
}

function rewriteCall(
	parts: Pick<Parts, 'prompts'>,
	{ id, text, solution, gold, benchmark }: Question,
	answer: number,
	rules: GradingRules,
): TeacherCall {
	// What a checker reads, such as unit tests, is no final answer.
	const finalAnswer = (needsGold(rules.of(benchmark)) ? gold : null) ?? 'not given';
	return makeCall(parts, 'rewrite', id, { question: text, solution: solution ?? 'none', finalAnswer }, answer);
}

/** Estimates the rewriting of this many answers before it is known which, by up to 500 of the questions. */
export async function planRewrites(parts: Parts, training: readonly Question[], answers: number): Promise<Plan> {
	const rules = await gradingRules(parts.store);
	return planAlike(
		teacherOf(parts),
		training.slice(0, 500).map((question) => rewriteCall(parts, question, 0, rules)),
		parts.prompts.render('rewrite', { question: '', solution: '', finalAnswer: '' }).expectedOutputTokens,
		answers,
	);
}

/**
 * Has the teacher rewrite each drawn answer (sec. 2.3). The rewritten answer is graded against the gold answer: if it
 * differs, it is retried like a malformed reply and then set aside; if the grader is unsure, it is used and flagged
 * `answer-unsure`.
 */
export async function rewriteAnswers(
	parts: Parts,
	name: string,
	pairs: readonly SelectedPair[],
	questions: ReadonlyMap<QuestionId, Question>,
	budget: Budget | undefined,
	run: Run,
): Promise<Rewritten> {
	const answers = new Map<string, PairAnswer>();
	const rules = await gradingRules(parts.store);
	const ruleOf = (id: QuestionId) => rules.of(questions.get(id)?.benchmark ?? null);
	await requireAllowed(parts, new Set(pairs.map(({ questionId }) => ruleOf(questionId))));
	let unequal = 0;
	let unsure = 0;
	const result = await askTeacher(
		parts,
		{
			operation: `build ${name}`,
			label: 'Rewriting',
			calls: rewriteCalls(parts, ownOrder(pairs, run), questions, rules),
			total: new Set(pairs.map(({ questionId, answer }) => pairKey(questionId, answer))).size,
			parse: async (text, { about, sample }) => {
				const rule = ruleOf(about);
				const solution = parts.replies.parseSolution(text, needsGold(rule));
				const question = questions.get(about);
				const gold = question?.gold ?? null;
				const response = { text: solution, rule, metadata: { sample } };
				const { extracted, verdict, reason } = question
					? await gradeByRule(parts, question, response, run)
					: { extracted: null, verdict: null, reason: null };
				if (verdict === false) {
					unequal += 1;
					if (!needsGold(rule)) {
						throw new MalformedReply(`the checker finds it wrong${reason === null ? '' : `: ${reason}`}`);
					}
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
			// Nothing to write: the reply itself is stored, and the dataset is written as a whole at the end.
			write: async () => {},
			budget,
		},
		run,
	);
	return { answers, result, unequal, unsure };
}

/** Returns the questions' own solutions; every answer index of a question has the same one. */
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
