import { userInfo } from 'node:os';
import type { OptionSpecs } from './optionSpec.ts';
import type { Values } from './values.ts';

/** The option that sets the author of corrections and decisions made on the command line. */
export const authorOption = {
	author: { type: 'string', value: 'NAME', help: 'author of the change; default: your user name' },
} satisfies OptionSpecs;

export function authorOf(values: Values<typeof authorOption>): string {
	return values.text('author') ?? userName();
}

function userName(): string {
	try {
		return userInfo().username;
	} catch {
		// There is no passwd entry (containers run under a bare uid).
		return 'unknown';
	}
}
