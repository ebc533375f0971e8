import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { slurmValues } from './launch.ts';
import { enterJob, script } from './place.ts';
import aliveText from './scripts/alive.sh';
import resumeText from './scripts/resume.sh';
import submitText from './scripts/submit.sh';
import type { Shell } from './shell.ts';
import { persistently, plainLine } from './shell.ts';

/**
 * Resumes a job that failed, was cancelled or was lost from its last checkpoint. Its N-th run claims its own folder
 * (`claimed.N`), which can succeed only once. The next number becomes available only when the previous run is known to
 * have ended. Therefore resuming twice, from two machines or after a lost reply, starts only one trainer.
 */
export async function resume(
	shell: Shell,
	settings: HostSettings,
	record: JobRecord,
	run: HostRun,
	after?: string,
): Promise<void> {
	const values = { ...slurmValues(settings, record), AFTER: after === undefined ? '' : checkJobId(after) };
	const next = script([enterJob(settings, record), aliveText, submitText, resumeText], values);
	const { code, stderr } = await persistently(run.signal, () => shell.run(next, { signal: run.signal }));
	if (code !== 0) {
		throw new StatError('remote.resume', {
			host: shell.host,
			job: record.id,
			reason: plainLine(stderr) || `exit ${code}`,
		});
	}
}
