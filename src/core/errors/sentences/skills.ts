import type { ErrorKind } from '../errorKind.ts';

export const skillsSentences = {
	'skills.nothingToUndo': 'there is no edit of the skill list to undo',
} as const;

export const skillsKinds = {
	'skills.nothingToUndo': 'usage',
} as const satisfies Partial<Record<keyof typeof skillsSentences, ErrorKind>>;
