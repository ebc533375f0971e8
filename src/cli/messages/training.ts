import type { trainingSentences } from '../../core/errors/sentences/training.ts';

export const trainingMessages: Readonly<Record<keyof typeof trainingSentences, string | null>> = {
	'training.unknownSetting': '--set {key}=…: {recipe} has no such setting; there are {keys}',
	'training.settingValue': '--set {key}={value}: expected {expected}',
};
