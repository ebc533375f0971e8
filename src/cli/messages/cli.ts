import type { cliSentences } from '../../core/errors/sentences/cli.ts';

export const cliOnlyMessages: Readonly<Record<keyof typeof cliSentences, string | null>> = {
	usage: null,
	'cli.cancelled': null,
	'cli.checkerConsent': null,
	'cli.hostUnfit': null,
	'cli.noSkill': null,
	'cli.ambiguousSkill': null,
	'cli.noQuestion': null,
	'cli.assignmentLine': null,
	'cli.assignmentField': null,
	'cli.sweep': null,
	'cli.jobEnded': null,
};
