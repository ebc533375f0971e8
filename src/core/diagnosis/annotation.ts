import type { Correction, Diagnosis } from './diagnosis.ts';
import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/**
 * What people do with an annotation. `made`, `edited` and `accepted` (somebody else agrees) leave it counting;
 * `dismissed` (somebody else takes it away) and `withdrawn` (its author does) do not.
 */
export type AnnotationAction = 'made' | 'edited' | 'accepted' | 'dismissed' | 'withdrawn';

/**
 * A person's mark on a stretch of an answer: here a skill is missing. All of it is said again with each action, so the
 * latest entry is what stands.
 */
export interface AnnotationEntry {
	/** Chosen by who makes it (a UUID); the same through its history. */
	readonly id: string;
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	readonly sample: number;
	/** [start, end) in the answer's text, in UTF-16 units; end > start. */
	readonly start: number;
	readonly end: number;
	/** The text from start to end: what finds the place again in a text that was edited. */
	readonly quote: string;
	/** At least one. */
	readonly skills: readonly SkillRef[];
	readonly note: string | null;
	readonly action: AnnotationAction;
	readonly author: string;
	/** ISO 8601. */
	readonly at: string;
}

/** An annotation as it stands: its latest entry, and all of them, oldest first. */
export interface Annotation extends AnnotationEntry {
	/**
	 * Do its skills join the missing skills of its question? They are added to what counts already (a correction's,
	 * else the teacher's), except where it was dismissed or withdrawn, or where a person said later that the answer
	 * misses nothing.
	 */
	readonly counts: boolean;
	readonly history: readonly AnnotationEntry[];
}

export function isInForce(action: AnnotationAction): boolean {
	return action !== 'dismissed' && action !== 'withdrawn';
}

/** Where an annotation lies in a text: as it was made, found again elsewhere, or nowhere. */
export type Located = { readonly start: number; readonly end: number; readonly moved: boolean } | null;

/**
 * Finds an annotated stretch in a text that may have been edited since: in its place, else the occurrence of the same
 * words nearest to it.
 */
export function locate({ start, quote }: Pick<AnnotationEntry, 'start' | 'quote'>, text: string): Located {
	if (quote === '') {
		return null;
	}
	if (text.startsWith(quote, start)) {
		return { start, end: start + quote.length, moved: false };
	}
	const before = text.lastIndexOf(quote, start);
	const after = text.indexOf(quote, start);
	const found = before < 0 ? after : after < 0 || start - before <= after - start ? before : after;
	return found < 0 ? null : { start: found, end: found + quote.length, moved: true };
}

/**
 * What one answer's question is counted as missing: a correction's skills, else the teacher's (`agreed` holds to the
 * diagnosis the person saw, also after a re-run; a teacher's `correct` misses nothing and is disputed), and the skills
 * of annotations that count. An answer somebody annotated is not in dispute.
 */
export function effectiveMissing(
	diagnosis: Diagnosis | null,
	correction: Correction | null,
	annotations: readonly Pick<Annotation, 'skills' | 'counts'>[],
): { skills: readonly SkillRef[]; disputed: boolean } {
	const read = correction?.original ?? diagnosis;
	const nothing =
		correction?.verdict === 'disputed' || (correction?.verdict !== 'changed' && read?.judge === 'correct');
	const base = nothing ? [] : ((correction?.verdict === 'changed' ? correction.skills : read?.skills) ?? []);
	const annotated = annotations.filter(({ counts }) => counts);
	const skills = new Map(
		[...base, ...annotated.flatMap((annotation) => annotation.skills)].map((skill) => [skillKey(skill), skill]),
	);
	return { skills: [...skills.values()], disputed: nothing && annotated.length === 0 };
}
