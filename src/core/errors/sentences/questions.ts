import type { ErrorKind } from '../errorKind.ts';
import { sentence } from '../sentence.ts';

export const questionsSentences = {
	'questions.none': 'there are no questions yet: import some first',
	'questions.noTraining': 'there are no training questions: import some first',
	'questions.badName': 'a {what} needs a name of 1 to 300 characters, without control characters',
	'questions.badRound': 'rounds are numbered from 1: there is no round {round}',
	'questions.noStudent': '{file}: the file does not name one student: name the one whose answers these are',
	'questions.badTemplate':
		'the project setting "studentTemplate" is not valid: expected kind ("chat" or "plain"), system and instruction',
	'questions.checkerCommand':
		'the command of the checker cannot be read: expected a program and its arguments, with every quote closed, not {command}',
	'questions.checkerFile': '{file} is larger than {most} MB: a checker names its script, and no data',
	'questions.checkerFolder': sentence(
		'{folder} is a folder, and the consent to a checker covers files: name its files, or pack it as one ',
		'(python3 -m zipapp)',
	),
	'questions.checkerProgram': '{program}: not in PATH',
	'questions.checkerMissing': '{file}: no such file',
	'questions.checkerNotAllowed': sentence(
		'the checker "{command}" was never allowed on this machine; it may run what the student wrote, so a project ',
		'cannot choose it: read it, then allow it yourself',
	),
	'questions.checkerChanged': sentence(
		'the checker "{command}" has changed since it was allowed on this machine, in its command or a file that it ',
		'names: read it, then allow it again',
	),
	'questions.tooMany':
		'these are more than {most} questions, which is a corpus rather than a benchmark: import them as questions',
	'questions.difficultPart':
		'{name} is the difficult part of {of} for one student: add {of}, classify its answers, then evaluate {name}',
	'questions.notCached':
		'the Hugging Face cache on {host} has no files for {name}, only for {others}: add {name} from your own files',
	'questions.cacheEmpty':
		'the Hugging Face cache on {host} has no files for {name} or any other known benchmark: add {name} from your own files',
} as const;

export const questionsKinds = {
	'questions.badName': 'usage',
	'questions.badRound': 'usage',
	'questions.noStudent': 'usage',
	'questions.checkerCommand': 'usage',
	'questions.checkerFile': 'usage',
	'questions.checkerFolder': 'usage',
	'questions.checkerProgram': 'usage',
	'questions.checkerMissing': 'usage',
	'questions.checkerNotAllowed': 'consent',
	'questions.checkerChanged': 'consent',
	'questions.difficultPart': 'usage',
	'questions.notCached': 'usage',
	'questions.cacheEmpty': 'usage',
} as const satisfies Partial<Record<keyof typeof questionsSentences, ErrorKind>>;
