import type { ErrorKind } from '../errorKind.ts';

/** Errors that only the editor throws. `{problem}` is localised where it is thrown. */
export const editorSentences = {
	'editor.usage': '{problem}',
	'editor.nothingToDo': '{problem}',
	'editor.failed': '{problem}',
	'editor.cancelled': '{problem}',
	'editor.noProject': 'there is no STAT project here yet',
	'editor.noFolder': 'there is no STAT project here yet: open a folder, or the sample project',
	'editor.untrusted': 'this workspace is not trusted: STAT Studio only displays its contents',
	'editor.untrustedTeacher': 'this workspace is not trusted: no model is called from it',
	'editor.noAnswers': 'there are no student answers yet: import some first',
	'editor.noTeacher':
		'no teacher is set: choose an endpoint, one of VS Code’s own models, or a file of scripted replies',
	'editor.noEndpoint': 'no endpoint is set yet',
	'editor.noSample': 'there is no sample.json in this folder: open the sample project',
} as const;

export const editorKinds = {
	'editor.usage': 'usage',
	'editor.nothingToDo': 'usage',
	'editor.cancelled': 'cancelled',
	'editor.noProject': 'usage',
	'editor.noFolder': 'usage',
	'editor.untrusted': 'usage',
	'editor.untrustedTeacher': 'usage',
	'editor.noAnswers': 'usage',
	'editor.noTeacher': 'usage',
	'editor.noEndpoint': 'usage',
	'editor.noSample': 'usage',
} as const satisfies Partial<Record<keyof typeof editorSentences, ErrorKind>>;
