import type { Correction, Diagnosis } from './diagnosis.ts';
import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/**
 * What people do with an annotation. `made`, `edited` and `accepted` (another person agrees) keep it counting;
 * `dismissed` (another person rejects it) and `withdrawn` (its author does) end that.
 */
export type AnnotationAction = 'made' | 'edited' | 'accepted' | 'dismissed' | 'withdrawn';

/**
 * A person's mark on a stretch of an answer: a skill is missing here. Each action stores the whole annotation again;
 * the latest entry applies.
 */
export interface AnnotationEntry {
	/** Chosen by its author's client (a UUID); constant through its history. */
	readonly id: string;
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	readonly sample: number;
	/** [start, end) in the answer's text, in UTF-16 units; end > start. */
	readonly start: number;
	readonly end: number;
	/** The text from start to end, by which the place is found again in an edited text. */
	readonly quote: string;
	/** At least one. */
	readonly skills: readonly SkillRef[];
	readonly note: string | null;
	readonly action: AnnotationAction;
	readonly author: string;
	/** ISO 8601. */
	readonly at: string;
}

/** The current state of an annotation: its latest entry, and its history, oldest first. */
export interface Annotation extends AnnotationEntry {
	/**
	 * Whether its skills join the missing skills of its question. They are added to a correction's skills, else the
	 * teacher's, unless the annotation was dismissed or withdrawn, or a person later decided that the answer misses
	 * nothing.
	 */
	readonly counts: boolean;
	readonly history: readonly AnnotationEntry[];
}

export function isInForce(action: AnnotationAction): boolean {
	return action !== 'dismissed' && action !== 'withdrawn';
}

/** Where an annotation lies in a text: in its place, moved, or nowhere. */
export type Located = { readonly start: number; readonly end: number; readonly moved: boolean } | null;

/**
 * Finds an annotated stretch in a text that may have been edited since: in its place, else at the nearest occurrence of
 * the same words.
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
	const found = nearest(before, start, after);
	return found < 0 ? null : { start: found, end: found + quote.length, moved: true };
}

/** The nearer to `start` of two places, the first on a tie; a negative place does not exist. */
function nearest(before: number, start: number, after: number): number {
	if (before < 0) {
		return after;
	}
	return after < 0 || start - before <= after - start ? before : after;
}

/** The part of a correction that decides what counts. */
export type CorrectionInForce = Pick<Correction, 'verdict' | 'skills' | 'original'>;

/**
 * The skills that count as missing for one answer's question: those of the correction in force, else the teacher's,
 * plus the skills of annotations that count.
 *
 * `agreed` refers to the diagnosis that the person saw (`correction.original`), also after a new diagnosis. A withdrawn
 * correction has no effect. A teacher's verdict `correct` means that no skill is missing and makes the answer disputed,
 * unless somebody annotated it.
 */
export function effectiveMissing(
	diagnosis: Diagnosis | null,
	correction: CorrectionInForce | null,
	annotations: readonly Pick<Annotation, 'skills' | 'counts'>[],
): { skills: readonly SkillRef[]; disputed: boolean } {
	const inForce = correction?.verdict === 'withdrawn' ? null : correction;
	const read = inForce?.original ?? diagnosis;
	const nothing = inForce?.verdict === 'disputed' || (inForce?.verdict !== 'changed' && read?.judge === 'correct');
	const base = nothing ? [] : ((inForce?.verdict === 'changed' ? inForce.skills : read?.skills) ?? []);
	const annotated = annotations.filter(({ counts }) => counts);
	const skills = new Map(
		[...base, ...annotated.flatMap((annotation) => annotation.skills)].map((skill) => [skillKey(skill), skill]),
	);
	return { skills: [...skills.values()], disputed: nothing && annotated.length === 0 };
}
