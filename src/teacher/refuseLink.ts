import { lstatSync } from 'node:fs';
import { StatError } from '../core/errors/statError.ts';

/**
 * Throws `store.link` if a file or folder of the project is a symbolic link, because a cloned project could point it
 * anywhere.
 */
export function refuseLink(file: string): void {
	if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
		throw new StatError('store.link', { file });
	}
}
