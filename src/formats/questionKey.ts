import { createHash } from 'node:crypto';
import { normaliseQuestion } from '../core/questions/question.ts';

/** A compact key of a question, for counting its rows within one file. */
export function questionKey(text: string): string {
	return createHash('sha256').update(normaliseQuestion(text)).digest('base64').slice(0, 20);
}
