import type { ErrorKind } from '../errorKind.ts';

export const runSentences = {
	'run.cancelled': 'cancelled; everything finished so far is stored',
	'file.failed': '{file}: {reason}',
} as const;

export const runKinds = {
	'run.cancelled': 'cancelled',
} as const satisfies Partial<Record<keyof typeof runSentences, ErrorKind>>;
