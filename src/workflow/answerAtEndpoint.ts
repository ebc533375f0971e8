import type { AnsweringStudent, AnswerRequest } from '../core/evaluation.ts';
import type { Parts } from '../core/ports.ts';
import type { Question } from '../core/question.ts';
import { StatError } from '../core/run.ts';
import { splitSteps } from '../core/steps.ts';
import { studentMessages } from '../core/studentPrompt.ts';
import { readTemplate } from '../core/studentTemplate.ts';
import type { Teacher, TeacherCall } from '../core/teacher.ts';
import type { Plan } from '../core/workflows.ts';
import { askTeacher, planCalls } from './askTeacher.ts';
import { gradeAnswer } from './gradeAnswer.ts';
import { allDigests, inPages, questionsWithIds } from './pages.ts';

/** Tokens an answer may take, as on a host. */
export const defaultMaxTokens = 2048;
/** Of an answer, for estimates. */
const expectedTokens = 400;

/**
 * A student behind an endpoint (vLLM, Ollama, anything OpenAI-compatible), asked by the teacher's durable client under the
 * project's template: every reply is on disk before it counts, so that a run that was cut off goes on and asks nothing twice.
 * A reply that the token limit cut off is the student's answer.
 */
export function answerAtEndpoint(parts: Parts, student: Teacher, budget?: number): AnsweringStudent {
	return {
		async answer(request, run) {
			const { calls, questions } = await callsOf(parts, request);
			const golds = new Map(questions.map(({ id, gold }) => [id, gold]));
			const texts = new Map(questions.map(({ id, text }) => [id, text]));
			const counts = { answers: 0, graded: 0, correct: 0, unsure: 0, duplicates: 0 };
			const { student: name, round } = request;
			const asked = await askTeacher(
				{ ...parts, teacher: student },
				{
					operation: 'evaluate',
					label: 'Answering',
					calls,
					total: calls.length,
					parse: async (text, { about }) => {
						const gold = golds.get(about) ?? null;
						const grade = await gradeAnswer(parts.grader, gold, text);
						counts.graded += grade.verdict === null ? 0 : 1;
						counts.correct += grade.verdict === true ? 1 : 0;
						counts.unsure += gold !== null && grade.verdict === null ? 1 : 0;
						return grade;
					},
					keyOf: ({ about, sample }) => `${name}/${round}/${about}/${sample}`,
					row: ({ call: { about, sample }, reply: { text }, value }) => ({ question: { text: texts.get(about) ?? '' }, samples: [{ sample, text, ...value, logVerdict: null, stepScores: null, steps: splitSteps(text) }] }),
					write: async (rows) => {
						const written = await parts.store.write('addAnswers', { student: name, round, source: 'evaluation', benchmark: null, rows });
						counts.answers += written.answers;
						counts.duplicates += written.duplicates;
					},
					budget,
					acceptTruncated: true,
					who: `the student at ${student.endpoint}`,
				},
				run,
			);
			return { imported: { ...counts, questions: 0, disagreeing: 0, skipped: asked.failures.length, problems: [], conflicts: [] }, jobs: [] };
		},
	};
}

/** What answering would ask. */
export async function planAnswers(parts: Parts, student: Teacher, requests: readonly AnswerRequest[]): Promise<Plan> {
	const calls: TeacherCall[] = [];
	for (const request of requests) {
		calls.push(...(await callsOf(parts, request)).calls);
	}
	return planCalls(student, calls, expectedTokens);
}

/** One call for each sample the project lacks. */
async function callsOf(parts: Parts, request: AnswerRequest): Promise<{ calls: TeacherCall[]; questions: readonly Question[] }> {
	const template = readTemplate(await parts.store.read('setting', { key: 'studentTemplate' }));
	if (!template) {
		throw new StatError('the project setting "studentTemplate" is not a template: {kind: "chat" or "plain", system, instruction} is expected');
	}
	if (template.kind === 'plain') {
		throw new StatError('the project\'s student template is "plain", but an endpoint puts its own chat template around every question: evaluate it on a host, or set the template to "chat" and train under it', 'usage');
	}
	const known = new Map((await allDigests(parts.store, request)).map(({ questionId, samples }) => [questionId, new Set(samples)]));
	const { temperature, topP, maxTokens = defaultMaxTokens } = request;
	const sampling = { temperature, ...(topP === undefined ? {} : { topP }), maxTokens };
	const calls: TeacherCall[] = [];
	const questions: Question[] = [];
	for (const page of inPages(request.questions)) {
		for (const [id, question] of await questionsWithIds(parts.store, page)) {
			questions.push(question);
			const messages = studentMessages(template, question.text);
			for (let sample = 0; sample < request.samples; sample++) {
				if (known.get(id)?.has(sample) !== true) {
					calls.push({ task: 'answer', about: id, messages, sampling, sample, promptVersion: 'student@1' });
				}
			}
		}
	}
	return { calls, questions };
}
