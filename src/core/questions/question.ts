import { hashHex } from '../text/hash.ts';

/**
 * Training questions P are `train`; evaluation questions Q are `validation` (profiled on) and `test` (reported on).
 * Sec. 2.
 */
export type Split = 'train' | 'validation' | 'test';
export const splits: readonly Split[] = ['train', 'validation', 'test'];

/**
 * Sixteen bytes of SHA-256 over the normalised text, in hex. IDs found in files are never used as identities, because
 * published data gives different questions the same ID.
 */
export type QuestionId = string;

export interface Question {
	readonly id: QuestionId;
	readonly text: string;
	readonly split: Split;
	/** `null` if the data has no subjects; its skills then have the subject `''`. */
	readonly subject: string | null;
	/** 1 (easy) to 5 in MATH; `null` if unknown. */
	readonly level: number | null;
	/** The reference answer, as written in the data. */
	readonly gold: string | null;
	/** The reference worked solution. */
	readonly solution: string | null;
	readonly benchmark: string | null;
}

/**
 * Returns the text that identifies a question: NFC, trimmed, with each run of white space replaced with one space and
 * case preserved.
 */
export function normaliseQuestion(text: string): string {
	return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/**
 * Returns the identity of a question (see {@link normaliseQuestion}). Different lone surrogates give different IDs
 * instead of all becoming U+FFFD.
 */
export function questionId(text: string): QuestionId {
	return hashHex(normaliseQuestion(text)).slice(0, 32);
}
