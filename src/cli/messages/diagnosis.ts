import type { diagnosisSentences } from '../../core/errors/sentences/diagnosis.ts';

export const diagnosisMessages: Readonly<Record<keyof typeof diagnosisSentences, string | null>> = {
	'diagnosis.none': null,
	'diagnosis.nothingForJury':
		'no answer from {student} in round {round} has been diagnosed yet: a jury only reads answers ' +
		'that a teacher has diagnosed ("diagnose")',
	'diagnosis.juryIsTeacher':
		'{model} made these diagnoses itself: choose another model for the jury (--jury-url, --jury-model)',
};
