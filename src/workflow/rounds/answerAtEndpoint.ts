import type { Budget } from '../../core/ports/budget.ts';
import type { AnsweringStudent, AnswerRequest, Incomplete } from './answeringStudent.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import { StatError } from '../../core/errors/statError.ts';
import { samplingDefaults } from '../../core/questions/sampling.ts';
import { splitSteps } from '../../core/questions/steps.ts';
import { studentMessages } from '../../core/questions/studentPrompt.ts';
import { spokenPart } from '../../core/text/answerMarks.ts';
import type { Teacher, TeacherCall } from '../../core/ports/teacher.ts';
import type { Plan } from '../asking/plan.ts';
import type { Scope } from '../../core/scope.ts';
import { askTeacher, planCalls } from '../asking/askTeacher.ts';
import { gradeAnswer } from '../questions/gradeAnswer.ts';
import { gradingRules } from '../questions/gradingRules.ts';
import { projectTemplate } from '../reading/projectTemplate.ts';
import { allDigests, inChunks, questionsWithIds } from '../reading/chunks.ts';

/** Expected number of tokens in an answer, for estimates. */
const expectedTokens = 400;
/** Number of questions read from the project at a time. */
const questionsAtOnce = 200;

/**
 * Has a student behind an endpoint (vLLM, Ollama, anything OpenAI-compatible) answer. It is called by the teacher's
 * client under the project's template. Every reply is on disk before it counts, so an interrupted run resumes without
 * repeating a request. A reply cut off by the token limit is still the student's answer and is graded by what it had
 * named until then.
 */
export function answerAtEndpoint(parts: Parts, student: Teacher, budget?: Budget): AnsweringStudent {
	return {
		async answer(request, run) {
			const { calls, total } = await callsOf(parts, request);
			const rules = await gradingRules(parts.store);
			const incomplete = { cut: 0, empty: 0, onlyThought: 0 };
			/** The questions of the calls so far; each question has several calls. */
			const questions = new Map<QuestionId, Question>();
			const counts = { answers: 0, graded: 0, correct: 0, unsure: 0, duplicates: 0 };
			const { student: name, round } = request;
			const result = await askTeacher(
				{ ...parts, teacher: student },
				{
					operation: 'evaluate',
					label: 'Answering',
					calls: calls((question) => questions.set(question.id, question)),
					total,
					parse: async (text, { about }, { truncated }) => {
						const { gold = null, benchmark = null } = questions.get(about) ?? {};
						const rule = rules.of(benchmark);
						const grade = await gradeAnswer(parts.grader, gold, text, truncated, { rule });
						counts.graded += grade.verdict === null ? 0 : 1;
						counts.correct += grade.verdict === true ? 1 : 0;
						counts.unsure += gold !== null && grade.verdict === null ? 1 : 0;
						return grade;
					},
					keyOf: ({ about, sample }) => `${name}/${round}/${about}/${sample}`,
					row: ({ call: { about, sample }, reply: { text, truncated }, value }) => {
						countIncomplete(incomplete, text, truncated === true);
						return { about, sample, text, ...value, steps: splitSteps(text), truncated };
					},
					write: async (rows) => {
						const written = await parts.store.write('addAnswers', {
							student: name,
							round,
							source: 'evaluation',
							benchmark: null,
							fillsEmpty: request.retryEmpty,
							rows: rows.map(({ about, ...answer }) => ({
								question: { text: questions.get(about)?.text ?? '' },
								samples: [{ ...answer, logVerdict: null, stepScores: null }],
							})),
						});
						counts.answers += written.answers;
						counts.duplicates += written.duplicates;
					},
					budget,
					acceptTruncated: true,
					who: `the student at ${student.endpoint}`,
				},
				run,
			);
			return {
				imported: {
					...counts,
					questions: 0,
					disagreeing: 0,
					skipped: result.failures.length,
					problems: [],
					conflicts: [],
				},
				incomplete,
				jobs: [],
			};
		},
	};
}

/**
 * Estimates the requests that answering needs, and how many are already answered, in the project or by a stored reply.
 */
