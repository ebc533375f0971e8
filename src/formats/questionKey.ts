import { createHash } from 'node:crypto';
import { normaliseQuestion } from '../core/questions/question.ts';

/** Returns a compact key for a question, with which its rows within one file are counted. */
export function questionKey(text: string): string {
	return createHash('sha256').update(normaliseQuestion(text)).digest('base64').slice(0, 20);
}
