import type { Annotation, AnnotationEntry } from '../../diagnosis/annotation.ts';
import type { Correction, Diagnosis, MissingSkills } from '../../diagnosis/diagnosis.ts';
import type { QuestionId } from '../../questions/question.ts';
import type { Scope } from '../../scope.ts';

/** What is said of one answer's missing skills besides the teacher's word, all by present names. */
export interface Opinions {
	readonly questionId: QuestionId;
	readonly subject: string | null;
	readonly diagnosis: Diagnosis | null;
	/** The one in force. */
	readonly correction: Correction | null;
	/** One a model, by its name. */
	readonly verdicts: readonly Diagnosis[];
}

/** Verbs on diagnoses, corrections and annotations. */
export interface DiagnosisWrites {
	/**
	 * One a (student, round, question); a later one replaces, corrections stay. Unknown questions are passed over and
	 * not counted.
	 */
	addDiagnoses: { params: { rows: readonly Diagnosis[] }; result: { added: number; replaced: number } };
	/**
	 * Kept with all earlier ones; the latest counts. `agreed` stands by `original`, also when a re-run says something
	 * else.
	 */
	addCorrection: { params: Correction; result: { id: number } };
	/**
	 * A person's mark on a stretch of an answer, and what becomes of it: kept with all earlier entries, the latest
	 * stands. Throws where the answer does not hold the quote.
	 */
	annotate: { params: AnnotationEntry; result: Record<never, never> };
	/**
	 * A second teacher's readings, apart from the diagnoses in force; one a (student, round, question, model), a later
	 * one replaces. Unknown questions are passed over.
	 */
	addVerdicts: { params: { rows: readonly Diagnosis[] }; result: { added: number } };
}

/** Queries on diagnoses, corrections and annotations. */
export interface DiagnosisReads {
	diagnosis: {
		params: Scope & { questionId: QuestionId };
		result: { diagnosis: Diagnosis | null; correction: Correction | null; history: readonly Correction[] };
	};
	/** Annotations of these questions' answers, dismissed ones too, in the order asked and made. At most 2,000 ids. */
	annotations: { params: Scope & { ids: readonly QuestionId[] }; result: readonly Annotation[] };
	/** Ids of the scope's questions that have a diagnosis. */
	diagnosedIds: { params: Scope; result: readonly QuestionId[] };
	/**
	 * What counts, for questions classified difficult (validation split; test is reported on, not profiled), ordered by
	 * id.
	 */
	missingSkills: {
		params: Scope & {
			/** Also of questions that are not difficult by the rule in force. */ readonly everyDiagnosed?:
				boolean | undefined;
		};
		result: readonly MissingSkills[];
	};
	/** The teacher's diagnoses of a scope, by question, a page at a time; by present names. */
	diagnoses: { params: Scope & { after: QuestionId | null; limit: number }; result: readonly Diagnosis[] };
	/** Questions of the scope a jury read or a person corrected, by id; or one of them. */
	opinions: { params: Scope & { questionId?: QuestionId | undefined }; result: readonly Opinions[] };
}
