import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { submit } from './launch.ts';
import { enterJob } from './place.ts';
import type { Shell } from './shell.ts';
import { persistently, plainLine } from './shell.ts';
import { aliveFunction } from './status.ts';

/**
 * A job that ended badly, was cancelled or was lost goes on from its last checkpoint. Its N-th run claims a folder of
 * its own (`claimed.N`), which succeeds once; the next number is free only when the run before it is known to be over,
 * so that asking twice, from two machines or after a lost reply, starts one trainer.
 */
export async function resume(
	shell: Shell,
	settings: HostSettings,
	record: JobRecord,
	run: HostRun,
	after?: string,
): Promise<void> {
	const name = `stat-${checkJobId(record.id)}`;
	const script = `${enterJob(settings, record)}${aliveFunction}
say() { echo "$1" >&2; exit 3; }
if [ ! -e claimed ]; then
	# Cancelled before its turn, or launched by somebody who went away.
	[ -e run.sh ] || say 'it was never sent'
	rm -f cancelled exit waiting
	turn=1
else
	last=1; while [ -e "claimed.$((last + 1))" ]; do last=$((last + 1)); done
	claim=claimed; [ "$last" = 1 ] || claim=claimed.$last
	ran=$(sed -n 5p identity 2>/dev/null); ran=\${ran:-1}
	[ -e identity ] && [ "$ran" = "$last" ] || [ -z "$(find "$claim" -maxdepth 0 -mmin -1)" ] || { echo started; exit 0; }
	alive && { [ ! -e exit ] || sleep 1; }
	alive && { echo started; exit 0; }
	[ "$(cat exit 2>/dev/null)" = 0 ] && say 'it is done: there is nothing left to do'
	if [ ! -e exit ]; then
		[ -n "$(squeue -h -u "$(id -un)" -n ${name} -o %i 2>/dev/null)" ] && { echo started; exit 0; }
		beat=$(stat -c %Y heartbeat 2>/dev/null)
		[ -n "$beat" ] && { [ -n "$(find heartbeat -mmin -2)" ] && { sleep 7; [ "$(stat -c %Y heartbeat)" = "$beat" ] || { echo started; exit 0; }; }; }
	fi
	mv -f exit "exit.$last" 2>/dev/null
	turn=$((last + 1))
fi
${
	record.launcher === 'slurm'
		? submit(settings, record, '"$turn"')
		: `setsid nohup sh run.sh "$turn" ${after === undefined ? '' : checkJobId(after)} </dev/null >>wrapper.log 2>&1 &
i=0; while [ ! -e "claimed.$turn" ] && [ "$turn" != 1 -o ! -e claimed ] && ! { [ -e waiting ] && [ -n "$(find waiting -mmin -1)" ]; } && [ $i -lt 50 ]; do sleep 0.1; i=$((i + 1)); done`
}
echo started
`;
	const { code, stderr } = await persistently(run.signal, () => shell.run(script, { signal: run.signal }));
	if (code !== 0) {
		throw new StatError('remote.resume', {
			host: shell.host,
			job: record.id,
			reason: plainLine(stderr) || `exit ${code}`,
		});
	}
}
