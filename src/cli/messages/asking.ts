import type { askingSentences } from '../../core/errors/sentences/asking.ts';

export const askingMessages: Readonly<Record<keyof typeof askingSentences, string | null>> = {
	'asking.noTeacher':
		'no teacher is set: give --teacher-url and --teacher-model (or STAT_TEACHER_URL and ' +
		'STAT_TEACHER_MODEL), or --teacher scripted:FILE',
	'asking.nothingAnswered': null,
	'asking.budgetUsedUp':
		'the budget is used up: {done} of {total} replies are stored; run the same command again ' +
		'with a larger --budget (nothing is paid for twice)',
	'asking.mixedPrices':
		'--budget cannot limit this command: {priced} has a price and {unpriced} has none; give --budget-calls N ' +
		'as well (or add the price of {unpriced} to your models.json)',
};
