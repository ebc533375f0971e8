import type { ErrorKind } from '../errorKind.ts';

export const trainingSentences = {
	'training.unknownSetting': '{recipe} has no setting {key}; there are {keys}',
	'training.settingValue': '{key}={value}: expected {expected}',
} as const;

export const trainingKinds = {
	'training.unknownSetting': 'usage',
	'training.settingValue': 'usage',
} as const satisfies Partial<Record<keyof typeof trainingSentences, ErrorKind>>;
