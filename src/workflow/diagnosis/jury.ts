import type { Budget } from '../../core/ports/budget.ts';
import type { Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { Opinions } from '../../core/ports/store/diagnosis.ts';
import type { Store } from '../../core/ports/store/store.ts';
import { concordOf, defaultJurySample, namedBy, stratifiedSample } from '../../core/diagnosis/teacherQuality.ts';
import type { Plan } from '../asking/plan.ts';
import type { Scope } from '../../core/scope.ts';
import { AnswerReadings } from './answerReadings.ts';
import { askTeacher, planCalls, teacherOf } from '../asking/askTeacher.ts';
import { ownOrder } from '../asking/shuffled.ts';
import { questionsWithIds } from '../reading/chunks.ts';

/**
 * `questions`: size of the sample, including questions that the jury has already read; default
 * {@link defaultJurySample}. `seed`: default 0.
 */
export interface JuryOptions extends Scope {
	readonly questions?: number | undefined;
	readonly seed?: number | undefined;
	readonly budget?: Budget | undefined;
}

/**
 * `asked` + `failed` (set aside) + `remaining` (because of the budget) = the sample minus the questions already read.
 */
export interface JuryResult {
	asked: number;
	failed: number;
	remaining: number;
	calls: number;
	cost: number | null;
	sample: number;
	diagnosed: number;
	juror: string;
}

/** A question on which a jury disagrees with the teacher. */
export interface Disagreement {
	questionId: QuestionId;
	subject: string | null;
	title: string;
	concord: 'overlap' | 'apart';
	teacher: readonly SkillRef[];
	jury: { readonly juror: string; readonly skills: readonly SkillRef[]; readonly reason: string }[];
	/** Whether a user has decided. */ settled: boolean;
}

/**
 * Has a second teacher (`parts.teacher`) read a sample of the answers that the first teacher diagnosed, stratified by
 * subject and first missing skill. It reads the same sample of the answer under the same prompt and does not see the
 * first teacher's diagnosis. Its readings are stored separately and do not count until a user has settled on them.
 */
export async function jury(parts: Parts, options: JuryOptions, run: Run): Promise<JuryResult> {
	const { student, round } = options;
	const juror = teacherOf(parts).model;
	const { sample, open, diagnosed } = await questionsToRead(parts, options);
	const readings = new AnswerReadings(parts, options);
	const result = await askTeacher(
		parts,
		{
			operation: 'jury',
			label: 'Asking the jury',
			calls: readings.calls(
				ownOrder(
					open.map(({ questionId }) => questionId),
					run,
				),
				samplesOf(open),
			),
			total: open.length,
			parse: (text, { about }) => parts.replies.parseDiagnosis(text, readings.offered(about)),
			keyOf: ({ about }) => `${student}/${round}/${about}/${juror}`,
			row: (outcome) => readings.diagnosisOf(outcome),
			write: (rows) => parts.store.write('addVerdicts', { rows }),
			budget: options.budget,
		},
		run,
	);
	await readings.answers.setAside('jury', run);
	return {
		asked: result.succeeded,
		failed: result.failures.length + readings.answers.unreadable.size,
		remaining: result.overBudget,
		calls: result.calls,
		cost: result.cost,
		sample,
		diagnosed,
		juror,
	};
}

export async function planJury(parts: Parts, options: JuryOptions): Promise<Plan> {
	const { open, sample, diagnosed } = await questionsToRead(parts, options);
	const calls = [];
	const readings = new AnswerReadings(parts, options);
	for await (const call of readings.calls(
		open.map(({ questionId }) => questionId),
		samplesOf(open),
	)) {
		calls.push(call);
	}
	const notes = [
		`${sample} of ${diagnosed} diagnosed ` +
			`questions${sample > open.length ? `, ${sample - open.length} of them read already` : ''}`,
		...readings.answers.notes,
	];
	return planCalls(
		teacherOf(parts),
		calls,
		parts.prompts.render('diagnose', { subject: '', skills: '', question: '', steps: '', finalAnswer: '' })
			.expectedOutputTokens,
		notes,
	);
}

async function questionsToRead(
	parts: Parts,
	options: JuryOptions,
): Promise<{ sample: number; open: readonly Diagnosis[]; diagnosed: number }> {
	const juror = teacherOf(parts).model;
	const { sample, diagnosed } = await diagnosesToCompare(parts, {
		...options,
		count: options.questions ?? defaultJurySample,
	});
	const read = new Set(
		(await parts.store.read('opinions', { student: options.student, round: options.round }))
			.filter(({ verdicts }) => verdicts.some(({ model }) => model === juror))
			.map(({ questionId }) => questionId),
	);
	return {
		sample: sample.length,
		open: sample.filter(({ questionId }) => !read.has(questionId)),
		diagnosed,
	};
}

/**
 * Returns `count` of the diagnoses that another teacher than `parts.teacher` made, stratified by subject and first
 * missing skill, and how many diagnoses there are. Throws if there are none.
 */
export async function diagnosesToCompare(
	parts: Parts,
	options: Scope & { readonly count: number; readonly seed?: number | undefined },
): Promise<{ sample: readonly Diagnosis[]; diagnosed: number }> {
	const juror = teacherOf(parts).model;
	const all = await allDiagnoses(parts.store, options);
	if (all.length === 0) {
		throw new StatError('diagnosis.nothingForJury', { student: options.student, round: options.round });
	}
	const others = all.filter(({ model }) => model !== juror);
	if (others.length === 0) {
		throw new StatError('diagnosis.juryIsTeacher', { model: juror });
	}
	const questions = await questionsWithIds(
		parts.store,
		others.map(({ questionId }) => questionId),
	);
	const stratum = (diagnosis: Diagnosis): string => {
		const [first] = namedBy(diagnosis);
		return `${questions.get(diagnosis.questionId)?.subject ?? ''}|${first ? skillKey(first) : diagnosis.judge}`;
	};
	return { sample: stratifiedSample(others, options.count, options.seed ?? 0, stratum), diagnosed: all.length };
}

/** Returns the sample that each diagnosis has read. */
export const samplesOf = (diagnoses: readonly Diagnosis[]): Map<QuestionId, number> =>
	new Map(diagnoses.map(({ questionId, sample }) => [questionId, sample]));

async function allDiagnoses(store: Pick<Store, 'read'>, scope: Scope): Promise<Diagnosis[]> {
	const all: Diagnosis[] = [];
	for (;;) {
		const chunk = await store.read('diagnoses', {
			student: scope.student,
			round: scope.round,
			after: all.at(-1)?.questionId ?? null,
			limit: 2000,
		});
		all.push(...chunk);
		if (chunk.length < 2000) {
			return all;
		}
	}
}

/**
 * Returns the questions on which a jury disagrees with the teacher: first those on which they have no skill in common,
 * last the settled ones.
 */
export async function disagreements(parts: Pick<Parts, 'store'>, scope: Scope): Promise<Disagreement[]> {
	const split = (await parts.store.read('opinions', { student: scope.student, round: scope.round })).flatMap(
		(opinion) => {
			const concord = concordWithin(opinion);
			return opinion.diagnosis && concord && concord !== 'same'
				? [{ opinion, diagnosis: opinion.diagnosis, concord }]
				: [];
		},
	);
	const questions = await questionsWithIds(
		parts.store,
		split.map(({ opinion }) => opinion.questionId),
	);
	const rank = ({ settled, concord }: Disagreement): number => (settled ? 2 : 0) + (concord === 'overlap' ? 1 : 0);
	return split
		.map(({ opinion: { questionId, subject, verdicts, correction }, diagnosis, concord }): Disagreement => ({
			questionId,
			subject,
			title: (questions.get(questionId)?.text ?? '').replace(/\s+/gu, ' ').trim().slice(0, 160),
			concord,
			teacher: namedBy(diagnosis),
			jury: verdicts.map((verdict) => ({
				juror: verdict.model,
				skills: namedBy(verdict),
				reason: verdict.reason,
			})),
			settled: correction !== null,
		}))
		.sort((left, right) => rank(left) - rank(right));
}

/** Returns the questions on which a jury and the teacher have no skill in common and no user has decided. */
export async function contestedIds(store: Pick<Store, 'read'>, scope: Scope): Promise<Set<QuestionId>> {
	const opinions = await store.read('opinions', { student: scope.student, round: scope.round });
	return new Set(
		opinions
			.filter((opinion) => opinion.correction === null && concordWithin(opinion) === 'apart')
			.map(({ questionId }) => questionId),
	);
}

/** Returns the largest distance between any juror and the teacher, or `null` if there is nothing to compare. */
function concordWithin({ diagnosis, verdicts }: Opinions): ReturnType<typeof concordOf> | null {
	const found = diagnosis ? verdicts.map((verdict) => concordOf(diagnosis, verdict)) : [];
	if (found.includes('apart')) {
		return 'apart';
	}
	return found.includes('overlap') ? 'overlap' : (found[0] ?? null);
}
