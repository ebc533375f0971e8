import type { difficultySentences } from '../../core/errors/sentences/difficulty.ts';

export const difficultyMessages: Readonly<Record<keyof typeof difficultySentences, string | null>> = {
	'difficulty.noAnswers':
		'{student} has no answers in round {round}: run "import answers FILE --student {student}" first',
	'difficulty.noRule':
		'no rule can be chosen automatically: no answer could be graded, there are no step scores, and each ' +
		'question has fewer than {samples} samples; choose one with --method (length needs no gold ' +
		'answers; with teacher, the teacher judges the answers)',
	'difficulty.badWords': '--words must be above 0, not {words}',
	'difficulty.badSamples': '--samples must be a whole number of at least {least}, not {samples}',
	'difficulty.badRightBelow':
		'--right-below must be above 0 and at most --samples, which must be 2 or more: {rightBelow} ' +
		'of {samples} does not fit',
	'difficulty.badThreshold': '--{name} must be between 0 and 1, not {value}',
};
