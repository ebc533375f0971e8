import { hashHex } from '../text/hash.ts';

/**
 * Training questions P are `train`; the evaluation questions Q are `validation` (profiled on) and `test` (reported on).
 * Sec. 2.
 */
export type Split = 'train' | 'validation' | 'test';
export const splits: readonly Split[] = ['train', 'validation', 'test'];

/**
 * Sixteen bytes of SHA-256 over the normalised text, in hex. Ids found in files are never used as identities: published
 * data gives different questions the same id.
 */
export type QuestionId = string;

export interface Question {
	readonly id: QuestionId;
	readonly text: string;
	readonly split: Split;
	/** `null` if the data has no subjects; skills then belong to the subject `''`. */
	readonly subject: string | null;
	/** 1 (easy) to 5 in MATH; `null` when unknown. */
	readonly level: number | null;
	/** The reference final answer, as written in the data. */
	readonly gold: string | null;
	/** The reference worked solution. */
	readonly solution: string | null;
	readonly benchmark: string | null;
}

/** The text that identifies a question: NFC, trimmed, runs of white space collapsed to one space, case preserved. */
export function normaliseQuestion(text: string): string {
	return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/**
 * The identity of a question (see {@link normaliseQuestion}). Lone surrogates stay distinct instead of becoming U+FFFD.
 */
export function questionId(text: string): QuestionId {
	return hashHex(normaliseQuestion(text)).slice(0, 32);
}
