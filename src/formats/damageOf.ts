import { messageOf } from '../core/errors/statError.ts';

/**
 * Returns in one line why a binary table cannot be read and what to do. A parser that leaves its bytes throws a
 * TypeError or RangeError; the limits of this project name their own remedy after a semicolon.
 */
export function damageOf(error: unknown): string {
	const message = messageOf(error).replaceAll(/\s+/gu, ' ').slice(0, 300);
	const isParser = error instanceof TypeError || error instanceof RangeError;
	const reason = isParser ? `it is damaged (${message})` : message;
	return !isParser && message.includes('; ') ? message : `${reason}; copy or export the file again`;
}
