import type { jobsSentences } from '../../core/errors/sentences/jobs.ts';

export const jobsMessages: Readonly<Record<keyof typeof jobsSentences, string | null>> = {
	'jobs.id': 'job {job}: not a job ID; `stat-studio jobs list` shows the IDs',
	'jobs.none': 'job {job}: this project has no such job; `stat-studio jobs list` shows all of them',
	'jobs.ambiguous': 'job {job}: {count} job IDs begin with this; `stat-studio jobs list` shows them in full',
	'jobs.otherRecord': null,
	'jobs.row': null,
};
