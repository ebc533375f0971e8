import type { ErrorKind } from '../errorKind.ts';

export const unsortedSentences = {
	'unsorted.failed': '{problem}',
	'unsorted.usage': '{problem}',
	'unsorted.locked': '{problem}',
	'unsorted.newer-schema': '{problem}',
	'unsorted.read-only': '{problem}',
	'unsorted.consent': '{problem}',
	'unsorted.cancelled': '{problem}',
} as const;

export const unsortedKinds = {
	'unsorted.usage': 'usage',
	'unsorted.locked': 'locked',
	'unsorted.newer-schema': 'newer-schema',
	'unsorted.read-only': 'read-only',
	'unsorted.consent': 'consent',
	'unsorted.cancelled': 'cancelled',
} as const satisfies Partial<Record<keyof typeof unsortedSentences, ErrorKind>>;
