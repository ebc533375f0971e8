import type { questionsSentences } from '../../core/errors/sentences/questions.ts';

export const questionsMessages: Readonly<Record<keyof typeof questionsSentences, string | null>> = {
	'questions.none': 'there are no questions yet: run "import questions FILE --split S" first',
	'questions.noTraining': 'there are no training questions: run "import questions FILE --split train" first',
	'questions.badName': null,
	'questions.badRound': null,
	'questions.noStudent':
		'{file}: the file does not name one student: name the one whose answers these are with --student',
	'questions.badTemplate': null,
	'questions.checkerCommand': null,
	'questions.checkerFile': null,
	'questions.checkerFolder': null,
	'questions.checkerProgram': null,
	'questions.checkerMissing': null,
	'questions.checkerNotAllowed':
		'the checker "{command}" was never allowed on this machine; it may run what the student wrote, so a project ' +
		'cannot choose it: read it, then run "regrade" with --grading \'exec:{command}\' --yes',
	'questions.checkerChanged':
		'the checker "{command}" has changed since it was allowed on this machine, in its command or a file that it ' +
		'names: read it, then run "regrade" with --grading \'exec:{command}\' --yes',
	'questions.tooMany':
		'these are more than {most} questions, which is a corpus rather than a benchmark: import ' +
		'them with "import questions"',
	'questions.difficultPart':
		'{name} is not imported: it is the difficult part of {of} for one student. Add {of}, classify its ' +
		'answers, then evaluate {name}',
	'questions.notCached': null,
	'questions.cacheEmpty': null,
};
