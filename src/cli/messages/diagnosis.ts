import type { diagnosisSentences } from '../../core/errors/sentences/diagnosis.ts';

export const diagnosisMessages: Readonly<Record<keyof typeof diagnosisSentences, string | null>> = {
	'diagnosis.none': null,
	'diagnosis.nothingForJury':
		'no answer from {student} in round {round} has been diagnosed yet: a second teacher only reads ' +
		'answers that a teacher has diagnosed ("diagnose")',
	'diagnosis.juryIsTeacher':
		'{model} made these diagnoses itself: choose another second teacher (--jury-model, --compare)',
};
