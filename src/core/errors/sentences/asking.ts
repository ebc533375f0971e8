import type { ErrorKind } from '../errorKind.ts';

export const askingSentences = {
	'asking.noTeacher': 'no teacher is set: choose an endpoint and a model first',
	'asking.nothingAnswered': '{step}: {who} answered none of {calls} calls: {reason}',
	'asking.budgetUsedUp':
		'the budget is used up: {done} of {total} replies are stored; run the step again with a larger budget',
	'asking.mixedPrices':
		'dollars cannot limit this step: {priced} has a price, {unpriced} has none; set a budget in calls as well',
} as const;

export const askingKinds = {
	'asking.noTeacher': 'usage',
	'asking.mixedPrices': 'usage',
} as const satisfies Partial<Record<keyof typeof askingSentences, ErrorKind>>;
