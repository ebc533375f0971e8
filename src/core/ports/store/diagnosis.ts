import type { Annotation, AnnotationEntry } from '../../diagnosis/annotation.ts';
import type { Correction, Diagnosis, MissingSkills } from '../../diagnosis/diagnosis.ts';
import type { QuestionId } from '../../questions/question.ts';
import type { Scope } from '../../scope.ts';

/** Everything known about one answer's missing skills apart from the teacher's diagnosis, under current skill names. */
export interface Opinions {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly diagnosis: Diagnosis | null;
	/** The correction in effect. */
	readonly correction: Correction | null;
	/** One diagnosis per model, ordered by the model's name. */
	readonly verdicts: readonly Diagnosis[];
}

/** Verbs for diagnoses, corrections and annotations. */
export interface DiagnosisWrites {
	/**
	 * Adds diagnoses, one per (student, round, question). A later diagnosis replaces an earlier one, while corrections
	 * remain. Unknown questions are skipped and not counted.
	 */
	addDiagnoses: { params: { rows: readonly Diagnosis[] }; result: { added: number; replaced: number } };
	/**
	 * Adds a correction. Earlier ones remain stored and the latest applies. `agreed` refers to `original`, even when a
	 * new diagnosis differs.
	 */
	addCorrection: { params: Correction; result: { id: number } };
	/**
	 * Records a user's annotation of part of an answer, or a later action on it. All entries remain stored and the
	 * latest applies. Throws if the answer does not contain the quote.
	 */
	annotate: { params: AnnotationEntry; result: Record<never, never> };
	/**
	 * Adds a second teacher's diagnoses, stored separately from those in effect. There is one per (student, round,
	 * question, model), and a later one replaces it. Unknown questions are skipped.
	 */
	addVerdicts: { params: { rows: readonly Diagnosis[] }; result: { added: number } };
}

/** Queries on diagnoses, corrections and annotations. */
export interface DiagnosisReads {
	diagnosis: {
		params: Scope & { questionId: QuestionId };
		result: { diagnosis: Diagnosis | null; correction: Correction | null; history: readonly Correction[] };
	};
	/**
	 * Returns annotations of these questions' answers, including dismissed ones, in the order of the IDs and then of
	 * creation. At most 2,000 IDs.
	 */
	annotations: { params: Scope & { ids: readonly QuestionId[] }; result: readonly Annotation[] };
	/** Returns the IDs of the scope's questions that have a diagnosis. */
	diagnosedIds: { params: Scope; result: readonly QuestionId[] };
	/**
	 * Returns the missing skills that count, for questions classified as difficult, ordered by ID. Reads the validation
	 * split only: test is reported on, not profiled.
	 */
	missingSkills: {
		params: Scope & {
			/** Includes questions that are not difficult according to the current rule. */ readonly everyDiagnosed?:
				boolean | undefined;
		};
		result: readonly MissingSkills[];
	};
	/** Returns the teacher's diagnoses in a scope, ordered by question, in chunks, under current skill names. */
	diagnoses: { params: Scope & { after: QuestionId | null; limit: number }; result: readonly Diagnosis[] };
	/**
	 * Returns the questions of the scope that have a jury diagnosis or a correction, ordered by ID, or just the
	 * requested one.
	 */
	opinions: { params: Scope & { questionId?: QuestionId | undefined }; result: readonly Opinions[] };
}
