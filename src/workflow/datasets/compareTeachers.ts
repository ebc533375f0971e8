import { buildDefaults } from '../../core/datasets/buildDefaults.ts';
import type { Selection } from '../../core/datasets/selection.ts';
import { selectForSkills } from '../../core/datasets/selection.ts';
import type { Diagnosis, MissingSkills } from '../../core/diagnosis/diagnosis.ts';
import type { Concord } from '../../core/diagnosis/teacherQuality.ts';
import {
	concordOf,
	namedBy,
	qualityByPeople,
	readingAgreement,
	readingOfPerson,
} from '../../core/diagnosis/teacherQuality.ts';
import type { Budget } from '../../core/ports/budget.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { missingSkillProfile } from '../../core/profile/profile.ts';
import type { QuestionId } from '../../core/questions/question.ts';
import type { Run } from '../../core/run.ts';
import type { Scope } from '../../core/scope.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';
import type { Agreement } from '../../core/stats/agreement.ts';
import { compareText } from '../../core/text/order.ts';
import { askTeacher, planCalls, teacherOf } from '../asking/askTeacher.ts';
import type { Plan } from '../asking/plan.ts';
import { ownOrder } from '../asking/shuffled.ts';
import { AnswerReadings } from '../diagnosis/answerReadings.ts';
import { diagnosesToCompare, samplesOf } from '../diagnosis/jury.ts';
import { judgeAgreement, offeredBySubject } from '../diagnosis/teacherQuality.ts';
import { questionsWithIds } from '../reading/chunks.ts';
import { missingInputs } from './missingInputs.ts';

export interface CompareOptions extends Scope {
	readonly benchmark?: string | null | undefined;
	/** Number of diagnosed answers to compare, a stratified sample; default: all. */
	readonly limit?: number | undefined;
	/** Of the selection that is compared; defaults as in `build sel`. */
	readonly pairs?: number | undefined;
	readonly seed?: number | undefined;
	readonly budget?: Budget | undefined;
}

/** What one teacher says of an answer. */
export interface TeacherReading {
	readonly model: string;
	readonly judge: Diagnosis['judge'];
	/** Skills that it counts as missing; none if it calls the answer correct. */
	readonly skills: readonly SkillRef[];
	readonly reason: string;
	readonly firstWrongStep: number | null;
	readonly replyKey: string;
}

export interface ComparedQuestion {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly title: string;
	readonly concord: Concord;
	readonly first: TeacherReading;
	readonly second: TeacherReading;
}

/** How many of the compared difficult questions miss a skill by each teacher, and how many pairs STAT-Sel draws for it. */
export interface ComparedSkill extends SkillRef {
	readonly first: number;
	readonly second: number;
	readonly firstPairs: number;
	readonly secondPairs: number;
}

export interface TeacherComparison {
	readonly student: string;
	readonly round: number;
	/** The models that made the diagnoses in effect, and the one they are compared with. */
	readonly first: readonly string[];
	readonly second: string;
	/** Number of diagnoses in the scope, and of those compared; the others are not in `limit`, failed or too dear. */
	readonly diagnosed: number;
	readonly compared: number;
	readonly failed: number;
	readonly remaining: number;
	readonly calls: number;
	readonly cost: number | null;
	readonly agreement: ReturnType<typeof readingAgreement> & { readonly judges: Agreement };
	/** Both teachers against people's corrections of the compared answers; `null` if there are none. */
	readonly people: Readonly<Record<'first' | 'second', ReturnType<typeof qualityByPeople>>> | null;
	/**
	 * The profile of the compared difficult questions; people's corrections remain in effect in both. `common`: how many
	 * of the `top` most missed skills are the same.
	 */
	readonly profile: {
		readonly questions: number;
		readonly corrected: number;
		readonly top: number;
		readonly common: number;
		readonly skills: readonly ComparedSkill[];
	};
	/**
	 * What STAT-Sel would draw from those questions with the same seed. `shared`: the rows that are in both sets.
	 */
	readonly selection: {
		readonly first: Selection['counts'];
		readonly second: Selection['counts'];
		readonly shared: number;
	};
	/** In the order of the ids of the questions. */
	readonly questions: readonly ComparedQuestion[];
}

/** Number of most missed skills that are compared as the top of the profile. */
const topSkills = 10;

