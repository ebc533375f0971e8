import type { ErrorKind } from '../errorKind.ts';

export const jobsSentences = {
	'jobs.id': 'job {job}: not a job ID',
	'jobs.none': 'job {job}: this project has no such job',
	'jobs.ambiguous': 'job {job}: {count} job IDs begin with this: give more of the ID',
	'jobs.otherRecord': '{file} is the record of another job: delete it, or restore it from a backup',
	'jobs.row': '{file}:{line}: expected a JSON object',
} as const;

export const jobsKinds = {
	'jobs.id': 'usage',
	'jobs.none': 'usage',
	'jobs.ambiguous': 'usage',
} as const satisfies Partial<Record<keyof typeof jobsSentences, ErrorKind>>;
