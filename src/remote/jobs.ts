import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { fileHash } from './launch.ts';
import { checkToken, enterJob, preamble, script } from './place.ts';
import aliveText from './scripts/alive.sh';
import cancelText from './scripts/cancel.sh';
import cleanText from './scripts/clean.sh';
import listText from './scripts/list.sh';
import tailText from './scripts/tail.sh';
import type { Shell } from './shell.ts';
import { persistently, plainLine } from './shell.ts';
import { isUnreachable } from './unreachable.ts';
import { shellQuote } from './shellQuote.ts';
import { status } from './status.ts';

/**
 * Follows a file of the job; see core's Host.tail. A connection lasts at most a minute; after that the state is read
 * again, because a lost job never writes `exit`.
 */
export async function* tail(
	shell: Shell,
	settings: HostSettings,
	record: JobRecord,
	options: {
		readonly file: 'events' | 'output';
		readonly offset: number;
		readonly follow: boolean;
		readonly signal: AbortSignal;
		readonly onState?: ((state: 'connected' | 'unreachable') => void) | undefined;
	},
): AsyncIterable<{ offset: number; bytes: Uint8Array }> {
	const file = options.file === 'events' ? 'events.jsonl' : 'output';
	let offset = options.offset;
	let delay = 500;
	while (!options.signal.aborted) {
		const follow = script([enterJob(settings, record), tailText], {
			FILE: file,
			OFFSET: Math.max(0, Math.trunc(offset)),
			FOLLOW: options.follow ? 'yes' : 'no',
		});
		let moved = false;
		try {
			for await (const bytes of shell.stream(follow, { signal: options.signal })) {
				if (!moved) {
					moved = true;
					delay = 500;
					options.onState?.('connected');
				}
				yield { offset, bytes };
				offset += bytes.length;
			}
			if (!options.follow) {
				return;
			}
			const state = (await status(shell, settings, [record], options.signal))[0];
			if (state === undefined || (state.state !== 'running' && state.state !== 'queued')) {
				// Bytes written between the last read and the exit file are read in one more round, which ends at once.
				if (!moved) {
					return;
				}
			}
		} catch (error) {
			if (!isUnreachable(error)) {
				throw error;
			}
			options.onState?.('unreachable');
			if (!options.follow) {
				throw error;
			}
			await new Promise((resolve) => setTimeout(resolve, delay));
			delay = Math.min(delay * 2, 30_000);
		}
	}
}

/**
 * Ends the process group or the Slurm job and waits until it is gone; kills it after 20 s. A job that Slurm killed
 * before it could write its exit file counts as gone once its heartbeat has been silent for 30 s. The file `cancelled`
 * alone is enough: the trainer checks for it with every heartbeat, so a job on another node ends even if Slurm's
 * controller is down.
 */
export async function cancel(shell: Shell, settings: HostSettings, record: JobRecord, run: HostRun): Promise<void> {
	const end = script([enterJob(settings, record), aliveText, cancelText], {
		SLURM: record.launcher === 'slurm' ? 'yes' : 'no',
		NAME: `stat-${checkJobId(record.id)}`,
	});
	const { code, stderr } = await shell.run(end, { signal: run.signal, timeoutMs: 90_000 });
	if (code !== 0) {
		throw new StatError('remote.cancel', {
			host: shell.host,
			job: record.id,
			reason: plainLine(stderr) || `exit ${code}`,
		});
	}
}

