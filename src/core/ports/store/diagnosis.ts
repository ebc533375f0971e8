import type { Annotation, AnnotationEntry } from '../../diagnosis/annotation.ts';
import type { Correction, Diagnosis, MissingSkills } from '../../diagnosis/diagnosis.ts';
import type { QuestionId } from '../../questions/question.ts';
import type { Scope } from '../../scope.ts';

/** Everything known about one answer's missing skills besides the teacher's diagnosis, by current names. */
export interface Opinions {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly diagnosis: Diagnosis | null;
	/** The correction in force. */
	readonly correction: Correction | null;
	/** One per model, by its name. */
	readonly verdicts: readonly Diagnosis[];
}

/** Verbs on diagnoses, corrections and annotations. */
export interface DiagnosisWrites {
	/**
	 * One per (student, round, question); a later one replaces it, and corrections remain. Unknown questions are
	 * skipped and not counted.
	 */
	addDiagnoses: { params: { rows: readonly Diagnosis[] }; result: { added: number; replaced: number } };
	/**
	 * Stored with all earlier ones; the latest counts. `agreed` refers to `original`, also when a new diagnosis
	 * differs.
	 */
	addCorrection: { params: Correction; result: { id: number } };
	/**
	 * A person's annotation of part of an answer, and every later action on it: stored with all earlier entries, the
	 * latest applies. Throws if the answer does not contain the quote.
	 */
	annotate: { params: AnnotationEntry; result: Record<never, never> };
	/**
	 * A second teacher's diagnoses, apart from those in force; one per (student, round, question, model), a later one
	 * replaces it. Unknown questions are skipped.
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
	 * Annotations of these questions' answers, dismissed ones too, in the order of the ids and then of their creation.
	 * At most 2,000 ids.
	 */
	annotations: { params: Scope & { ids: readonly QuestionId[] }; result: readonly Annotation[] };
	/** Ids of the scope's questions that have a diagnosis. */
	diagnosedIds: { params: Scope; result: readonly QuestionId[] };
	/**
	 * What counts, for questions classified difficult (validation split; test is reported on, not profiled), ordered by
	 * id.
	 */
	missingSkills: {
		params: Scope & {
			/** Includes questions that are not difficult by the current rule. */ readonly everyDiagnosed?:
				boolean | undefined;
		};
		result: readonly MissingSkills[];
	};
	/** The teacher's diagnoses of a scope, by question, in chunks; by current names. */
	diagnoses: { params: Scope & { after: QuestionId | null; limit: number }; result: readonly Diagnosis[] };
	/** Questions of the scope with a jury's diagnosis or a correction, by id; or one of them. */
	opinions: { params: Scope & { questionId?: QuestionId | undefined }; result: readonly Opinions[] };
}
