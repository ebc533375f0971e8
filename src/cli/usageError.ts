import { StatError } from '../core/errors/statError.ts';

/** A mistake in how a command was called, in the words of the command line; exit code 2. */
export function usageError(problem: string, options?: ErrorOptions): StatError {
	return new StatError('usage', { problem }, options);
}
