import { StatError } from '../errors/statError.ts';

/**
 * Checks the name of a student or benchmark, using the store's own rule, before anything is imported. Throws a usage
 * StatError.
 */
export function checkName(what: string, name: string): void {
	if (name.trim() === '' || name.length > 300 || /\p{Cc}/u.test(name)) {
		throw new StatError('questions.badName', { what });
	}
}
