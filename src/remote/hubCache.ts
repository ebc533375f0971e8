import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { HubFile } from '../core/questions/hubFile.ts';
import { isHubName } from '../core/questions/hubFile.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings } from '../core/training/job.ts';
import { StatError } from '../core/errors/statError.ts';
import { checkRelative, fetchFile, isRelative } from './jobs.ts';
import { script } from './place.ts';
import enterSnapshotText from './scripts/enterSnapshot.sh';
import hashSnapshotFileText from './scripts/hashSnapshotFile.sh';
import listSnapshotText from './scripts/listSnapshot.sh';
import type { Shell } from './shell.ts';
import { persistently, plainLine } from './shell.ts';

/** Maximum size of a dataset that is copied, in bytes; benchmarks are small. */
const mostBytes = 1 << 30;

/**
 * Returns a script that enters the dataset's newest snapshot in the host's Hugging Face cache and then runs the scripts
 * in `texts`.
 */
function inSnapshot(
	settings: HostSettings,
	repository: string,
	texts: readonly string[],
	values: Readonly<Record<string, string>> = {},
): string {
	if (!isHubName(repository)) {
		throw new StatError('remote.hubName', { repository: JSON.stringify(repository.slice(0, 100)) });
	}
	return script([enterSnapshotText, ...texts], {
		PRELUDE: settings.prelude ?? '',
		STAT_FOLDER: `datasets--${repository.replace('/', '--')}`,
		STAT_REPOSITORY: repository,
		...values,
	});
}

/** Lists the files of these datasets that rows can be read from. */
export async function listHubFiles(
	shell: Shell,
	settings: HostSettings,
	repositories: readonly string[],
	signal: AbortSignal,
): Promise<HubFile[]> {
	const list = (repository: string) => `(\n${inSnapshot(settings, repository, [listSnapshotText])}\n)`;
	const { stdout } = await shell.run(`${repositories.map(list).join('\n')}\nexit 0`, { signal });
	return stdout
		.toString('utf8')
		.split('\0')
		.flatMap((entry): HubFile[] => {
			const [, repository, bytes, name] = /^(\S+) (\d+) ([^]+)$/.exec(entry) ?? [];
			// A file with an invalid name is omitted; the others are unaffected.
			return repository === undefined || name === undefined || !isRelative(name)
				? []
				: [{ repository, name, bytes: Number(bytes) }];
		});
}

/** Copies files of one dataset into a folder that exists only while `use` runs, and checks each file's hash. */
export async function withHubFiles<T>(
	shell: Shell,
	settings: HostSettings,
	files: readonly HubFile[],
	run: HostRun,
	use: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
	const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
	if (bytes > mostBytes) {
		throw new StatError('remote.hubTooLarge', {
			repository: files[0]?.repository ?? 'the dataset',
			size: Math.round(bytes / 2 ** 20),
		});
	}
	const folder = await mkdtemp(path.join(os.tmpdir(), 'stat-hub-'));
	try {
		const paths: string[] = [];
		for (const [index, { repository, name }] of files.entries()) {
			run.progress({ label: `${shell.host}: copying ${name}`, done: index, total: files.length });
			const hash = inSnapshot(settings, repository, [hashSnapshotFileText], { STAT_FILE: checkRelative(name) });
			const { code, stdout, stderr } = await persistently(run.signal, () =>
				shell.run(hash, { signal: run.signal }),
			);
			if (code !== 0) {
				const reason = plainLine(stderr);
				const place = { host: shell.host, file: name, repository };
				throw reason
					? new StatError('remote.hubFile', { ...place, reason })
					: new StatError('remote.hubFileGone', place);
			}
			const target = path.join(folder, ...name.split('/'));
			await mkdir(path.dirname(target), { recursive: true });
			const enter = inSnapshot(settings, repository, []);
			await fetchFile(shell, enter, { name, sha256: stdout.toString('latin1').slice(0, 64) }, target, run);
			paths.push(target);
		}
		return await use(paths);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
