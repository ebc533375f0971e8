import type { ErrorKind } from '../errorKind.ts';

export const diagnosisSentences = {
	'diagnosis.none': 'there is no diagnosis to agree with: diagnose the question first',
	'diagnosis.nothingForJury':
		'no answer from {student} in round {round} has been diagnosed yet: a second teacher only reads answers that a teacher has diagnosed',
	'diagnosis.juryIsTeacher': '{model} made these diagnoses itself: choose another second teacher',
} as const;

export const diagnosisKinds = {
	'diagnosis.none': 'usage',
	'diagnosis.juryIsTeacher': 'usage',
} as const satisfies Partial<Record<keyof typeof diagnosisSentences, ErrorKind>>;
