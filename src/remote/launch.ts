import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import type { Trainer } from './environment.ts';
import { environmentKey } from './environment.ts';
import { checkJobId } from './hostName.ts';
import { checkHash, checkToken, enterJob, preamble, script } from './place.ts';
import { runScript } from './runScript.ts';
import type { Finished, Shell } from './shell.ts';
import { persistently, plainLine } from './shell.ts';
import lookUploadText from './scripts/lookUpload.sh';
import placeText from './scripts/place.sh';
import startText from './scripts/start.sh';
import submitText from './scripts/submit.sh';
import uploadText from './scripts/upload.sh';
import { shellLine } from './shellQuote.ts';

/** Returns a file's SHA-256 hash in hex. */
export async function fileHash(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file)) {
		hash.update(chunk as Buffer);
	}
	return hash.digest('hex');
}

/**
 * Sends a file to `blobs/SHA256`, only once for the same content. An interrupted upload continues where it ended; the
 * file gets its final name only when its hash is right, so nobody sees part of it. Every attempt writes to its own
 * file, which starts as a copy of an earlier attempt's file. Therefore neither a writer that outlives its connection
 * nor another machine's upload of the same content can corrupt it.
 */
export async function upload(
	shell: Shell,
	settings: HostSettings,
	file: string,
	sha256: string,
	run: HostRun,
): Promise<void> {
	const blob = checkHash(sha256);
	const total = statSync(file).size;
	const parts: string[] = [];
	for (let attempt = 0; ; attempt++) {
		const sent = await persistently(run.signal, () => sendRest(shell, settings, { file, blob, total, parts }, run));
		if (sent.code === 0) {
			run.progress({ label: `${shell.host}: uploading`, done: total, total });
			return;
		}
		if (sent.code === 1) {
			throw new StatError('remote.uploadFolder', {
				host: shell.host,
				reason: plainLine(sent.stderr) || 'the folder cannot be written',
			});
		}
		if (sent.code === 2) {
			throw new StatError('remote.uploadCut', {
				host: shell.host,
				reason: plainLine(sent.stderr) || 'cannot write',
			});
		}
		if (attempt >= 5) {
			throw new StatError('remote.uploadChanged', { host: shell.host, exit: sent.code });
		}
	}
}

/**
 * Makes one attempt: asks how much is already there and sends the rest. Exit codes: 0 complete, 1 no folder, 2 not
 * everything could be written (an interrupted connection returns no code), 4 wrong hash.
 */
async function sendRest(
	shell: Shell,
	settings: HostSettings,
	{ file, blob, total, parts }: { file: string; blob: string; total: number; parts: string[] },
	run: HostRun,
): Promise<Finished> {
	const part = `${blob}.${randomBytes(4).toString('hex')}.part`;
	const look = await shell.run(
		script([preamble(settings), lookUploadText], { BLOB: blob, PART: part }, [...parts].reverse()),
		{ signal: run.signal },
	);
	parts.push(part);
	const output = look.stdout.toString().trim();
	if (look.code !== 0 || output === 'whole') {
		return { ...look, code: look.code === 0 ? 0 : 1 };
	}
	const there = Number(output);
	const offset = Number.isSafeInteger(there) && there >= 0 && there <= total ? there : 0;
	run.progress({ label: `${shell.host}: uploading`, done: offset, total });
	const append = script([preamble(settings), uploadText], { BLOB: blob, PART: part, OFFSET: offset, TOTAL: total });
	return shell.run(append, { signal: run.signal, input: { file, offset }, timeoutMs: 60_000 + total / 50 });
}

/**
 * Starts a job. However often it is called with the same id, the job starts once: runScript.ts explains why a second
 * start is harmless.
 */
export async function launch(
	shell: Shell,
	settings: HostSettings,
	trainer: Trainer,
	record: JobRecord,
	dataFile: string,
	run: HostRun,
): Promise<void> {
	const id = checkJobId(record.id);
	await upload(shell, settings, dataFile, record.dataSha256, run);
	const starter = {
		python: settings.python ?? null,
		environment: environmentKey(settings, trainer),
		trainer: checkHash(trainer.hash),
		gpus: record.gpus ?? 1,
		after: record.after,
	};
	const place = script([preamble(settings), placeText], {
		ID: id,
		TOKEN: checkToken(record.token),
		SPEC: JSON.stringify(record.spec, null, '\t'),
		RUN: runScript(settings, starter),
		DATA: checkHash(record.dataSha256),
	});
	const placed = await persistently(run.signal, () => shell.run(place, { signal: run.signal }));
	if (placed.code !== 0) {
		throw new StatError('remote.place', {
			host: shell.host,
			job: id,
			reason: plainLine(placed.stderr) || `exit ${placed.code}`,
		});
	}
	const start = script([enterJob(settings, record), submitText, startText], slurmValues(settings, record));
	// If the reply is lost, the job may or may not have started; repeating the request does not start anything twice.
	const started = await persistently(run.signal, () => shell.run(start, { signal: run.signal }));
	if (started.code !== 0) {
		throw new StatError('remote.start', {
			host: shell.host,
			job: id,
			reason: plainLine(started.stderr) || `exit ${started.code}`,
		});
	}
}

/** Returns the values for scripts that may submit a job to Slurm. */
export function slurmValues(settings: HostSettings, record: JobRecord): Record<string, string> {
	return {
		SLURM: record.launcher === 'slurm' ? 'yes' : 'no',
		NAME: `stat-${checkJobId(record.id)}`,
		ARGUMENTS: shellLine(slurmArguments(settings, record.gpus ?? 1)),
	};
}

/**
 * Returns the host's sbatch arguments; for several GPUs, the number in `--gres=gpu[:TYPE]:N` is replaced with this
 * job's.
 */
export function slurmArguments({ slurmArguments: args = [] }: HostSettings, gpus: number): string[] {
	if (gpus === 1) {
		return [...args];
	}
	const pattern = /^(--gres=gpu(?::[A-Za-z]\w*)?)(?::\d+)?$/;
	return args.some((argument) => pattern.test(argument))
		? args.map((argument) => argument.replace(pattern, `$1:${gpus}`))
		: [...args, `--gres=gpu:${gpus}`];
}
