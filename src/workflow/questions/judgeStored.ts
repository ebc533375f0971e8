import type { Verdict } from '../../core/questions/answer.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { TeacherCall } from '../../core/ports/teacher.ts';
import type { Scope } from '../../core/scope.ts';
import type { AskResult, TeacherRunOptions } from '../asking/askTeacher.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import type { Plan } from '../asking/plan.ts';
import { ownOrder } from '../asking/shuffled.ts';
import { inChunks } from '../reading/chunks.ts';
import { ReadableAnswers } from '../reading/readableAnswers.ts';

/** The answers for the judge: all of these questions, or only those without a verdict. */
export interface JudgeOptions extends Scope, TeacherRunOptions {
	readonly questions: readonly Question[];
	readonly all: boolean;
}

export interface JudgeResult extends Pick<AskResult, 'calls' | 'cost'> {
	right: number;
	wrong: number;
	/** Number of answers without a verdict: the reply was set aside, or the budget was used up. */
	unsure: number;
	changed: number;
}

/** Estimates what the judge costs. */
export async function planJudge(parts: Parts, options: JudgeOptions): Promise<Plan> {
	const answers = new ReadableAnswers(parts.store, options);
	const { expectedOutputTokens } = parts.prompts.render('grade', { question: '', gold: '', answer: '' });
	const calls: TeacherCall[] = [];
	for await (const { call } of judgeCalls(parts, answers, options)) {
		calls.push(call);
	}
	return planCalls(teacherOf(parts), calls, expectedOutputTokens, answers.notes);
}

/**
 * Has the teacher compare answers with gold (the grading rule `judge`) and stores its verdicts as they arrive. An answer
 * that was cut off before it ended is sent as it is. Resumes: replies are stored, and answers with a verdict are skipped
 * unless `all` is set.
 */
export async function judgeStored(parts: Parts, options: JudgeOptions, run: Run): Promise<JudgeResult> {
	const { student, round } = options;
	const answers = new ReadableAnswers(parts.store, options);
	const extracted = new Map<string, string | null>();
	const total = { right: 0, wrong: 0, unsure: 0, changed: 0 };
	const keyOf = ({ about, sample }: Pick<TeacherCall, 'about' | 'sample'>) =>
		`${student}/${round}/${about}/${sample}`;
	async function* calls(): AsyncGenerator<TeacherCall> {
		const questions = ownOrder(options.questions, run);
		for await (const { call, answer } of judgeCalls(parts, answers, { ...options, questions })) {
			extracted.set(keyOf(call), answer);
			yield call;
		}
	}
	const result = await askTeacher<{ correct: boolean }, Row>(
		parts,
		{
			operation: 'grade',
			label: 'Judging',
			calls: calls(),
			total: (await planJudge(parts, options)).rows,
			parse: (text) => parts.replies.parseJudge(text),
			keyOf,
			row: ({ call, value: { correct } }) => {
				total[correct ? 'right' : 'wrong']++;
				const { about: questionId, sample } = call;
				return { questionId, sample, extracted: extracted.get(keyOf(call)) ?? null, verdict: correct };
			},
			write: async (rows) => {
				total.changed += (await parts.store.write('setVerdicts', { student, round, rows: [...rows] })).changed;
			},
			budget: options.budget,
		},
		run,
	);
	await answers.setAside('grade', run);
	return {
		...total,
		unsure: result.failures.length + result.overBudget,
		calls: result.calls,
		cost: result.cost,
	};
}

interface Row {
	readonly questionId: QuestionId;
	readonly sample: number;
	readonly extracted: string | null;
	readonly verdict: Verdict;
}

async function* judgeCalls(
	parts: Pick<Parts, 'prompts'>,
	answers: ReadableAnswers,
	{ questions, all }: JudgeOptions,
): AsyncGenerator<{ call: TeacherCall; answer: string | null }> {
	for (const chunk of inChunks(questions, 200)) {
		for (const { id, text, gold } of chunk) {
			for (const { sample, text: answer, verdict, extracted } of await answers.of(id)) {
				if (all || verdict === null) {
					const values = { question: text, gold: gold ?? 'none', answer };
					yield { call: makeCall(parts, 'grade', id, values, sample), answer: extracted };
				}
			}
		}
	}
}
