import type { Annotation, AnnotationEntry } from '../../core/diagnosis/annotation.ts';
import type { Parts } from '../../core/ports/parts.ts';
import type { Run } from '../../core/run.ts';

/** Why the profile ignores an annotation: only difficult validation questions are profiled. */
export type NotProfiled = 'testQuestion' | 'unclassified' | 'notDifficult';

export type AnnotateOptions = Omit<AnnotationEntry, 'action' | 'at'>;

export interface AnnotateResult {
	readonly annotation: AnnotationEntry;
	/** `null` if the profile counts it. */
	readonly notProfiled: NotProfiled | null;
}

/** Annotates a passage of an answer with missing skills. Rejects if the answer does not contain the quote. */
export async function annotate(
	{ store }: Pick<Parts, 'store'>,
	options: AnnotateOptions,
	run: Pick<Run, 'now'>,
): Promise<AnnotateResult> {
	const annotation: AnnotationEntry = { ...options, action: 'made', at: run.now() };
	await store.write('annotate', annotation);
	return { annotation, notProfiled: await notProfiled({ store }, annotation) };
}

export type AnnotationChange =
	| ({ readonly action: 'edited' } & Pick<AnnotationEntry, 'skills' | 'note'>)
	| { readonly action: 'accepted' }
	/** Recorded as `withdrawn` if authors dismiss their own annotation. */
	| { readonly action: 'dismissed' };

/** Edits, accepts or dismisses an annotation by appending to its history. */
export async function changeAnnotation(
	{ store }: Pick<Parts, 'store'>,
	annotation: Annotation,
	change: AnnotationChange & { readonly author: string },
	run: Pick<Run, 'now'>,
): Promise<AnnotationEntry> {
	const isOwn = annotation.history[0]?.author === change.author;
	const entry: AnnotationEntry = {
		...(annotation.history.at(-1) ?? annotation),
		...change,
		action: change.action === 'dismissed' && isOwn ? 'withdrawn' : change.action,
		at: run.now(),
	};
	await store.write('annotate', entry);
	return entry;
}

async function notProfiled(
	{ store }: Pick<Parts, 'store'>,
	{ student, round, questionId }: AnnotationEntry,
): Promise<NotProfiled | null> {
	const [question, classification] = await Promise.all([
		store.read('question', { id: questionId }),
		store.read('classification', { student, round }),
	]);
	if (question?.split !== 'validation') {
		return 'testQuestion';
	}
	if (!classification) {
		return 'unclassified';
	}
	return classification.difficult.includes(questionId) ? null : 'notDifficult';
}
