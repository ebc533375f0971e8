import type { ErrorKind } from '../errorKind.ts';

export const diagnosisSentences = {
	'diagnosis.none': 'there is no diagnosis to agree with: diagnose the question first',
} as const;

export const diagnosisKinds = {
	'diagnosis.none': 'usage',
} as const satisfies Partial<Record<keyof typeof diagnosisSentences, ErrorKind>>;
