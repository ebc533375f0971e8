import type { askingSentences } from '../../../core/errors/sentences/asking.ts';
import { commandIds } from '../../ids.ts';
import type { EditorMessage } from '../editorMessage.ts';

export const askingMessages: Readonly<Record<keyof typeof askingSentences, EditorMessage | null>> = {
	'asking.noTeacher': {
		sentence: 'No teacher is set.',
		command: commandIds.chooseTeacher,
		button: 'Choose Teacher…',
	},
	'asking.nothingAnswered': null,
	'asking.budgetUsedUp': {
		sentence:
			'The budget is used up. {done} of {total} replies are stored. Run the step again with a ' +
			'larger budget; nothing is paid for twice.',
	},
	'asking.mixedPrices': {
		sentence:
			'The budget cannot limit this step: {priced} has a price and {unpriced} has none. Set a budget in ' +
			'calls as well (stat.teacher.budgetCalls), or add the price of {unpriced} to your models.json.',
	},
};
