import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { HubFile } from '../core/questions/hubFile.ts';
import { isHubName } from '../core/questions/hubFile.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings } from '../core/training/job.ts';
import { StatError } from '../core/errors/statError.ts';
import { checkRelative, fetchFile, isRelative } from './jobs.ts';
import type { Shell } from './shell.ts';
import { persistently, plainLine } from './shell.ts';
import { shellQuote } from './shellQuote.ts';

/** Bytes of one dataset that are copied at most: benchmarks are small, corpora are not meant. */
const mostBytes = 1 << 30;

/**
 * Goes into the newest snapshot of a dataset in the host's Hugging Face cache, where its own tools find it, the host's
 * prelude heard. Reads the disk alone: nothing is asked of the Hub.
 */
function enterSnapshot(settings: HostSettings, repository: string): string {
	if (!isHubName(repository)) {
		throw new StatError('remote.hubName', { repository: JSON.stringify(repository.slice(0, 100)) });
	}
	return `{ ${settings.prelude ?? ':'}
} >/dev/null 2>&1 </dev/null
cache=\${HF_HUB_CACHE:-\${HUGGINGFACE_HUB_CACHE:-\${HF_HOME:-\${XDG_CACHE_HOME:-$HOME/.cache}/huggingface}/hub}}
cd "$cache"/${shellQuote(`datasets--${repository.replace('/', '--')}`)} 2>/dev/null || exit 44
revision=$(cat refs/main 2>/dev/null)
case $revision in ''|*[!0-9a-f]*) revision= ;; esac
[ -n "$revision" ] && [ -d "snapshots/$revision" ] || revision=$(ls -t snapshots 2>/dev/null | head -n 1)
[ -n "$revision" ] && cd "snapshots/$revision" || exit 44
`;
}

/**
 * Without GNU's find: this machine may be a Mac. The cache's files are links to its blobs; a link to a folder is none
 * of its making, and may lead anywhere.
 */
const sizes =
	`for file do [ -f "$file" ] && printf '%s %s %s\\0' "$0" "$(wc -c < "$file" | tr -d ' ')" "\${file#./}"; ` + 'done';

/** Files of these datasets that rows are read from. */
export async function listHubFiles(
	shell: Shell,
	settings: HostSettings,
	repositories: readonly string[],
	signal: AbortSignal,
): Promise<HubFile[]> {
	const one = (repository: string) =>
		`( ${enterSnapshot(settings, repository)}find . -maxdepth 6 \\( -type f -o -type l \\) \\( -name ` +
		`'*.parquet' -o -name '*.jsonl' -o -name '*.json' \\) -exec sh -c ${shellQuote(sizes)} ` +
		`${shellQuote(repository)} {} + )`;
	const { stdout } = await shell.run(`${repositories.map(one).join('\n')}\nexit 0`, { signal });
	return stdout
		.toString('utf8')
		.split('\0')
		.flatMap((entry): HubFile[] => {
			const [, repository, bytes, name] = /^(\S+) (\d+) ([^]+)$/.exec(entry) ?? [];
			// A file with an odd name hides itself, not the others.
			return repository === undefined || name === undefined || !isRelative(name)
				? []
				: [{ repository, name, bytes: Number(bytes) }];
		});
}

/** Copies files of one dataset into a folder that is there while `use` runs; each is checked by its hash. */
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
			const enter = enterSnapshot(settings, repository);
			const { code, stdout, stderr } = await persistently(run.signal, () =>
				shell.run(
					`${enter}{ sha256sum -- ${shellQuote(checkRelative(name))} 2>/dev/null || shasum -a ` +
						`256 -- ${shellQuote(name)}; }`,
					{ signal: run.signal },
				),
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
			await fetchFile(shell, enter, { name, sha256: stdout.toString('latin1').slice(0, 64) }, target, run);
			paths.push(target);
		}
		return await use(paths);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
