import type { HostSettings } from '../core/job.ts';
import { preamble } from './place.ts';

/**
 * `run.sh` of a job folder. Its first act claims the job by making a folder, which succeeds once: starting it again,
 * because a reply was lost or by a second editor, does nothing. A trainer that was killed is started again and goes on
 * from its checkpoint; one that ended by itself, or was cancelled, is not. `exit` appears last, whole or not at all:
 * 143 when a person cancelled it, 145 when the host or Slurm stopped it (time limit, preemption, shutdown), after which
 * a requeued Slurm job goes on.
 */
export function runScript(settings: HostSettings, /** Shell expressions, for `$ROOT` is known on the host only. */ interpreter: string, trainer: string): string {
	return `#!/bin/sh
# Made by STAT Studio. Started in its job folder, by hand or by Slurm; runs at most once.
${preamble(settings)}
if mkdir claimed 2>/dev/null; then
	printf '%s\\n' "\${SLURM_JOB_ID:-}" > claimed/slurm
elif [ -z "\${SLURM_JOB_ID:-}" ] || [ "$(cat claimed/slurm 2>/dev/null)" != "$SLURM_JOB_ID" ] || [ "\${SLURM_RESTART_COUNT:-0}" -eq 0 ] || [ "$(cat exit 2>/dev/null || echo 145)" != 145 ]; then
	exit 0
fi
rm -f exit stopped
start=$(sed 's/.*) //' "/proc/$$/stat" 2>/dev/null | cut -d' ' -f20)
printf '%s\\n%s\\n%s\\n%s\\n' "$$" "$start" "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" "$(uname -n)" > identity.tmp && mv -f identity.tmp identity
finish() { printf '%s\\n' "$1" > exit.tmp && mv -f exit.tmp exit; exit "$1"; }
child=
trap ': > stopped; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
${settings.prelude ?? ''}
PYTHONPATH=${trainer}
PYTHONUNBUFFERED=1
HF_HUB_OFFLINE=1
export PYTHONPATH PYTHONUNBUFFERED HF_HUB_OFFLINE
attempt=0
while [ ! -e cancelled ] && [ ! -e stopped ]; do
	${interpreter} -m stat_trainer . </dev/null >>output 2>&1 &
	child=$!
	while :; do
		wait "$child"
		code=$?
		kill -0 "$child" 2>/dev/null || break
	done
	[ "$code" -eq 0 ] && finish 0
	{ [ -e cancelled ] || [ -e stopped ]; } && break
	case $code in 1|2) finish "$code" ;; esac
	attempt=$((attempt + 1))
	[ "$attempt" -ge 5 ] && finish "$code"
	printf 'the trainer was killed (exit %s); starting it again from its last checkpoint\\n' "$code" >>output
	sleep 2
done
[ -e cancelled ] && finish 143
finish 145
`;
}
