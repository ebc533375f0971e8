import type { questionsSentences } from '../../../core/errors/sentences/questions.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const questionsMessages: Readonly<Record<keyof typeof questionsSentences, EditorMessage | null>> = {
	'questions.none': {
		sentence: 'There are no questions yet.',
		command: commandIds.importQuestions,
		button: 'Import Questions…',
	},
	'questions.noTraining': {
		sentence: 'There are no training questions: import a file of questions as training questions.',
		command: commandIds.importQuestions,
		button: 'Import Questions…',
	},
	'questions.badName': null,
	'questions.badRound': null,
	'questions.noStudent': null,
	'questions.badTemplate': null,
	'questions.checkerCommand': null,
	'questions.checkerFile': null,
	'questions.checkerFolder': null,
	'questions.checkerProgram': null,
	'questions.checkerMissing': null,
	'questions.checkerChanged': { command: commandIds.consents, button: 'Consents on This Machine…' },
	'questions.checkerNotAllowed': { command: commandIds.consents, button: 'Consents on This Machine…' },
	'questions.tooMany': {
		sentence:
			'These are more than {most} questions, which is a corpus rather than a benchmark. Import ' +
			'them as questions.',
		command: commandIds.importQuestions,
		button: 'Import Questions…',
	},
	'questions.difficultPart': null,
	'questions.notCached': null,
	'questions.cacheEmpty': null,
};
