import type { QuestionState, Surroundings } from '../../../../webview/diagnosis/protocol.ts';
import { effectiveMissing } from '../../../core/diagnosis/annotation.ts';
import { difficultyDefaults, largestGroup } from '../../../core/difficulty/difficulty.ts';
import type { Parts } from '../../../core/ports/parts.ts';
import type { QuestionId } from '../../../core/questions/question.ts';
import type { SkillRef } from '../../../core/skills/skill.ts';
import { skillKey, skillLabel } from '../../../core/skills/skill.ts';
import type { QuestionFilter } from '../../../core/ports/store/questions.ts';
import type { Scope } from '../../../core/scope.ts';

export interface ReadDiagnosis {
	readonly scope: Scope;
	readonly questionId: QuestionId;
	/** The filter of the list that the next and previous commands walk through. */
	readonly filter: QuestionFilter;
	readonly recent: readonly SkillRef[];
	readonly undo: string | null;
	readonly surroundings: Surroundings;
}

/**
 * Reads everything that the panel shows about a question, in a dozen small reads; returns `null` if there is no such
 * question.
 */
export async function readDiagnosisState(
	parts: Pick<Parts, 'store' | 'grader'>,
	request: ReadDiagnosis,
): Promise<QuestionState | null> {
	const { store, grader } = parts;
	const { scope, questionId, filter } = request;
	const question = await store.read('question', { id: questionId });
	if (!question) {
		return null;
	}
	const [index, listed, samples, read, classification, skills, annotations, opinions] = await Promise.all([
		store.read('questionPosition', { scope, filter, id: questionId }),
		store.read('questions', { scope, filter, offset: 0, limit: 1 }),
		store.read('answers', { ...scope, questionId }),
		store.read('diagnosis', { ...scope, questionId }),
		store.read('classification', scope),
		store.read('skillList', { subject: question.subject }),
		store.read('annotations', { ...scope, ids: [questionId] }),
		store.read('opinions', { ...scope, questionId }),
	]);
	const { diagnosis, correction, history } = read;
	const { skills: missing } = effectiveMissing(diagnosis, correction, annotations);
	const [groups, alike] = await Promise.all([
		grader.groups(samples.map(({ extracted }) => extracted)),
		Promise.all(
			missing.map(async (skill) => ({
				skill,
				questions: (
					await store.read('questions', { scope, filter: { missingSkill: skill }, offset: 0, limit: 1 })
				).total,
			})),
		),
	]);
	return {
		kind: 'question',
		...scope,
		index,
		total: listed.total,
		filter,
		list: describeFilter(filter),
		question: {
			id: question.id,
			text: question.text,
			split: question.split,
			subject: question.subject,
			level: question.level,
			gold: question.gold,
			solution: question.solution,
			benchmark: question.benchmark,
		},
		samples,
		consistency: samples.length > 1 ? largestGroup(groups) : null,
		diagnosis,
		correction: correction?.verdict === 'withdrawn' ? null : correction,
		verdicts: opinions[0]?.verdicts ?? [],
		history,
		annotations,
		skills,
		recent: request.recent.filter((skill) => skills.some((known) => skillKey(known) === skillKey(skill))),
		labels: question.labels.map(({ subject, name }) => ({ subject, name })),
		alike,
		tau1: numberOr(classification?.settings['tau1'], difficultyDefaults.tau1),
		tau2: numberOr(classification?.settings['tau2'], difficultyDefaults.tau2),
		undo: request.undo,
		surroundings: request.surroundings,
	};
}

/** Describes a filter in a few words, for the panel's first line. */
export function describeFilter(filter: QuestionFilter): string {
	const parts: (string | undefined)[] = [
		formatFlag(filter.difficult, 'difficult'),
		filter.splits?.join(' or '),
		formatSubject(filter.subject),
		filter.benchmark,
		filter.level === undefined ? undefined : `level ${filter.level}`,
		filter.missingSkill && `misses ${skillLabel(filter.missingSkill.name)}`,
		filter.labelledSkill && `needs ${skillLabel(filter.labelledSkill.name)}`,
		formatFlag(filter.diagnosed, 'diagnosed'),
		formatFlag(filter.corrected, 'corrected'),
		formatFlag(filter.disputed, 'disputed'),
		formatVerdict(filter.verdict),
		formatFlag(filter.hasAnswers, 'answered'),
		filter.text === undefined || filter.text === '' ? undefined : `“${filter.text}”`,
	];
	return parts.filter(Boolean).join(' · ');
}

function formatFlag(flag: boolean | undefined, name: string): string | undefined {
	if (flag === undefined) {
		return undefined;
	}
	return flag ? name : `not ${name}`;
}

function formatSubject(subject: QuestionFilter['subject']): string | undefined {
	if (subject === undefined) {
		return undefined;
	}
	return subject === null || subject === '' ? 'no subject' : skillLabel(subject);
}

function formatVerdict(verdict: QuestionFilter['verdict']): string | undefined {
	switch (verdict) {
		case undefined:
			return undefined;
		case null:
			return 'verdict unsure';
		case true:
			return 'answered right';
		case false:
			return 'answered wrong';
	}
}

/**
 * Returns the next or previous question in the list; `null` at its ends. A question that has left the list (because a
 * correction took it out of the filter) was at `lastIndex`, where its successor is now.
 */
export async function neighbour(
	parts: Pick<Parts, 'store'>,
	at: {
		readonly scope: Scope;
		readonly filter: QuestionFilter;
		readonly questionId: QuestionId;
		readonly lastIndex: number;
	},
	to: 'next' | 'previous',
): Promise<QuestionId | null> {
	const { scope, filter, questionId, lastIndex } = at;
	const index = await parts.store.read('questionPosition', { scope, filter, id: questionId });
	const [previous, next] = index >= 0 ? [index - 1, index + 1] : [lastIndex - 1, lastIndex];
	const offset = to === 'next' ? next : previous;
	if (offset < 0) {
		return null;
	}
	const { rows } = await parts.store.read('questions', { scope, filter, offset, limit: 1 });
	return rows[0]?.id ?? null;
}

function numberOr(value: number | string | null | undefined, fallback: number): number {
	return typeof value === 'number' ? value : fallback;
}
