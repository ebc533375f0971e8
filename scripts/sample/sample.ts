import type { Problem } from './hand.ts';
import type { Written } from './student.ts';
import type { DiagnosisLine, ReplyLine } from './teacher.ts';

export interface Sample {
	readonly train: readonly Problem[];
	readonly validation: readonly Problem[];
	/** The student's answers to each validation question. */
	readonly answers: readonly (readonly Written[])[];
	readonly diagnoses: readonly (readonly DiagnosisLine[])[];
	readonly replies: readonly ReplyLine[];
}
