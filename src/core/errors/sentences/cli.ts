import type { ErrorKind } from '../errorKind.ts';

/** Errors that only the command line throws. src/cli writes `{problem}`, including flags and commands. */
export const cliSentences = {
	usage: '{problem}',
	'cli.cancelled': '{problem}',
	'cli.checkerConsent': '{problem}',
	'cli.hostUnfit': '{host} cannot run a job: {findings}',
	'cli.noSkill': 'there is no skill “{skill}”; {alternatives}',
	'cli.ambiguousSkill': '“{skill}” is a skill of {subjects}: write subject/name',
	'cli.noQuestion': 'no question has this ID or exactly this text',
	'cli.assignmentLine':
		'{file}:{line}: not JSON: expected an object with question (text or ID) and skill (one of the parts)',
	'cli.assignmentField': '{file}:{line}: {field}: expected a string',
	'cli.sweep': 'sweep {sweep}: {reason}',
	'cli.jobEnded': 'job {job} on {host}: {state}',
} as const;

export const cliKinds = {
	usage: 'usage',
	'cli.cancelled': 'cancelled',
	'cli.checkerConsent': 'consent',
} as const satisfies Partial<Record<keyof typeof cliSentences, ErrorKind>>;
