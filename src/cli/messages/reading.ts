import type { readingSentences } from '../../core/errors/sentences/reading.ts';

export const readingMessages: Readonly<Record<keyof typeof readingSentences, string | null>> = {
	'reading.noAnswers': 'there are no student answers yet: run "import answers FILE --student NAME" first',
	'reading.noStudent': null,
	'reading.noRound': 'student "{student}" has no answers in round {round}; rounds with answers: {rounds}',
};
