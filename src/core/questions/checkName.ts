import { StatError } from '../errors/statError.ts';

/**
 * The name of a `student` or a `benchmark`, asked for before anything comes in: the store takes no other. Throws a
 * usage StatError.
 */
export function checkName(what: string, name: string): void {
	if (name.trim() === '' || name.length > 300 || /\p{Cc}/u.test(name)) {
		throw new StatError('unsorted.usage', {
			problem: `a ${what} needs a name of at most 300 characters, none of them a control character`,
		});
	}
}
