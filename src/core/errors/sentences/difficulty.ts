import { sentence } from '../sentence.ts';
import type { ErrorKind } from '../errorKind.ts';

export const difficultySentences = {
	'difficulty.noAnswers': '{student} has no answers in round {round}: import some first',
	'difficulty.noRule': sentence(
		'no rule can be chosen automatically: no answer could be graded, ',
		'there are no step scores, and each question has fewer than {samples} samples; choose a rule yourself',
	),
	'difficulty.badWords': 'the number of words must be above 0, not {words}',
	'difficulty.badSamples': 'the number of samples must be a whole number of at least {least}, not {samples}',
	'difficulty.badRightBelow': sentence(
		'the number of right answers must be above 0 and at most the number of samples, which must ',
		'be 2 or more: ',
		'{rightBelow} of {samples} does not fit',
	),
	'difficulty.badThreshold': 'the threshold {name} must be between 0 and 1, not {value}',
} as const;

export const difficultyKinds = {
	'difficulty.noRule': 'usage',
	'difficulty.badWords': 'usage',
	'difficulty.badSamples': 'usage',
	'difficulty.badRightBelow': 'usage',
	'difficulty.badThreshold': 'usage',
} as const satisfies Partial<Record<keyof typeof difficultySentences, ErrorKind>>;
