export const readingSentences = {
	'reading.noAnswers': 'there are no student answers yet: import some first',
	'reading.noStudent': 'no student "{student}" has answers here; students with answers: {students}',
	'reading.noRound': 'student "{student}" has no answers in round {round}, only in: {rounds}',
} as const;
