import type { skillsSentences } from '../../../core/errors/sentences/skills.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const skillsMessages: Readonly<Record<keyof typeof skillsSentences, EditorMessage | null>> = {
	'skills.nothingToUndo': { sentence: 'There is no edit of the skill list to undo' },
};
