import type { Parts } from '../core/ports.ts';
import type { QuestionId } from '../core/question.ts';
import type { Run } from '../core/run.ts';
import type { TeacherCall } from '../core/teacher.ts';
import type { ClassifyOptions } from '../core/workflows.ts';
import { askTeacher, makeCall } from './askTeacher.ts';
import type { ScopeDigest } from './pages.ts';
import { inPages, questionsWithIds } from './pages.ts';

/**
 * The teacher as judge: difficult where it finds sample 0 wrong. No gold answer is shown. Only validation questions are asked
 * about, since each costs a call; the others, and those whose reply was set aside, stay unclassified.
 */
export async function judgeAnswers(parts: Parts, options: ClassifyOptions, digests: readonly ScopeDigest[], run: Run): Promise<{ settings: Record<string, number | string | null>; difficult: (boolean | null)[]; calls: number; cost: number | null }> {
	const ids = digests.filter(({ split }) => split === 'validation').map(({ questionId }) => questionId);
	const judged = new Map<QuestionId, boolean>();
	const { student, round } = options;
	const asked = await askTeacher<{ correct: boolean }, void>(
		parts,
		{
			operation: 'classify',
			label: 'Judging',
			calls: judgeCalls(parts, options, ids),
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
	return { settings: { model: parts.teacher?.model ?? null }, difficult: digests.map(({ questionId }) => judged.get(questionId) ?? null), calls: asked.calls, cost: asked.cost };
}

/** Sample 0 (the first there is) of each question, read as it is asked about. */
async function* judgeCalls(parts: Parts, { student, round }: ClassifyOptions, ids: readonly QuestionId[]): AsyncGenerator<TeacherCall> {
	for (const page of inPages(ids, 200)) {
		const questions = await questionsWithIds(parts.store, page);
		for (const id of page) {
			const [answer] = await parts.store.read('answers', { student, round, questionId: id });
			const question = questions.get(id);
			if (question && answer) {
				yield makeCall(parts, 'judge', id, { question: question.text, answer: answer.text });
			}
		}
	}
}
