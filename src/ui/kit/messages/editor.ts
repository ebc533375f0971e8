import type { editorSentences } from '../../../core/errors/sentences/editor.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const editorOnlyMessages: Readonly<Record<keyof typeof editorSentences, EditorMessage | null>> = {
	'editor.usage': null,
	'editor.nothingToDo': { isInformation: true },
	'editor.failed': null,
	'editor.cancelled': null,
	'editor.noProject': { command: commandIds.initialise, button: 'Initialize Project' },
	'editor.noFolder': { command: commandIds.openSample, button: 'Open Sample Project…' },
	'editor.untrusted': { command: 'workbench.trust.manage', button: 'Manage Workspace Trust' },
	'editor.untrustedTeacher': { command: 'workbench.trust.manage', button: 'Manage Workspace Trust' },
	'editor.noAnswers': { command: commandIds.importAnswers, button: 'Import Answers…' },
	'editor.noTeacher': { command: commandIds.chooseTeacher, button: 'Choose Teacher…' },
	'editor.noEndpoint': { command: commandIds.chooseTeacher, button: 'Choose Teacher…' },
	'editor.noSample': { command: commandIds.openSample, button: 'Open Sample Project…' },
};
