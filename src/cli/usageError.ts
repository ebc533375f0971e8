import { StatError } from '../core/errors/statError.ts';

/** Returns the error for a command that was called incorrectly, in the command line's wording; exit code 2. */
export function usageError(problem: string, options?: ErrorOptions): StatError {
	return new StatError('usage', { problem }, options);
}
