import type { editorSentences } from '../../core/errors/sentences/editor.ts';

export const editorOnlyMessages: Readonly<Record<keyof typeof editorSentences, string | null>> = {
	'editor.usage': null,
	'editor.nothingToDo': null,
	'editor.failed': null,
	'editor.cancelled': null,
	'editor.noProject': null,
	'editor.noFolder': null,
	'editor.untrusted': null,
	'editor.untrustedTeacher': null,
	'editor.noAnswers': null,
	'editor.noTeacher': null,
	'editor.noEndpoint': null,
	'editor.noSample': null,
};