export async function planAnswers(
	parts: Parts,
	student: Teacher,
	requests: readonly AnswerRequest[],
): Promise<AnswerPlan> {
	const lists = await Promise.all(requests.map((request) => callsOf(parts, request)));
	async function* all(): AsyncGenerator<TeacherCall> {
		for (const { calls } of lists) {
			yield* calls();
		}
	}
	const plan = await planCalls(student, all(), expectedTokens);
	const of = requests.reduce((sum, { questions, samples }) => sum + questions.length * samples, 0);
	const empty = lists.reduce((sum, list) => sum + countOf(list.empty), 0);
	return { ...plan, before: Math.max(0, of - plan.calls), of, empty };
}

export interface AnswerPlan extends Plan {
	/** Number of answers from earlier runs. */
	readonly before: number;
	/** Total number of requests. */
	readonly of: number;
	/** Number of answers in the project that have no text. */
	readonly empty: number;
}

/**
 * Returns who answered earlier, as `MODEL at ADDRESS`, if most of an evaluation's answers are from earlier runs: the
 * server may now serve another checkpoint under the same name, which a reply does not show. Empty if most answers are
 * requested now. Call this before the evaluation begins, because the evaluation records the current address.
 */
export async function answeredBefore(
	{ store }: Pick<Parts, 'store'>,
	{ student, round }: Scope,
	{ before, of }: Pick<AnswerPlan, 'before' | 'of'>,
): Promise<string[]> {
	if (before === 0 || before * 2 < of) {
		return [];
	}
	const earlier = await store.read('evaluations', { scope: { student, round } });
	const names = [...new Set(earlier.map(({ model, by }) => `${model} at ${by}`))];
	return names.length > 0 ? names : [`${student}, imported or asked earlier`];
}

interface Calls {
	/**
	 * Yields one call for each sample that the project lacks, created on demand; `seen` is called with a question
	 * before its first call.
	 */
	readonly calls: (seen?: (question: Question) => void) => AsyncGenerator<TeacherCall>;
	readonly total: number;
	/** Samples that the project has, but without any text. */
	readonly empty: Samples;
}

type Samples = ReadonlyMap<QuestionId, ReadonlySet<number>>;

function countOf(samples: Samples): number {
	return [...samples.values()].reduce((sum, { size }) => sum + size, 0);
}

function countIncomplete(counts: Incomplete, text: string, truncated: boolean): void {
	const { start, end } = spokenPart(text);
	const isEmpty = text.trim() === '';
	counts.cut += truncated ? 1 : 0;
	counts.empty += isEmpty ? 1 : 0;
	counts.onlyThought += !isEmpty && !truncated && text.slice(start, end).trim() === '' ? 1 : 0;
}

async function callsOf(parts: Parts, request: AnswerRequest): Promise<Calls> {
	const template = await projectTemplate(parts.store);
	if (template.kind === 'plain') {
		throw new StatError('rounds.plainTemplate', {});
	}
	const requested = new Set(request.questions);
	const digests = (await allDigests(parts.store, request)).filter(({ questionId }) => requested.has(questionId));
	const samplesOf = (isMeant: (length: number | undefined) => boolean): Samples =>
		new Map(
			digests.map(({ questionId, samples, words }) => [
				questionId,
				new Set(samples.filter((sample, index) => sample < request.samples && isMeant(words[index]))),
			]),
		);
	const empty = samplesOf((length) => length === 0);
	const known = samplesOf((length) => length !== 0 || request.retryEmpty !== true);
	const { temperature, topP, maxTokens = samplingDefaults.maxTokens } = request;
	const sampling = { temperature, ...(topP === undefined ? {} : { topP }), maxTokens };
	const total = [...requested].reduce((sum, id) => sum + request.samples - (known.get(id)?.size ?? 0), 0);
	return {
		total,
		empty,
		async *calls(seen) {
			for (const chunk of inChunks([...requested], questionsAtOnce)) {
				for (const [id, question] of await questionsWithIds(parts.store, chunk)) {
					seen?.(question);
					const messages = studentMessages(template, question.text);
					for (let sample = 0; sample < request.samples; sample++) {
						if (known.get(id)?.has(sample) !== true) {
							yield {
								task: 'answer',
								about: id,
								messages,
								sampling,
								sample,
								promptVersion: 'student@1',
								...(empty.get(id)?.has(sample) === true ? { retryEmpty: true } : {}),
							};
						}
					}
				}
			}
		},
	};
}
