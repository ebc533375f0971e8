import { StatError } from '../core/errors/statError.ts';
import type { HostSettings, JobRecord, JobState, JobStatus } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { checkToken, preamble } from './place.ts';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';

/**
 * Shell function `alive`: is the process that claimed this job still the one with its pid? Pids are reused, boots
 * change.
 */
export const aliveFunction = `alive() {
	[ -e identity ] || return 1
	{ read -r pid; read -r start; read -r boot; read -r node; } < identity
	[ "$node" = "$(uname -n)" ] && [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)" ] || return 1
	# A process that ended and that nobody has waited for is still listed, as Z.
	[ "$(sed 's/.*) \\([^Z]\\) /\\1 /' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20)" = "$start" ]
}
`;

/** Heartbeats come every 5 s; a busy or network file system may be late. */
const heartbeatLimit = 90;

/** States of many jobs in one round trip, from their own files. */
export async function status(
	shell: Shell,
	settings: HostSettings,
	records: readonly JobRecord[],
	signal: AbortSignal,
): Promise<JobStatus[]> {
	if (records.length === 0) {
		return [];
	}
	// By name, which is ours alone: Slurm forgets ids when its controller dies, and gives them to others.
	const asksSlurm = records.some(({ launcher }) => launcher === 'slurm');
	const script = `${preamble(settings)}${aliveFunction}
${asksSlurm ? `queues=$(squeue -h -u "$(id -un)" -o '%j %T %r' 2>/dev/null) || queues=` : 'queues='}${asksSlurm ? `'?'` : ''}
look() {
	JOB="$ROOT/jobs/$1"
	[ -d "$JOB" ] && [ ! -L "$JOB" ] || { echo "job $1 absent"; return; }
	cd "$JOB" || { echo "job $1 absent"; return; }
	[ "$(cat token 2>/dev/null)" = "$2" ] || { echo "job $1 foreign"; return; }
	ended=$(cat exit 2>/dev/null)
	claim=no; [ -e claimed ] && claim=yes
	live=no; alive && live=yes
	sign=heartbeat; [ -e heartbeat ] || sign=identity
	beat=; [ -e $sign ] && beat=$(age $sign)
	silent=no
	case " $doubts" in *" $1:$(stat -c %Y $sign 2>/dev/null) "*) silent=yes; stat -c %Y $sign > silent ;; *" $1:"*) beat=0 ;; esac
	wait=; [ -e waiting ] && wait=$(age waiting)
	id=$(cat slurm 2>/dev/null || cat claimed/slurm 2>/dev/null)
	# Written last by the job, read last by us: an exit seen now is final.
	[ -n "$ended" ] || ended=$(cat exit 2>/dev/null)
	echo "job $1 exit=$ended claim=$claim live=$live beat=$beat silent=$silent wait=$wait bytes=$(wc -c < events.jsonl 2>/dev/null || echo 0) slurm=$id"
	if [ "$queues" = '?' ]; then echo 'queue ?'; else printf '%s\\n' "$queues" | sed -n "s/^stat-$1 /queue stat-$1 /p" | head -n 1; fi
	[ -e exit.json ] && { printf 'message '; head -c 2000 exit.json | tr '\\n' ' '; echo; }
	[ -n "$ended" ] && [ "$ended" != 0 ] && { printf 'output '; tail -n 5 output 2>/dev/null | tr '\\n' ' ' | tail -c 300; echo; }
	[ -e cancelled ] && echo cancelling
}
age() { echo $(( $(date +%s) - $(stat -c %Y "$1" 2>/dev/null || echo 0) )); }
# A heartbeat that looks old, or from the future, may be a clock that jumped: it beats again within 5 s, or it does not.
doubt() {
	cd "$ROOT/jobs/$1" 2>/dev/null || return
	[ -e claimed ] && [ ! -e exit ] && [ -e heartbeat ] && ! alive || return
	at=$(stat -c %Y heartbeat); old=$(age heartbeat)
	[ "$(cat silent 2>/dev/null)" = "$at" ] && { echo "$1:$at"; return; }
	{ [ "$old" -ge ${heartbeatLimit} ] || [ "$old" -lt -5 ]; } && { echo "$1:$at"; : > "$ROOT/.look.$$"; }
}
doubts="$(
${records.map((record) => `( doubt ${checkJobId(record.id)} )`).join('\n')}
) "
doubts="$(printf %s "$doubts" | tr '\\n' ' ') "
[ -e "$ROOT/.look.$$" ] && { rm -f "$ROOT/.look.$$"; sleep 7; }
${records.map((record) => `( look ${checkJobId(record.id)} ${checkToken(record.token)} )`).join('\n')}
`;
	const { stdout, code, stderr } = await shell.run(script, { signal, timeoutMs: 60_000 });
	if (code !== 0 && stdout.length === 0) {
		throw new StatError('remote.states', { host: shell.host, reason: plainLine(stderr) || `exit ${code}` });
	}
	const blocks = new Map<string, string[]>();
	let block: string[] = [];
	for (const line of stdout.toString('utf8').split('\n')) {
		const match = /^job ([a-z0-9-]+) /.exec(line);
		if (match?.[1]) {
			blocks.set(match[1], (block = []));
		}
		block.push(line);
	}
	return records.map((record) => readStatus(record, blocks.get(record.id) ?? []));
}

