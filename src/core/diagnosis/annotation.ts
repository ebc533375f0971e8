import type { Correction, Diagnosis } from './diagnosis.ts';
import type { QuestionId } from '../questions/question.ts';
import type { SkillRef } from '../skills/skill.ts';
import { skillKey } from '../skills/skill.ts';

/**
 * What annotators can do with an annotation. After `made`, `edited` and `accepted` (another annotator agrees) it
 * counts; after `dismissed` (another annotator rejects it) and `withdrawn` (its author retracts it) it no longer does.
 */
export type AnnotationAction = 'made' | 'edited' | 'accepted' | 'dismissed' | 'withdrawn';

/**
 * A user's mark on part of an answer, saying that a skill is missing there. Each action stores the whole annotation
 * again and the latest entry applies.
 */
export interface AnnotationEntry {
	/** A UUID chosen by the author's client; it never changes. */
	readonly id: string;
	readonly student: string;
	readonly round: number;
	readonly questionId: QuestionId;
	readonly sample: number;
	/** [start, end) in the answer's text, in UTF-16 units; end > start. */
	readonly start: number;
	readonly end: number;
	/** The text from start to end, which is used to find the place again if the answer is edited. */
	readonly quote: string;
	/** At least one skill. */
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
	 * Whether its skills count as missing skills of its question. They are added to the skills of the correction, or of
	 * the teacher if there is none, unless the annotation was dismissed or withdrawn, or a user later decided that the
	 * answer misses nothing.
	 */
	readonly counts: boolean;
	readonly history: readonly AnnotationEntry[];
}

export function isInForce(action: AnnotationAction): boolean {
	return action !== 'dismissed' && action !== 'withdrawn';
}

/** Where an annotation is found in a text: at its original place, moved, or not found. */
export type Located = { readonly start: number; readonly end: number; readonly moved: boolean } | null;

/**
 * Finds annotated text in an answer that may have been edited since: at its original place, or else at the nearest
 * occurrence of the same words.
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

/**
 * Returns whichever of two positions is nearer to `start`, the first on a tie. A negative position means that there is
 * none.
 */
function nearest(before: number, start: number, after: number): number {
	if (before < 0) {
		return after;
	}
	return after < 0 || start - before <= after - start ? before : after;
}

/** The fields of a correction that decide which skills count. */
export type CorrectionInForce = Pick<Correction, 'verdict' | 'skills' | 'original'>;

/**
 * Returns the skills that count as missing for one answer's question: those of the correction in effect, or the
 * teacher's if there is none, plus the skills of annotations that count.
 *
 * `agreed` refers to the diagnosis that the user saw (`correction.original`), even after a new diagnosis. A withdrawn
 * correction has no effect. The teacher's verdict `correct` means that no skill is missing and makes the answer
 * disputed, unless somebody has annotated it.
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
