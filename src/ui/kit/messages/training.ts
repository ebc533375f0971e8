import type { trainingSentences } from '../../../core/errors/sentences/training.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const trainingMessages: Readonly<Record<keyof typeof trainingSentences, EditorMessage | null>> = {
	'training.unknownSetting': null,
	'training.settingValue': null,
	'training.noModel': null,
	'training.resultElsewhere': null,
	'training.noResult': null,
	'training.otherModel': null,
	'training.unpinnedCode': null,
	'training.foreignJob': null,
	'training.foreignCode': null,
	'training.hostUnfit': null,
	'training.oneProcess': null,
	'training.unevenAccumulation': null,
	'training.unevenBatch': null,
	'training.unevenMiniBatch': null,
	'training.jobDone': { isInformation: true },
	'training.cleanedUp': { command: commandIds.dispatchTraining, button: 'Dispatch Training…' },
	'training.dataMissing': { command: commandIds.dispatchTraining, button: 'Dispatch Training…' },
	'training.noSweep': null,
	'training.tooFewRates': null,
	'training.sweepOnlySft': null,
	'training.rateInSweep': null,
	'training.emptyDataset': null,
	'training.noValidation': {
		sentence: 'A sweep chooses by validation accuracy, and no validation question has a gold answer.',
		command: commandIds.importQuestions,
		button: 'Import Questions…',
	},
	'training.noReward': null,
};
