import { hashHex } from '../text/hash.ts';

/**
 * Training questions P are `train`; the evaluation questions Q are `validation` (profiled on) and `test` (reported on).
 * Sec. 2.
 */
export type Split = 'train' | 'validation' | 'test';
export const splits: readonly Split[] = ['train', 'validation', 'test'];

/**
 * Sixteen bytes of SHA-256 over the normalised text, in hex. Ids found in files are never identities: they lie
 * (peers.md 0.4).
 */
export type QuestionId = string;

export interface Question {
	readonly id: QuestionId;
	readonly text: string;
	readonly split: Split;
	/** `null` where the data has no subjects; skills then live under the subject `''`. */
	readonly subject: string | null;
	/** 1 (easy) to 5 in MATH; `null` when unknown. */
	readonly level: number | null;
	/** The reference final answer, as written in the data. */
	readonly gold: string | null;
	/** The reference worked solution. */
	readonly solution: string | null;
	readonly benchmark: string | null;
}

/** What identifies a question: its text in NFC, trimmed, runs of white space as one space, case kept. */
export function normaliseQuestion(text: string): string {
	return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** Identity of a question (see {@link normaliseQuestion}); lone surrogates are told apart, not folded to U+FFFD. */
export function questionId(text: string): QuestionId {
	return hashHex(normaliseQuestion(text)).slice(0, 32);
}
