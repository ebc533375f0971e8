import type { Answer } from '../core/answer.ts';
import type { Diagnosis } from '../core/diagnosis.ts';
import type { Parts } from '../core/ports.ts';
import { skillLines, stepLines } from '../core/promptValues.ts';
import type { Question, QuestionId } from '../core/question.ts';
import type { Run } from '../core/run.ts';
import type { SkillRef } from '../core/skill.ts';
import type { TeacherCall } from '../core/teacher.ts';
import type { DiagnoseOptions, DiagnoseResult, Plan } from '../core/workflows.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from './askTeacher.ts';
import { decide, difficultQuestions } from './classify.ts';
import { ownOrder } from './ownOrder.ts';
import { inPages, questionsWithIds } from './pages.ts';
import { SkillOffer } from './skillOffer.ts';

/**
 * The teacher reads each difficult validation question with the student's answer and names the missing skills (sec. 2.2):
 * the first sample graded wrong, else sample 0. Those not diagnosed yet, unless `again`; people's corrections stay either way.
 */
export async function diagnose(parts: Parts, options: DiagnoseOptions, run: Run): Promise<DiagnoseResult> {
	teacherOf(parts);
	const { student, round } = options;
	const { chosen, waiting } = await questionsToDiagnose(parts, options, (await difficultQuestions(parts, options, run)).ids);
	const subjects = new Subjects(parts, options);
	let disputed = 0;
	const asked = await askTeacher(
		parts,
		{
			operation: 'diagnose',
			label: 'Diagnosing',
			calls: subjects.calls(ownOrder(chosen, run)),
			total: chosen.length,
			parse: (text, { about }) => parts.replies.parseDiagnosis(text, subjects.offered(about)),
			keyOf: ({ about }) => `${student}/${round}/${about}`,
			row: ({ call, reply, value }): Diagnosis => {
				disputed += value.judge === 'correct' ? 1 : 0;
				const { sample, steps } = subjects.answer(call.about);
				const { judge, reason, skills, offList, firstWrongStep } = value;
				const step = firstWrongStep !== null && firstWrongStep < Math.max(1, steps) ? firstWrongStep : null;
				return { student, round, questionId: call.about, sample, judge, reason, skills, offList, firstWrongStep: step, replyKey: reply.key, model: reply.model, promptVersion: reply.promptVersion, at: reply.at };
			},
			write: (rows) => parts.store.write('addDiagnoses', { rows }),
			budget: options.budget,
		},
		run,
	);
	return { diagnosed: asked.succeeded, failed: asked.failures.length, disputed, calls: asked.calls, cost: asked.cost, remaining: waiting - asked.succeeded, failures: [...asked.failures] };
}

/** What {@link diagnose} would do: number of calls, how many are answered already, cost. Writes nothing. */
export async function planDiagnose(parts: Parts, options: DiagnoseOptions, run: Run): Promise<Plan> {
	const teacher = teacherOf(parts);
	const known = await parts.store.read('classification', { student: options.student, round: options.round });
	const notes: string[] = [];
	let difficult = known?.difficult;
	if (!difficult) {
		const decision = await decide(parts, { student: options.student, round: options.round }, run);
		difficult = decision.digests.filter((_, index) => decision.difficult[index] === true).map(({ questionId }) => questionId);
		notes.push(`not classified yet: by the rule "${decision.method}" ${difficult.length} of ${decision.digests.length} questions are difficult`);
	}
	const { chosen } = await questionsToDiagnose(parts, options, difficult);
	const subjects = new Subjects(parts, options);
	const calls: TeacherCall[] = [];
	for await (const call of subjects.calls(chosen)) {
		calls.push(call);
	}
	return planCalls(teacher, calls, parts.prompts.render('diagnose', { subject: '', skills: '', question: '', steps: '', finalAnswer: '' }).expectedOutputTokens, notes);
}

/** Validation questions only: test is reported on, not profiled. `waiting`: how many there are before `limit`. */
async function questionsToDiagnose(parts: Parts, options: DiagnoseOptions, difficult: readonly QuestionId[]): Promise<{ chosen: QuestionId[]; waiting: number }> {
	const { student, round, limit = Infinity } = options;
	const done = options.again ? new Set<QuestionId>() : new Set(await parts.store.read('diagnosedIds', { student, round }));
	const only = options.questions ? new Set(options.questions) : null;
	const open = difficult.filter((id) => !done.has(id) && (!only || only.has(id)));
	const questions = await questionsWithIds(parts.store, open);
	const waiting = open.filter((id) => questions.get(id)?.split === 'validation').sort();
	return { chosen: waiting.slice(0, limit), waiting: waiting.length };
}

/** What was asked about each question: the answer read and the skills offered, kept while its reply is awaited. */
class Subjects {
	private readonly asked = new Map<QuestionId, { readonly offered: readonly SkillRef[]; readonly sample: number; readonly steps: number }>();
	private readonly offer: SkillOffer;

	constructor(
		private readonly parts: Parts,
		private readonly scope: { readonly student: string; readonly round: number },
	) {
		this.offer = new SkillOffer(parts.store);
	}

	async *calls(ids: readonly QuestionId[]): AsyncGenerator<TeacherCall> {
		for (const page of inPages(ids, 200)) {
			const questions = await questionsWithIds(this.parts.store, page);
			for (const id of page) {
				const question = questions.get(id);
				const answer = answerToRead(await this.parts.store.read('answers', { student: this.scope.student, round: this.scope.round, questionId: id }));
				if (question && answer) {
					yield await this.call(question, answer);
				}
			}
		}
	}

	offered(id: QuestionId): readonly SkillRef[] {
		return this.asked.get(id)?.offered ?? [];
	}

	answer(id: QuestionId): { readonly sample: number; readonly steps: number } {
		return this.asked.get(id) ?? { sample: 0, steps: 0 };
	}

	private async call(question: Question, answer: Answer): Promise<TeacherCall> {
		const offered = await this.offer.for(question.subject);
		this.asked.set(question.id, { offered, sample: answer.sample, steps: answer.steps.length });
		return makeCall(this.parts, 'diagnose', question.id, {
			subject: question.subject ?? 'any',
			skills: skillLines(offered),
			question: question.text,
			steps: stepLines(answer.text, answer.steps),
			finalAnswer: answer.extracted ?? 'none found',
		});
	}
}

/** The first sample graded wrong, else sample 0 (the first there is). */
export function answerToRead(answers: readonly Answer[]): Answer | undefined {
	return answers.find(({ verdict }) => verdict === false) ?? answers[0];
}
