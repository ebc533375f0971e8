import type { HostSettings } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { preamble } from './place.ts';
import { shellLine } from './shellQuote.ts';

/** What a job's processes are started with, all of them shell expressions, for `$ROOT` is known on the host only. */
export interface Starter {
	readonly interpreter: string;
	readonly trainer: string;
	/** Processes that train together. */
	readonly gpus: number;
	/** The job whose end is waited for. */
	readonly after: string | undefined;
}

/**
 * `run.sh` of a job folder. Its first act claims the job by making a folder, which succeeds once: starting it again,
 * because a reply was lost or by a second editor, does nothing. `run.sh N [AFTER]` is the N-th run of a job a person
 * resumed: it claims a folder of its own. A trainer that was killed is started again and goes on from its checkpoint;
 * one that ended by itself, or was cancelled, is not. `exit` appears last, whole or not at all: 143 when a person
 * cancelled it, 145 when the host or Slurm stopped it (time limit, preemption, shutdown), after which a requeued Slurm
 * job goes on. Of several processes, exit.json says how they ended: their launcher's code does not.
 */
export function runScript(settings: HostSettings, { interpreter, trainer, gpus, after }: Starter): string {
	return `#!/bin/sh
# Made by STAT Studio. Started in its job folder, by hand or by Slurm; runs at most once.
${preamble(settings)}
turn=\${1:-1}
after=\${2:-${after === undefined ? '' : checkJobId(after)}}
claim=claimed; [ "$turn" = 1 ] || claim=claimed.$turn
silent() { [ -z "$(find "$1/heartbeat" "$1/waiting" "$1/identity" -mmin -2 2>/dev/null)" ]; }
# Twice, because a clock that jumps makes every heartbeat look old until the next.
over() { [ ! -d "$1" ] || [ -e "$1/exit" ] || { silent "$1" && sleep 12 && silent "$1"; }; }
if [ -n "$after" ] && [ ! -e "$claim" ]; then
	until : > waiting; over "../$after"; do
		[ -e "$claim" ] || { [ "$turn" = 1 ] && { [ -e cancelled ] || [ -e exit ]; }; } && exit 0
		sleep 5
	done
	[ "$turn" = 1 ] && [ -e cancelled ] && exit 0
fi
if mkdir "$claim" 2>/dev/null; then
	printf '%s\\n' "\${SLURM_JOB_ID:-}" > "$claim/slurm"
	[ "$turn" = 1 ] || rm -f cancelled
elif [ -z "\${SLURM_JOB_ID:-}" ] || [ "$(cat "$claim/slurm" 2>/dev/null)" != "$SLURM_JOB_ID" ] || [ "\${SLURM_RESTART_COUNT:-0}" -eq 0 ] || [ "$(cat exit 2>/dev/null || echo 145)" != 145 ]; then
	exit 0
fi
rm -f exit stopped
start=$(sed 's/.*) //' "/proc/$$/stat" 2>/dev/null | cut -d' ' -f20)
printf '%s\\n%s\\n%s\\n%s\\n%s\\n' "$$" "$start" "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" "$(uname -n)" "$turn" > identity.tmp && mv -f identity.tmp identity
rm -f waiting
finish() { printf '%s\\n' "$1" > exit.tmp && mv -f exit.tmp exit; exit "$1"; }
grep -q '^{"code": 0,' exit.json 2>/dev/null && finish 0
child=
trap ': > stopped; [ -n "$child" ] && kill -TERM "$child" 2>/dev/null' TERM INT
${settings.prelude ?? ''}
PYTHONPATH=${trainer}
PYTHONUNBUFFERED=1
HF_HUB_OFFLINE=1
export PYTHONPATH PYTHONUNBUFFERED HF_HUB_OFFLINE
attempt=0
while [ ! -e cancelled ] && [ ! -e stopped ]; do
	rm -f exit.json
	${interpreter} ${gpus > 1 ? `${shellLine(accelerate(settings, gpus))} ` : ''}-m stat_trainer . </dev/null >>output 2>&1 &
	child=$!
	while :; do
		wait "$child"
		code=$?
		kill -0 "$child" 2>/dev/null || break
	done
${gpus > 1 ? `	[ "$code" -eq 0 ] || { code=$(sed -n 's/^{"code": \\([0-9]*\\),.*/\\1/p' exit.json 2>/dev/null); ` + `code=\${code:-137}; }\n` : ''}	[ "$code" -eq 0 ] && finish 0
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

/**
 * What stands between the interpreter and the trainer: one process a GPU. A configuration of the person's own decides
 * how they share the model.
 */
function accelerate({ accelerateArguments = [] }: HostSettings, gpus: number): string[] {
	const own = accelerateArguments.some((argument) => /^--(config_file|use_fsdp|use_deepspeed)\b/.test(argument));
	return [
		'-m',
		'accelerate.commands.launch',
		...(own ? [] : ['--multi_gpu', '--mixed_precision', 'no', '--dynamo_backend', 'no']),
		'--num_processes',
		String(gpus),
		'--num_machines',
		'1',
		'--main_process_port',
		'0',
		...accelerateArguments,
	];
}
