import type { runSentences } from '../../core/errors/sentences/run.ts';

export const runMessages: Readonly<Record<keyof typeof runSentences, string | null>> = {
	'run.cancelled': null,
	'file.failed': null,
};
