import type { diagnosisSentences } from '../../../core/errors/sentences/diagnosis.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const diagnosisMessages: Readonly<Record<keyof typeof diagnosisSentences, EditorMessage | null>> = {
	'diagnosis.none': {
		sentence: 'There is no diagnosis to agree with yet: diagnose the question first.',
		command: commandIds.diagnoseQuestion,
		button: 'Diagnose This Question',
	},
	'diagnosis.nothingForJury': {
		sentence:
			'No answer from {student} in round {round} has been diagnosed yet, so there is nothing for a ' +
			'jury to read.',
		command: commandIds.diagnose,
		button: 'Diagnose Difficult Questions…',
	},
	'diagnosis.juryIsTeacher': null,
};
