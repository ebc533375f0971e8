import type { Parts } from '../../core/ports/parts.ts';
import { skillLines } from '../../core/ports/promptValues.ts';
import type { Question, QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { TeacherCall, TeacherFailure } from '../../core/ports/teacher.ts';
import type { Plan } from '../asking/plan.ts';
import { AnswerReadings } from './answerReadings.ts';
import type { TeacherRunOptions } from '../asking/askTeacher.ts';
import { askTeacher, makeCall, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { planAlike } from '../asking/planAlike.ts';
import { decide, difficultQuestions } from '../difficulty/classify.ts';
import { SkillOffer } from '../skills/skillOffer.ts';
import { ownOrder } from '../asking/shuffled.ts';
import { questionsWithIds } from '../reading/chunks.ts';
import { profiledOn } from '../questions/profiledOn.ts';
import type { Scope } from '../../core/scope.ts';

export interface DiagnoseOptions extends Scope, TeacherRunOptions {
	readonly benchmark?: string | null | undefined;
	readonly questions?: readonly QuestionId[] | undefined;
	/** Whether to diagnose questions again that already have a diagnosis. */ readonly again?: boolean | undefined;
}

export interface DiagnoseResult {
	diagnosed: number;
	failed: number;
	disputed: number;
	calls: number;
	cost: number | null;
	remaining: number;
	failures: { about: string; failure: TeacherFailure }[];
}

/**
 * Has the teacher read the student's answer to each difficult validation question (the first sample graded wrong, else
 * sample 0) and name the missing skills (sec. 2.2). Skips questions that have a diagnosis unless `again` is set; users'
 * corrections remain in effect either way.
 */
export async function diagnose(parts: Parts, options: DiagnoseOptions, run: Run): Promise<DiagnoseResult> {
	teacherOf(parts);
	const { student, round } = options;
	const { chosen, waiting } = await questionsToDiagnose(
		parts,
		options,
		(await difficultQuestions(parts, options, run)).ids,
	);
	const readings = new AnswerReadings(parts, options);
	let disputed = 0;
	const result = await askTeacher(
		parts,
		{
			operation: 'diagnose',
			label: 'Diagnosing',
			calls: readings.calls(ownOrder(chosen, run)),
			total: chosen.length,
			parse: (text, { about }) => parts.replies.parseDiagnosis(text, readings.offered(about)),
			keyOf: ({ about }) => `${student}/${round}/${about}`,
			row: (outcome) => {
				disputed += outcome.value.judge === 'correct' ? 1 : 0;
				return readings.diagnosisOf(outcome);
			},
			write: (rows) => parts.store.write('addDiagnoses', { rows }),
			budget: options.budget,
		},
		run,
	);
	await readings.answers.setAside('diagnose', run);
	const unreadable = [...readings.answers.unreadable].map(([about, message]) => ({
		about,
		failure: { kind: 'damaged' as const, message },
	}));
	return {
		diagnosed: result.succeeded,
		failed: result.failures.length + unreadable.length,
		disputed,
		calls: result.calls,
		cost: result.cost,
		remaining: waiting - result.succeeded,
		failures: [...result.failures, ...unreadable],
	};
}

/**
 * Estimates the calls that {@link diagnose} would make, how many of them are already answered, and their cost. Writes
 * nothing.
 */
export async function planDiagnose(parts: Parts, options: DiagnoseOptions, run: Run): Promise<Plan> {
	const teacher = teacherOf(parts);
	const known = await parts.store.read('classification', { student: options.student, round: options.round });
	const notes: string[] = [];
	let difficult = known?.difficult;
	if (!difficult) {
		const decision = await decide(parts, { student: options.student, round: options.round }, run);
		difficult = decision.digests
			.filter((_, index) => decision.difficult[index] === true)
			.map(({ questionId }) => questionId);
		notes.push(
			`not classified yet: by the rule "${decision.method}" ${difficult.length} of ` +
				`${decision.digests.length} questions are difficult`,
		);
	}
	const { chosen, benchmark, reported } = await questionsToDiagnose(parts, options, difficult);
	if (reported > 0) {
		notes.push(`${reported} difficult test questions are reported on, not diagnosed`);
	}
	if (benchmark !== null) {
		const reason = options.benchmark === undefined ? ', which this round is meant for' : '';
		notes.push(`questions of ${benchmark} alone${reason}`);
	}
	const readings = new AnswerReadings(parts, options);
	const calls: TeacherCall[] = [];
	for await (const call of readings.calls(chosen)) {
		calls.push(call);
	}
	notes.push(...readings.answers.notes);
	return planCalls(
		teacher,
		calls,
		parts.prompts.render('diagnose', { subject: '', skills: '', question: '', steps: '', finalAnswer: '' })
			.expectedOutputTokens,
		notes,
	);
}

/** An answer of which nothing is known: its text in characters, a typical one of MATH in three steps. */
const typicalAnswer = 'x'.repeat(1200);

/**
 * Estimates this many diagnoses before there are answers: by the validation questions, of which there must be at least
 * one, the skills that are offered, and answers of typical length.
 */
export async function planUnknownDiagnoses(parts: Parts, questions: readonly Question[], count: number): Promise<Plan> {
	const offer = new SkillOffer(parts.store);
	const calls: TeacherCall[] = [];
	for (const { id, text, subject } of questions) {
		calls.push(
			makeCall(parts, 'diagnose', id, {
				subject: subject ?? 'any',
				skills: skillLines(await offer.for(subject)),
				question: text,
				steps: typicalAnswer,
				finalAnswer: '12',
			}),
		);
	}
	const plan = await planAlike(
		teacherOf(parts),
		calls,
		parts.prompts.render('diagnose', { subject: '', skills: '', question: '', steps: '', finalAnswer: '' })
			.expectedOutputTokens,
		count,
	);
	return { ...plan, notes: [`answers of ${typicalAnswer.length} characters assumed`] };
}

/**
 * Returns only validation questions, and only those of the round's benchmark: test questions are reported on, not
 * profiled. `waiting`: how many there are before `limit` is applied; `reported`: number of test questions.
 */
async function questionsToDiagnose(
	parts: Parts,
	options: DiagnoseOptions,
	difficult: readonly QuestionId[],
): Promise<{ chosen: QuestionId[]; waiting: number; reported: number; benchmark: string | null }> {
	const { student, round, limit = Infinity } = options;
	const done = options.again
		? new Set<QuestionId>()
		: new Set(await parts.store.read('diagnosedIds', { student, round }));
	const only = options.questions ? new Set(options.questions) : null;
	const on = await profiledOn(parts.store, options, options.benchmark);
	const open = difficult.filter((id) => !done.has(id) && (only ?? on).has(id));
	const questions = await questionsWithIds(parts.store, open);
	const waiting = open.filter((id) => questions.get(id)?.split === 'validation').sort();
	const reported = open.filter((id) => questions.get(id)?.split === 'test').length;
	return {
		chosen: waiting.slice(0, limit),
		waiting: waiting.length,
		reported,
		benchmark: only ? null : on.benchmark,
	};
}
