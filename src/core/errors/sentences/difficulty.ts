import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const difficultySentences = {
	'difficulty.noAnswers': '{student} has no answers in round {round}: import some first',
	'difficulty.noRule':
		'no rule fits: there are no gold answers, no step scores and not {samples} samples a question; choose a rule',
	'difficulty.badWords': 'the number of words must be above 0, not {words}',
	'difficulty.badSamples': 'the number of samples must be a whole number from {least} on, not {samples}',
	'difficulty.badRightBelow': sentence(
		'the number of right answers must lie above 0 and up to the number of samples, of which several are needed: ',
		'{rightBelow} of {samples} does not fit',
	),
	'difficulty.badThreshold': 'the threshold {name} must lie between 0 and 1, not {value}',
} as const;

export const difficultyKinds = {
	'difficulty.noRule': 'usage',
	'difficulty.badWords': 'usage',
	'difficulty.badSamples': 'usage',
	'difficulty.badRightBelow': 'usage',
	'difficulty.badThreshold': 'usage',
} as const satisfies Partial<Record<keyof typeof difficultySentences, ErrorKind>>;