function readStatus(record: JobRecord, lines: readonly string[]): JobStatus {
	const head = lines[0] ?? '';
	const field = (name: string) => new RegExp(`(?:^| )${name}=(\\S*)`).exec(head)?.[1] ?? '';
	const line = (word: string) => lines.find((one) => one.startsWith(`${word} `))?.slice(word.length + 1) ?? '';
	const slurmId = /^\d+$/.test(field('slurm')) ? field('slurm') : null;
	const beat = /^-?\d+$/.test(field('beat')) ? Number(field('beat')) : null;
	const done = (state: JobState, detail: string, exitCode: number | null = null): JobStatus => ({
		id: record.id,
		state,
		detail: plainLine(detail),
		exitCode,
		eventBytes: Number(field('bytes')) || 0,
		heartbeatAge: beat,
		slurmId,
	});
	if (head === '' || head.endsWith(' absent')) {
		return done('lost', 'its folder is not on the host: never sent, or cleaned away');
	}
	if (head.endsWith(' foreign')) {
		return done('lost', 'the folder of that name on the host is another job’s');
	}
	const exit = field('exit');
	if (/^\d+$/.test(exit)) {
		const exitCode = Number(exit);
		const message = /"message": ?"((?:[^"\\]|\\.)*)"/.exec(line('message'))?.[1] ?? '';
		const said = message ? (JSON.parse(`"${message}"`) as string) : line('output');
		return exitCode === 0
			? done('done', '', 0)
			: exitCode === 143
				? done('cancelled', 'cancelled', 143)
				: exitCode === 145
					? done(
							'failed',
							'stopped by the host or by Slurm (time limit, preemption, shutdown); its ' +
								'checkpoints are there',
							145,
						)
					: done('failed', said || `exit ${exitCode}`, exitCode);
	}
	const queue = line('queue').split(' ');
	const ours = queue[0] === `stat-${record.id}`;
	const cancelling = lines.includes('cancelling');
	const wait = /^-?\d+$/.test(field('wait')) && field('live') !== 'yes' ? Number(field('wait')) : null;
	if (wait !== null && Math.abs(wait) < heartbeatLimit) {
		return done('queued', 'waits for the job before it');
	}
	if (ours && queue[1] === 'PENDING') {
		return done('queued', `in the queue: ${queue.slice(1).join(' ').toLowerCase()}`);
	}
	if (field('claim') !== 'yes') {
		if (cancelling) {
			return done('cancelled', 'cancelled before it began');
		}
		if (record.launcher === 'slurm') {
			return ours
				? done('queued', `in the queue: ${queue.slice(1).join(' ').toLowerCase()}`)
				: slurmId && queue[0] !== '?'
					? done('lost', 'Slurm no longer knows it and it never began')
					: done('queued', slurmId ? 'Slurm does not answer' : 'not handed to Slurm yet');
		}
		return wait === null
			? done('queued', 'sent, not started')
			: done('lost', 'it waited for the job before it, and its host restarted meanwhile: resume it');
	}
	if (field('live') === 'yes' || (beat !== null && beat < heartbeatLimit && field('silent') !== 'yes') || ours) {
		return done('running', cancelling ? 'being cancelled' : '');
	}
	return cancelling
		? done('cancelled', 'cancelled')
		: done(
				'lost',
				beat === null
					? 'it stopped before its first heartbeat'
					: beat < heartbeatLimit
						? 'its heartbeat has stopped: the host restarted or the process was killed'
						: `no sign of life for ${beat} s: the host restarted or the process was killed`,
			);
}
