import type { Found } from './fieldRoles.ts';

/** What we read of a row. */
export const ours = [
	...([
		'question',
		'gold',
		'lateGold',
		'solution',
		'subject',
		'level',
		'skills',
		'response',
		'sample',
		'verdict',
	] as const),
	...(['extracted', 'stepScores', 'finish', 'student'] as const),
];
export type Ours = (typeof ours)[number];

/** A row in our fields: the value of each, and the name under which the file has it. Absent fields are unknown. */
export type View = { readonly [field in Ours]?: Found | undefined };

/** Returns the names of the row's own fields from which a field of ours was read. */
export function sourcesOf({ from }: Found): readonly string[] {
	return from.split(' + ').flatMap((name) => name.split(', '));
}
