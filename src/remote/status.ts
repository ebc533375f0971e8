import { StatError } from '../core/errors/statError.ts';
import type { HostSettings, JobRecord, JobState, JobStatus } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { checkToken, preamble, script } from './place.ts';
import aliveText from './scripts/alive.sh';
import statusText from './scripts/status.sh';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';

/** Heartbeats come every 5 s, but a busy host or a network file system may delay them. */
const heartbeatLimit = 90;

/** Reads the states of many jobs from their own files in one round trip. */
export async function status(
	shell: Shell,
	settings: HostSettings,
	records: readonly JobRecord[],
	signal: AbortSignal,
): Promise<JobStatus[]> {
	if (records.length === 0) {
		return [];
	}
	const values = {
		SLURM: records.some(({ launcher }) => launcher === 'slurm') ? 'yes' : 'no',
		LIMIT: heartbeatLimit,
	};
	const pairs = records.flatMap(({ id, token }) => [checkJobId(id), checkToken(token)]);
	const looked = script([preamble(settings), aliveText, statusText], values, pairs);
	const { stdout, code, stderr } = await shell.run(looked, { signal, timeoutMs: 60_000 });
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
	const line = (keyword: string) =>
		lines.find((one) => one.startsWith(`${keyword} `))?.slice(keyword.length + 1) ?? '';
	const slurmId = /^\d+$/.test(field('slurm')) ? field('slurm') : null;
	const beat = /^-?\d+$/.test(field('beat')) ? Number(field('beat')) : null;
	const done = (
		state: JobState,
		detail: string,
		{ exitCode = null, isLaunchable = false }: { exitCode?: number | null; isLaunchable?: boolean } = {},
	): JobStatus => ({
		id: record.id,
		state,
		detail: plainLine(detail),
		exitCode,
		isLaunchable,
		eventBytes: Number(field('bytes')) || 0,
		heartbeatAge: beat,
		slurmId,
	});
	if (head === '' || head.endsWith(' absent')) {
		return done('lost', 'its folder is not on the host: never sent, or cleaned away', { isLaunchable: true });
	}
	if (head.endsWith(' foreign')) {
		return done('lost', 'the folder of that name on the host is another job’s');
	}
	const exit = field('exit');
	if (/^\d+$/.test(exit)) {
		const exitCode = Number(exit);
		const reason = exitMessage(line('message')) || line('output');
		switch (exitCode) {
			case 0:
				return done('done', '', { exitCode });
			case 143:
				return done('cancelled', 'cancelled', { exitCode });
			case 145:
				return done(
					'failed',
					'stopped by the host or by Slurm (time limit, preemption, shutdown); its checkpoints are there',
					{ exitCode },
				);
			default:
				return done('failed', reason || `exit ${exitCode}`, { exitCode });
		}
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
			if (ours) {
				return done('queued', `in the queue: ${queue.slice(1).join(' ').toLowerCase()}`);
			}
			if (slurmId && queue[0] !== '?') {
				return done('lost', 'Slurm no longer knows it and it never began', { isLaunchable: true });
			}
			return done('queued', slurmId ? 'Slurm does not answer' : 'not handed to Slurm yet');
		}
		return wait === null
			? done('queued', 'sent, not started', { isLaunchable: true })
			: done('lost', 'it waited for the job before it, and its host restarted meanwhile: resume it');
	}
	if (field('live') === 'yes' || (beat !== null && beat < heartbeatLimit && field('silent') !== 'yes') || ours) {
		return done('running', cancelling ? 'being cancelled' : '');
	}
	if (cancelling) {
		return done('cancelled', 'cancelled');
	}
	if (beat === null) {
		return done('lost', 'it stopped before its first heartbeat');
	}
	const silence = beat < heartbeatLimit ? 'its heartbeat has stopped' : `no sign of life for ${beat} s`;
	return done('lost', `${silence}: the host restarted or the process was killed`);
}

/**
 * Returns the reason in an exit.json (trainer/stat_trainer/__main__.py), or '' if the file is incomplete or has none.
 * It is remote text.
 */
function exitMessage(text: string): string {
	try {
		const { message } = JSON.parse(text) as { readonly message?: unknown };
		return typeof message === 'string' ? message : '';
	} catch {
		return '';
	}
}