/**
 * Has another teacher (`parts.teacher`) read the answers that are diagnosed: the same samples under the same prompt,
 * without the diagnoses in effect, which stay as they are. Returns both readings of each, how far they agree, and what
 * profile and STAT-Sel would be with the other's. Nothing but the replies is stored, so the same comparison again costs
 * nothing. Throws if nothing is diagnosed, or only by this teacher.
 */
export async function compareTeachers(parts: Parts, options: CompareOptions, run: Run): Promise<TeacherComparison> {
	const { student, round } = options;
	const teacher = teacherOf(parts);
	const { sample, diagnosed } = await diagnosesToCompare(parts, { ...options, count: options.limit ?? Infinity });
	const readings = new AnswerReadings(parts, options);
	const others = new Map<QuestionId, Diagnosis>();
	const result = await askTeacher<ReturnType<Parts['replies']['parseDiagnosis']>, void>(
		parts,
		{
			operation: 'compare',
			label: 'Comparing',
			calls: readings.calls(
				ownOrder(
					sample.map(({ questionId }) => questionId),
					run,
				),
				samplesOf(sample),
			),
			total: sample.length,
			parse: (text, { about }) => parts.replies.parseDiagnosis(text, readings.offered(about)),
			keyOf: ({ about }) => `${student}/${round}/${about}/${teacher.model}`,
			row: (outcome) => {
				const other = readings.diagnosisOf(outcome);
				others.set(other.questionId, other);
			},
			// The replies are stored, and the diagnoses in effect are not touched.
			write: async () => {},
			budget: options.budget,
		},
		run,
	);
	await readings.answers.setAside('compare', run);
	const pairs = sample
		.flatMap((first) => {
			const second = others.get(first.questionId);
			return second ? [{ first, second }] : [];
		})
		.sort((left, right) => compareText(left.first.questionId, right.first.questionId));
	const questions = await comparedQuestions(parts, pairs);
	return {
		student,
		round,
		first: [...new Set(sample.map(({ model }) => model))].sort(compareText),
		second: teacher.model,
		diagnosed,
		compared: questions.length,
		failed: result.failures.length + readings.answers.unreadable.size,
		remaining: result.overBudget,
		calls: result.calls,
		cost: result.cost,
		agreement: await agreementOf(parts, questions),
		people: await byPeople(parts, options, others),
		...(await consequences(parts, options, others, run)),
		questions,
	};
}

/** Estimates what {@link compareTeachers} would pay. */
export async function planCompare(parts: Parts, options: CompareOptions): Promise<Plan> {
	const { sample, diagnosed } = await diagnosesToCompare(parts, { ...options, count: options.limit ?? Infinity });
	const readings = new AnswerReadings(parts, options);
	const calls = readings.calls(
		sample.map(({ questionId }) => questionId),
		samplesOf(sample),
	);
	const plan = await planCalls(
		teacherOf(parts),
		calls,
		parts.prompts.render('diagnose', { subject: '', skills: '', question: '', steps: '', finalAnswer: '' })
			.expectedOutputTokens,
	);
	const notes = [
		`${sample.length} of ${diagnosed} diagnosed answers are read by the other teacher as well; no diagnosis changes`,
		...readings.answers.notes,
	];
	return { ...plan, notes: [...notes, ...plan.notes] };
}

async function comparedQuestions(
	parts: Parts,
	pairs: readonly { readonly first: Diagnosis; readonly second: Diagnosis }[],
): Promise<ComparedQuestion[]> {
	const known = await questionsWithIds(
		parts.store,
		pairs.map(({ first }) => first.questionId),
	);
	return pairs.map(({ first, second }) => {
		const question = known.get(first.questionId);
		return {
			questionId: first.questionId,
			subject: question?.subject ?? null,
			title: (question?.text ?? '').replace(/\s+/gu, ' ').trim().slice(0, 160),
			concord: concordOf(first, second),
			first: readingOf(first),
			second: readingOf(second),
		};
	});
}

function readingOf(diagnosis: Diagnosis): TeacherReading {
	const { model, judge, reason, firstWrongStep, replyKey } = diagnosis;
	return { model, judge, skills: namedBy(diagnosis), reason, firstWrongStep, replyKey };
}

async function agreementOf(
	parts: Parts,
	questions: readonly ComparedQuestion[],
): Promise<TeacherComparison['agreement']> {
	const offered = offeredBySubject(await parts.store.read('skillList', { subject: null }));
	return {
		...readingAgreement(
			questions.map(({ questionId, subject, first, second }) => ({
				questionId,
				first: first.skills,
				second: second.skills,
				offered: offered(subject),
			})),
		),
		judges: judgeAgreement(
			questions.map(({ first, second }) => [first.judge === 'correct', second.judge === 'correct'] as const),
		),
	};
}

