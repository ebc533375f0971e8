import type { difficultySentences } from '../../core/errors/sentences/difficulty.ts';

export const difficultyMessages: Readonly<Record<keyof typeof difficultySentences, string | null>> = {
	'difficulty.noAnswers':
		'{student} has no answers in round {round}: run "import answers FILE --student {student}" first',
	'difficulty.noRule':
		'no rule fits: there are no gold answers, no step scores and not {samples} samples a question; ' +
		'choose one with --method (length needs no golds; with teacher, the teacher judges the answers)',
	'difficulty.badWords': '--words must be above 0, not {words}',
	'difficulty.badSamples': '--samples must be a whole number from {least} on, not {samples}',
	'difficulty.badRightBelow':
		'--right-below must lie above 0 and up to --samples, which must be 2 or more: ' +
		'{rightBelow} of {samples} does not fit',
	'difficulty.badThreshold': '--{name} must lie between 0 and 1, not {value}',
};
