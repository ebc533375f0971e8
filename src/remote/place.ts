import { StatError } from '../core/errors/statError.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { shellQuote } from './shellQuote.ts';

/**
 * Shell lines every script of ours begins with: `$ROOT` is our folder on the host, nobody else may read what we write.
 */
export function preamble(settings: HostSettings): string {
	return `umask 077\nROOT=${rootExpression(settings.root ?? '~/.stat-studio')}\n`;
}

/** `~/x` and absolute paths; anything else is refused, so that no script ever works relative to a login directory. */
function rootExpression(root: string): string {
	if (root.startsWith('~/') && !root.split('/').includes('..')) {
		return `"$HOME"/${shellQuote(root.slice(2))}`;
	}
	if (root.startsWith('/') && root.length > 1 && !root.split('/').includes('..')) {
		return shellQuote(root);
	}
	throw new StatError('remote.hostRoot', { root: JSON.stringify(root) });
}

/** Shell lines that set `$JOB` and stop with 44 unless the folder holds this job's token: we never touch another's. */
export function enterJob(settings: HostSettings, record: Pick<JobRecord, 'id' | 'token'>): string {
	return `${preamble(settings)}JOB="$ROOT"/jobs/${checkJobId(record.id)}
[ -d "$JOB" ] && [ ! -L "$JOB" ] || { echo "no such job folder" >&2; exit 44; }
[ "$(cat "$JOB/token" 2>/dev/null)" = ${shellQuote(checkToken(record.token))} ] || { echo "the folder's token is another job's" >&2; exit 45; }
cd "$JOB" || exit 44
`;
}

/** 32 hex digits. */
export function checkToken(token: string): string {
	if (!/^[0-9a-f]{32}$/.test(token)) {
		throw new StatError('remote.token', {});
	}
	return token;
}

/** 64 hex digits: names of blobs, trainers and environments. */
export function checkHash(hash: string): string {
	if (!/^[0-9a-f]{16,64}$/.test(hash)) {
		throw new StatError('remote.hash', { hash: JSON.stringify(hash.slice(0, 80)) });
	}
	return hash;
}
