import type { MissingSkills } from '../diagnosis/diagnosis.ts';
import { wilsonInterval } from '../stats/interval.ts';
import { compareText } from '../text/order.ts';
import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import { normaliseSubject, skillKey } from '../skills/skill.ts';

/**
 * How skills are ranked. `share`: questions that miss the skill / questions profiled (default). `exposure`: questions
 * that miss it / questions of the scope labelled with it, by the lower end of the interval.
 */
export type Rank = 'share' | 'exposure';

export interface ProfileSkill extends SkillRef {
	skill: string;
	/** Number of difficult questions whose answer misses the skill. */
	questions: number;
	/** questions / profile.questions. */
	share: number;
	/** 95% Wilson interval of the share. */
	ci95: [number, number];
	/** Share of the training set's labels that name this skill; null if no training question is labelled. */
	trainShare: number | null;
	/** Number of training questions labelled with the skill. */
	train: number;
	/** Number of answered questions in the scope labelled with the skill, and the share of them that miss it. */
	exposed: number;
	exposureRate: number | null;
}

export interface ProfileResult {
	student: string;
	round: number;
	/** The benchmark that the profile covers; `null` for all answered validation questions. */ benchmark:
		string | null;
	/** Number of difficult questions with a diagnosis or correction: the denominator of all shares. */ questions: number;
	difficult: number;
	undiagnosed: number;
	disputed: number;
	corrected: number;
	skills: ProfileSkill[];
	subjects: { subject: string; questions: number; skills: number }[];
}

export interface ProfileInput {
	/** One entry per difficult question with a diagnosis or correction. */
	readonly missing: readonly MissingSkills[];
	/** |Skill-Map[s]|: training questions by skill. */
	readonly train: readonly (SkillRef & { readonly questions: number })[];
	/** Labels of the scope's answered questions, for exposure rates. */
	readonly answered: readonly { readonly questionId: QuestionId; readonly skills: readonly SkillRef[] }[];
	readonly rank?: Rank | undefined;
	/** `disputed`: excludes questions whose answer turned out to miss nothing from the denominator. */
	readonly without?: 'disputed' | undefined;
}

export type Profile = Pick<ProfileResult, 'questions' | 'disputed' | 'corrected' | 'skills' | 'subjects'>;

/**
 * Computes the Missing-Skill-Profile: for each skill, how many difficult questions miss it (sec. 2.2, Figures 2 and 6).
 * Each question counts a skill once. Most missed first; ties are ordered by subject and name, so that the order is
 * stable.
 */
export function missingSkillProfile(input: ProfileInput): Profile {
	const missing = input.without === 'disputed' ? input.missing.filter(({ disputed }) => !disputed) : input.missing;
	const skills = new Map<
		string,
		{ skill: SkillRef; questions: number; exposed: number; missedWhereExposed: number }
	>();
	const entry = (skill: SkillRef) => {
		const key = skillKey(skill);
		let known = skills.get(key);
		if (!known) {
			known = { skill, questions: 0, exposed: 0, missedWhereExposed: 0 };
			skills.set(key, known);
		}
		return known;
	};
	const missedBy = new Map<QuestionId, ReadonlySet<string>>();
	for (const row of missing) {
		const distinct = new Map(row.skills.map((skill) => [skillKey(skill), skill]));
		missedBy.set(row.questionId, new Set(distinct.keys()));
		for (const skill of distinct.values()) {
			entry(skill).questions += 1;
		}
	}
	for (const { questionId, skills: labels } of input.answered) {
		for (const [key, skill] of new Map(labels.map((label) => [skillKey(label), label]))) {
			const counted = entry(skill);
			counted.exposed += 1;
			counted.missedWhereExposed += missedBy.get(questionId)?.has(key) ? 1 : 0;
		}
	}
	const train = new Map(input.train.map((skill) => [skillKey(skill), skill.questions]));
	const links = input.train.reduce((sum, { questions }) => sum + questions, 0);
	const rows = [...skills]
		.filter(([, { questions }]) => questions > 0)
		.map(([key, { skill, questions, exposed, missedWhereExposed }]): ProfileSkill => ({
			subject: skill.subject,
			name: skill.name,
			skill: skill.name,
			questions,
			share: questions / missing.length,
			ci95: wilsonInterval(questions, missing.length),
			trainShare: links === 0 ? null : (train.get(key) ?? 0) / links,
			train: train.get(key) ?? 0,
			exposed,
			exposureRate: exposed === 0 ? null : missedWhereExposed / exposed,
		}));
	const byExposure =
		input.rank === 'exposure'
			? (left: ProfileSkill, right: ProfileSkill) => sureExposureRate(right) - sureExposureRate(left)
			: () => 0;
	rows.sort(
		(left, right) =>
			byExposure(left, right) || right.questions - left.questions || compareText(skillKey(left), skillKey(right)),
	);
	return {
		questions: missing.length,
		disputed: missing.filter(({ disputed }) => disputed).length,
		corrected: missing.filter(({ from }) => from === 'person').length,
		skills: rows,
		subjects: subjectsOf(missing, rows),
	};
}

/**
 * Returns the lower end of the 95% interval of the exposure rate, or 0 if unknown: one miss in one question is not yet
 * a weakness.
 */
export function sureExposureRate({ exposed, exposureRate }: Pick<ProfileSkill, 'exposed' | 'exposureRate'>): number {
	return exposureRate === null ? 0 : wilsonInterval(Math.round(exposureRate * exposed), exposed)[0];
}

function subjectsOf(missing: readonly MissingSkills[], skills: readonly ProfileSkill[]): Profile['subjects'] {
	const subjects = new Map<string, { subject: string; questions: number; skills: number }>();
	const entry = (subject: string) => {
		const key = normaliseSubject(subject);
		const known = subjects.get(key) ?? { subject, questions: 0, skills: 0 };
		subjects.set(key, known);
		return known;
	};
	for (const { subject } of missing) {
		entry(subject ?? '').questions += 1;
	}
	for (const { subject } of skills) {
		entry(subject).skills += 1;
	}
	return [...subjects.values()].sort(
		(left, right) => right.questions - left.questions || compareText(left.subject, right.subject),
	);
}
