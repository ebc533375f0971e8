import type { readingSentences } from '../../../core/errors/sentences/reading.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const readingMessages: Readonly<Record<keyof typeof readingSentences, EditorMessage | null>> = {
	'reading.noAnswers': {
		sentence: 'There are no student answers yet.',
		command: commandIds.importAnswers,
		button: 'Import Answers…',
	},
	'reading.noStudent': { command: commandIds.switchScope, button: 'Switch Student or Round…' },
	'reading.noRound': { command: commandIds.switchScope, button: 'Switch Student or Round…' },
};
