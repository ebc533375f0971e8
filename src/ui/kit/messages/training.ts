import type { trainingSentences } from '../../../core/errors/sentences/training.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const trainingMessages: Readonly<Record<keyof typeof trainingSentences, EditorMessage | null>> = {
	'training.unknownSetting': null,
	'training.settingValue': null,
};
