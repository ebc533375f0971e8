import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { ClassifyOptions } from './classifyOptions.ts';
import type { Plan } from '../asking/plan.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { ownOrder } from '../asking/shuffled.ts';
import type { ScopeDigest } from '../reading/chunks.ts';
import { allDigests, inChunks, questionsWithIds } from '../reading/chunks.ts';
import { ReadableAnswers } from '../reading/readableAnswers.ts';

/**
 * Uses the teacher as a judge: a question is difficult if the teacher finds sample 0 wrong. The teacher does not see
 * the gold answer. Only validation questions are sent, because each one costs a call; other questions, and those whose
 * reply was set aside, remain unclassified.
 */
export async function judgeAnswers(
	parts: Parts,
	options: ClassifyOptions,
	digests: readonly ScopeDigest[],
	run: Run,
): Promise<{
	settings: Record<string, number | string | null>;
	difficult: (boolean | null)[];
	calls: number;
	cost: number | null;
}> {
	const ids = toJudge(digests);
	const judged = new Map<QuestionId, boolean>();
	const { student, round } = options;
	const answers = new ReadableAnswers(parts.store, options);
	const result = await askTeacher<{ correct: boolean }, void>(
		parts,
		{
			operation: 'classify',
			label: 'Judging',
			calls: judgeCalls(parts, answers, ownOrder(ids, run)),
			total: ids.length,
			parse: (text) => parts.replies.parseJudge(text),
			keyOf: ({ about }) => `${student}/${round}/${about}`,
			row: ({ call, value }) => {
				judged.set(call.about, !value.correct);
			},
			write: async () => {},
			budget: options.budget,
		},
		run,
	);
	await answers.setAside('classify', run);
	return {
		settings: { model: parts.teacher?.model ?? null },
		difficult: digests.map(({ questionId }) => judged.get(questionId) ?? null),
		calls: result.calls,
		cost: result.cost,
	};
}

/** Estimates the cost of classifying with the teacher as judge. */
export async function planClassify(parts: Parts, options: ClassifyOptions): Promise<Plan> {
	const teacher = teacherOf(parts);
	const calls: TeacherCall[] = [];
	const answers = new ReadableAnswers(parts.store, options);
	for await (const call of judgeCalls(parts, answers, toJudge(await allDigests(parts.store, options)))) {
		calls.push(call);
	}
	const { expectedOutputTokens } = parts.prompts.render('judge', { question: '', answer: '' });
	return planCalls(teacher, calls, expectedOutputTokens, answers.notes);
}

function toJudge(digests: readonly ScopeDigest[]): QuestionId[] {
	return digests.filter(({ split }) => split === 'validation').map(({ questionId }) => questionId);
}

/**
 * Yields a call for sample 0 (or the first sample that exists) of each question; each answer is read when its turn
 * comes.
 */
async function* judgeCalls(
	parts: Parts,
	answers: ReadableAnswers,
	ids: readonly QuestionId[],
): AsyncGenerator<TeacherCall> {
	for (const chunk of inChunks(ids, 200)) {
		const questions = await questionsWithIds(parts.store, chunk);
		for (const id of chunk) {
			const [answer] = await answers.of(id);
			const question = questions.get(id);
			if (question && answer) {
				yield makeCall(parts, 'judge', id, { question: question.text, answer: answer.text });
			}
		}
	}
}