async function byPeople(
	parts: Parts,
	{ student, round }: Scope,
	others: ReadonlyMap<QuestionId, Diagnosis>,
): Promise<TeacherComparison['people']> {
	const decided = (await parts.store.read('opinions', { student, round })).flatMap(({ questionId, correction }) => {
		const read = correction && readingOfPerson(correction);
		const other = others.get(questionId);
		return read && other ? [{ first: read.teacher, second: read.person, other: namedBy(other) }] : [];
	});
	return decided.length === 0
		? null
		: {
				first: qualityByPeople(decided),
				second: qualityByPeople(decided.map(({ other, second }) => ({ first: other, second }))),
			};
}

/** Returns what profile and selection would be. What a person has decided is the same in both. */
async function consequences(
	parts: Parts,
	options: CompareOptions,
	others: ReadonlyMap<QuestionId, Diagnosis>,
	run: Run,
): Promise<Pick<TeacherComparison, 'profile' | 'selection'>> {
	const { student, round, benchmark, pairs = buildDefaults.pairs, seed = buildDefaults.seed } = options;
	const { missing, skillMap } = await missingInputs(parts, { scope: { student, round }, benchmark }, null, run);
	const first = missing.filter(({ questionId }) => others.has(questionId));
	const second = first.map((row): MissingSkills => {
		const other = others.get(row.questionId);
		return row.from === 'person' || !other
			? row
			: { ...row, skills: namedBy(other), disputed: other.judge === 'correct' };
	});
	const profiles = [first, second].map((rows) => missingSkillProfile({ missing: rows, train: [], answered: [] }));
	const selections = [first, second].map((rows) =>
		selectForSkills(rows, skillMap, { ...buildDefaults, pairs, seed }),
	);
	const skills = new Map<string, { -readonly [Field in keyof ComparedSkill]: ComparedSkill[Field] }>();
	const entry = ({ subject, name }: SkillRef) => {
		const key = skillKey({ subject, name });
		const known = skills.get(key) ?? { subject, name, first: 0, second: 0, firstPairs: 0, secondPairs: 0 };
		skills.set(key, known);
		return known;
	};
	for (const [index, which] of (['first', 'second'] as const).entries()) {
		for (const skill of profiles[index]?.skills ?? []) {
			entry(skill)[which] = skill.questions;
		}
		for (const { skill } of selections[index]?.pairs ?? []) {
			if (skill) {
				entry(skill)[`${which}Pairs`] += 1;
			}
		}
	}
	const [top = [], otherTop = []] = profiles.map((profile) => profile.skills.slice(0, topSkills).map(skillKey));
	const [one, other] = selections;
	return {
		profile: {
			questions: first.length,
			corrected: first.filter(({ from }) => from === 'person').length,
			top: Math.max(top.length, otherTop.length),
			common: top.filter((key) => otherTop.includes(key)).length,
			skills: [...skills.values()].sort(
				(left, right) =>
					Math.abs(right.second - right.first) - Math.abs(left.second - left.first) ||
					right.first - left.first ||
					compareText(skillKey(left), skillKey(right)),
			),
		},
		selection: {
			first: one?.counts ?? noCounts,
			second: other?.counts ?? noCounts,
			shared: sharedRows(one?.pairs ?? [], other?.pairs ?? []),
		},
	};
}

const noCounts: Selection['counts'] = {
	difficult: 0,
	missingSkills: 0,
	drawn: 0,
	pool: 0,
	pairs: 0,
	skillsWithoutQuestions: 0,
};

/** Returns how many rows two sets have in common; a row that occurs several times counts as often as in both. */
function sharedRows(first: Selection['pairs'], second: Selection['pairs']): number {
	const left = new Map<string, number>();
	for (const { questionId, answer } of first) {
		const key = `${questionId}/${answer}`;
		left.set(key, (left.get(key) ?? 0) + 1);
	}
	let shared = 0;
	for (const { questionId, answer } of second) {
		const key = `${questionId}/${answer}`;
		const count = left.get(key) ?? 0;
		shared += count > 0 ? 1 : 0;
		left.set(key, count - 1);
	}
	return shared;
}