/** Whether a name is a relative file name that is valid on every system and stays inside its folder. */
export function isRelative(name: string): boolean {
	const parts = name.split('/');
	return (
		name.length <= 400 &&
		parts.length <= 8 &&
		!/[\u0000-\u001f\\:*?"<>|]/.test(name) &&
		!parts.some((part) => part === '' || part === '.' || part === '..' || part.startsWith('-'))
	);
}

/** Throws unless the name of a fetched file stays inside its folder. Remote names are not trusted. */
export function checkRelative(name: string): string {
	if (!isRelative(name)) {
		throw new StatError('remote.fileName', { name: JSON.stringify(name.slice(0, 80)) });
	}
	return name;
}

/**
 * Copies out/ (without checkpoints) and the logs. Each file continues where an earlier copy ended, and its hash is
 * checked. `only` selects one file in out/, so that no model is hashed just to read some answers.
 */
export async function fetchResults(
	shell: Shell,
	settings: HostSettings,
	record: JobRecord,
	folder: string,
	run: HostRun,
	only?: string,
): Promise<{ name: string; bytes: number; sha256: string }[]> {
	const list = script([enterJob(settings, record), listText], { ONLY: only ?? '' });
	const listing = await persistently(run.signal, () => shell.run(list, { signal: run.signal, timeoutMs: 600_000 }));
	if (listing.code !== 0) {
		throw new StatError('remote.results', {
			host: shell.host,
			job: record.id,
			reason: plainLine(listing.stderr) || `exit ${listing.code}`,
		});
	}
	const files = listing.stdout
		.toString('utf8')
		.split('\0')
		.filter((entry) => entry !== '')
		.map((entry) => ({ sha256: entry.slice(0, 64), name: checkRelative(entry.slice(66)) }))
		.filter(({ name }) => only === undefined || name === only);
	const fetched: { name: string; bytes: number; sha256: string }[] = [];
	for (const [index, file] of files.entries()) {
		run.progress({ label: `${shell.host}: fetching ${file.name}`, done: index, total: files.length });
		const target = path.join(folder, ...file.name.split('/'));
		await mkdir(path.dirname(target), { recursive: true });
		fetched.push({ ...file, bytes: await fetchFile(shell, enterJob(settings, record), file, target, run) });
	}
	run.progress({ label: `${shell.host}: fetched`, done: files.length, total: files.length });
	return fetched;
}

/**
 * Fetches one file, continuing where an earlier copy ended, and checks its hash. `enter`: the shell lines that enter
 * the file's folder.
 */
export async function fetchFile(
	shell: Shell,
	enter: string,
	file: { name: string; sha256: string },
	target: string,
	run: HostRun,
): Promise<number> {
	const size = async (name: string) => (await stat(name).catch(() => null))?.size ?? 0;
	if ((await size(target)) > 0 && (await fileHash(target)) === file.sha256) {
		return size(target);
	}
	const part = `${target}.part`;
	for (let attempt = 0; ; attempt++) {
		await persistently(run.signal, async () => {
			const handle = await open(part, 'a');
			try {
				for await (const bytes of shell.stream(
					`${enter}tail -c +${(await handle.stat()).size + 1} -- ${shellQuote(file.name)}`,
					{ signal: run.signal },
				)) {
					await handle.write(bytes);
				}
				await handle.sync();
			} finally {
				await handle.close();
			}
		});
		if ((await fileHash(part)) === file.sha256) {
			await rename(part, target);
			return size(target);
		}
		// A partial copy of another version is discarded once; if the hash is wrong again, the file is changing on the
		// host.
		await rm(part, { force: true });
		if (attempt >= 2) {
			throw new StatError('remote.changingFile', { host: shell.host, file: file.name });
		}
	}
}

/** Lists the sizes of ended jobs' folders and of uploads that no job uses; on request, removes them. */
export async function clean(
	shell: Shell,
	settings: HostSettings,
	records: readonly JobRecord[],
	remove: boolean,
	run: HostRun,
): Promise<{ name: string; bytes: number }[]> {
	const pairs = records.flatMap(({ id, token }) => [checkJobId(id), checkToken(token)]);
	const sizes = script([preamble(settings), cleanText], { REMOVE: remove ? 'yes' : 'no' }, pairs);
	const { stdout } = await shell.run(sizes, { signal: run.signal, timeoutMs: 600_000 });
	return stdout
		.toString('utf8')
		.split('\n')
		.map((line) => /^((?:jobs|blobs)\/[\w.-]+) (\d+)$/.exec(line))
		.filter((match) => match !== null)
		.map((match) => ({ name: match[1] ?? '', bytes: Number(match[2]) * 1024 }));
}
