import type { diagnosisSentences } from '../../core/errors/sentences/diagnosis.ts';

export const diagnosisMessages: Readonly<Record<keyof typeof diagnosisSentences, string | null>> = {
	'diagnosis.none': null,
};
