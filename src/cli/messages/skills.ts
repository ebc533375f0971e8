import type { skillsSentences } from '../../core/errors/sentences/skills.ts';

export const skillsMessages: Readonly<Record<keyof typeof skillsSentences, string | null>> = {
	'skills.nothingToUndo': null,
};
