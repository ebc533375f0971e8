import { StatError } from '../core/errors/statError.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import enterJobText from './scripts/enterJob.sh';
import rootText from './scripts/root.sh';
import { shellLine, shellQuote } from './shellQuote.ts';

/**
 * Builds a script for a host: its values as assignments, its arguments, and then scripts from src/remote/scripts in
 * order. Values and arguments go through {@link shellQuote} and the scripts are constants, so no outside input is run
 * as script.
 */
export function script(
	texts: readonly string[],
	values: Readonly<Record<string, string | number>>,
	argumentList: readonly string[] = [],
): string {
	return [assignments(values), `set -- ${shellLine(argumentList)}`, ...texts].join('\n');
}

/** Returns `NAME='value'` lines. */
export function assignments(values: Readonly<Record<string, string | number>>): string {
	return Object.entries(values)
		.map(([name, value]) => `${name}=${shellQuote(String(value))}`)
		.join('\n');
}

/** Begins every script: `$ROOT` is our folder on the host, and only its owner can read what we write. */
export function preamble(settings: HostSettings): string {
	return `${assignments({ ROOT: rootOf(settings) })}\n${rootText}`;
}

/** Accepts only `~/x` and absolute paths, so that no script ever works relative to a login directory. */
export function rootOf({ root = '~/.stat-studio' }: HostSettings): string {
	const isHome = root.startsWith('~/');
	const isAbsolute = root.startsWith('/') && root.length > 1;
	if ((isHome || isAbsolute) && !root.split('/').includes('..')) {
		return root;
	}
	throw new StatError('remote.hostRoot', { root: JSON.stringify(root) });
}

/**
 * Returns shell lines that set `$JOB`, and that exit with 44 or 45 unless the folder has this job's token, so that no
 * other job is touched.
 */
export function enterJob(settings: HostSettings, record: Pick<JobRecord, 'id' | 'token'>): string {
	const values = { ID: checkJobId(record.id), TOKEN: checkToken(record.token) };
	return `${preamble(settings)}${assignments(values)}\n${enterJobText}`;
}

/** Throws unless the token consists of 32 hex digits. */
export function checkToken(token: string): string {
	if (!/^[0-9a-f]{32}$/.test(token)) {
		throw new StatError('remote.token', {});
	}
	return token;
}

/** Throws unless the hash consists of 64 hex digits; blobs, trainers and environments are named by such hashes. */
export function checkHash(hash: string): string {
	if (!/^[0-9a-f]{16,64}$/.test(hash)) {
		throw new StatError('remote.hash', { hash: JSON.stringify(hash.slice(0, 80)) });
	}
	return hash;
}
