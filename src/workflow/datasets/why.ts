import type { Annotation } from '../../core/diagnosis/annotation.ts';
import { effectiveMissing } from '../../core/diagnosis/annotation.ts';
import type { Correction, Diagnosis } from '../../core/diagnosis/diagnosis.ts';
import type { Parts } from '../../core/ports/parts.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { SkillRef } from '../../core/skills/skill.ts';
import { skillKey } from '../../core/skills/skill.ts';
import { questionsWithIds } from '../reading/chunks.ts';
import type { QuestionId } from '../../core/questions/question.ts';

export interface WhyResult {
	row: {
		index: number;
		question: string;
		solution: string;
		gold: string | null;
		kind: string;
		flags: readonly string[];
	};
	/** The skill, under the name it had when the dataset was built. */
	skill: SkillRef | null;
	/** The skill that the name refers to now, if that has changed. */
	skill_now: SkillRef | null;
	question: {
		id: QuestionId;
		text: string;
		subject: string | null;
		level: number | null;
		gold: string | null;
	} | null;
	student_answer: {
		student: string;
		round: number;
		sample: number;
		text: string;
		extracted: string | null;
		verdict: boolean | null;
	} | null;
	diagnosis: {
		judge: string;
		reason: string;
		skills: readonly SkillRef[];
		firstWrongStep: number | null;
		from: 'teacher' | 'person';
		model: string | null;
	} | null;
	/** Users' annotations of the answer that count: the annotated passage and its skills. */
	annotations: {
		quote: string;
		skills: readonly SkillRef[];
		note: string | null;
		author: string;
		at: string;
		sample: number;
	}[];
	references: { id: QuestionId; text: string }[];
	agreement: { agree: number; of: number } | null;
	teacher: { model: string; promptVersion: string; replyKey: string; at: string } | null;
}

/**
 * Returns the whole chain behind a dataset's row (from 0): row → skill → difficult question → the student's answer →
 * its diagnosis, and the teacher's reply with the solution. Whatever has been deleted since then is `null`.
 */
export async function why(
	parts: Pick<Parts, 'store' | 'datasets'>,
	options: { readonly name: string; readonly row: number },
): Promise<WhyResult> {
	if (!Number.isInteger(options.row) || options.row < 0) {
		throw new StatError('datasets.badRow', { row: options.row });
	}
	const { store, datasets } = parts;
	const { row, chain } = await datasets.row(options.name, options.row);
	const { forQuestion } = row;
	const { student, round } = chain;
	const reply = chain.replyKey === null ? undefined : await store.get(chain.replyKey);
	const question = forQuestion === null ? null : await store.read('question', { id: forQuestion });
	const scope =
		student === null || round === null || forQuestion === null ? null : { student, round, questionId: forQuestion };
	const answer = scope
		? (await store.read('answers', scope)).find(({ sample }) => sample === (chain.sample ?? 0))
		: undefined;
	const { diagnosis = null, correction = null } = scope ? await store.read('diagnosis', scope) : {};
	const annotations = scope
		? await store.read('annotations', { student: scope.student, round: scope.round, ids: [scope.questionId] })
		: [];
	const [now = null] = row.skill
		? await store.read('presentSkills', { rows: [{ skill: row.skill, questionId: forQuestion }] })
		: [];
	const references = await questionsWithIds(store, chain.references);
	return {
		row: {
			index: options.row,
			question: row.question,
			solution: row.solution,
			gold: row.gold,
			kind: row.kind,
			flags: row.flags,
		},
		skill: row.skill,
		skill_now: now && row.skill && skillKey(now) !== skillKey(row.skill) ? now : null,
		question: question && {
			id: question.id,
			text: question.text,
			subject: question.subject,
			level: question.level,
			gold: question.gold,
		},
		student_answer: answer
			? {
					student: answer.student,
					round: answer.round,
					sample: answer.sample,
					text: answer.text,
					extracted: answer.extracted,
					verdict: answer.verdict,
				}
			: null,
		diagnosis: whatCounts(diagnosis, correction, annotations),
		annotations: annotations
			.filter(({ counts }) => counts)
			.map(({ quote, skills, note, author, at, sample }) => ({ quote, skills, note, author, at, sample })),
		references: [...references.values()].map(({ id, text }) => ({ id, text })),
		agreement: chain.agreement,
		teacher: reply
			? { model: reply.model, promptVersion: reply.promptVersion, replyKey: reply.key, at: reply.at }
			: null,
	};
}

/**
 * Returns the skills that currently count as missing: a user's correction takes precedence over the teacher's
 * diagnosis, and the skills of annotations are added.
 */
function whatCounts(
	diagnosis: Diagnosis | null,
	correction: Correction | null,
	annotations: readonly Annotation[],
): WhyResult['diagnosis'] {
	const annotated = annotations.filter(({ counts }) => counts);
	const effective = correction?.verdict === 'withdrawn' ? null : correction;
	if (!diagnosis && !effective && annotated.length === 0) {
		return null;
	}
	const { skills, disputed } = effectiveMissing(diagnosis, correction, annotations);
	const notes = annotated.flatMap(({ note }) => note ?? []);
	const judge = annotated.length > 0 ? 'incorrect' : (diagnosis?.judge ?? 'incorrect');
	return {
		judge: disputed ? 'correct' : judge,
		reason: effective?.note ?? diagnosis?.reason ?? notes.join('\n'),
		skills,
		firstWrongStep: diagnosis?.firstWrongStep ?? null,
		from: effective || annotated.length > 0 ? 'person' : 'teacher',
		model: diagnosis?.model ?? null,
	};
}
