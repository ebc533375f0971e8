import type { Agreement } from '../../core/stats/agreement.ts';
import { agreement } from '../../core/stats/agreement.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import type { PairOfSkills, TwoReadings } from '../../core/diagnosis/teacherQuality.ts';
import {
	indistinctPairs,
	namedBy,
	qualityByPeople,
	readingAgreement,
	readingOfPerson,
} from '../../core/diagnosis/teacherQuality.ts';
import type { Scope } from '../../core/scope.ts';

export interface TeacherQuality {
	student: string;
	round: number;
	/** Number of the teacher's diagnoses in the scope. */
	diagnosed: number;
	/** Quality according to users' corrections; `null` if there are none. */
	people:
		| (ReturnType<typeof qualityByPeople> & { looked: number; agreed: number; changed: number; disputed: number })
		| null;
	/** Each second teacher compared with the first. */
	juries: (ReturnType<typeof readingAgreement> & { juror: string; read: number; judges: Agreement })[];
	/** Pairs of skills that the readers confuse; the two may really be one skill. */
	pairs: PairOfSkills[];
	/** What these figures do not show. */
	caveats: string[];
}

/**
 * Measures how reliable the teacher's diagnoses are: their precision and recall against users' corrections, their
 * agreement with second teachers, and the skills that readers cannot tell apart.
 */
export async function teacherQuality(parts: Pick<Parts, 'store'>, scope: Scope): Promise<TeacherQuality> {
	const { store } = parts;
	const { student, round } = scope;
	const [opinions, diagnosedIds, all] = await Promise.all([
		store.read('opinions', { student, round }),
		store.read('diagnosedIds', { student, round }),
		store.read('skillList', { subject: null }),
	]);
	const offered = offeredBySubject(all);
	const people = opinions.flatMap(({ questionId, correction }) => {
		const read = correction && readingOfPerson(correction);
		return read ? [{ questionId, first: read.teacher, second: read.person, verdict: correction.verdict }] : [];
	});
	const readings = new Map<string, (TwoReadings & { readonly judges: readonly [boolean, boolean] })[]>();
	for (const { questionId, subject, diagnosis, verdicts } of opinions) {
		for (const verdict of diagnosis ? verdicts : []) {
			const known = readings.get(verdict.model) ?? [];
			readings.set(verdict.model, known);
			known.push({
				questionId,
				first: diagnosis ? namedBy(diagnosis) : [],
				second: namedBy(verdict),
				offered: offered(subject),
				judges: [diagnosis?.judge === 'correct', verdict.judge === 'correct'],
			});
		}
	}
	const count = (verdict: string): number => people.filter((read) => read.verdict === verdict).length;
	const juries = [...readings].map(([juror, rows]) => ({
		juror,
		read: rows.length,
		...readingAgreement(rows),
		judges: judgeAgreement(rows.map(({ judges }) => judges)),
	}));
	return {
		student,
		round,
		diagnosed: diagnosedIds.length,
		people:
			people.length === 0
				? null
				: {
						...qualityByPeople(people),
						looked: people.length,
						agreed: count('agreed'),
						changed: count('changed'),
						disputed: count('disputed'),
					},
		juries,
		pairs: indistinctPairs([...[...readings.values()].flat(), ...people]),
		caveats: caveatsOf(people.length, diagnosedIds.length, juries.length > 0),
	};
}

/** Returns the skills that a teacher is offered for a question of a subject. */
export function offeredBySubject(all: readonly SkillRef[]): (subject: string | null) => readonly SkillRef[] {
	const bySubject = new Map<string, SkillRef[]>();
	for (const skill of all) {
		bySubject.set(skill.subject, [...(bySubject.get(skill.subject) ?? []), skill]);
	}
	return (subject) => (subject === null ? all : (bySubject.get(subject) ?? all));
}

/** Returns how often two teachers call an answer correct, from pairs of what they say. */
export function judgeAgreement(judges: readonly (readonly [boolean, boolean])[]): Agreement {
	return agreement(tableOf(judges));
}

function tableOf(judges: readonly (readonly [boolean, boolean])[]): Parameters<typeof agreement>[0] {
	const count = (first: boolean, second: boolean): number =>
		judges.filter(([a, b]) => a === first && b === second).length;
	return {
		both: count(true, true),
		onlyFirst: count(true, false),
		onlySecond: count(false, true),
		neither: count(false, false),
	};
}

function caveatsOf(looked: number, diagnosed: number, hasJury: boolean): string[] {
	return [
		...(looked > 0
			? [
					`people's word: the ${looked} of ${diagnosed} diagnoses somebody looked at and agreed ` +
						'with, changed or disputed; people look where they doubt, so this is no random sample, ' +
						'and it says nothing of the rest',
					'intervals take named skills for independent of each other; those of one answer are not quite',
				]
			: ['nobody has agreed with, changed or disputed a diagnosis yet: precision and recall are not known']),
		...(hasJury
			? [
					'a jury shows where two teachers say the same, not who is right; kappa has an interval ' +
						'only with enough of both answers',
				]
			: []),
	];
}
