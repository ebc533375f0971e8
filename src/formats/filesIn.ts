import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from '../core/errors/fileError.ts';
import { StatError, throwIfCancelled } from '../core/errors/statError.ts';

const maxFiles = 200_000;
const deepestFolder = 8;
/** Endings of files with rows, which may be compressed. */
const rowFile = /\.(?:(?:json|jsonl|ndjson|jsonlines|csv|tsv)(?:\.gz|\.zst|\.zstd)?|eval|parquet|arrow)$/i;
/** Files that tools write beside their rows: totals, registries, settings, and our own exports' origins of rows. */
const besideRows = /^(?:dataset_infos?\.json|dataset_dict\.json|state\.json|.*\.meta\.jsonl|.*[._]metrics\.json)$/i;

/** Whether this is a folder. Throws StatError if there is nothing. */
export async function isFolder(input: string): Promise<boolean> {
	return stat(input).then(
		(found) => found.isDirectory(),
		(error: unknown) => {
			throw fileError(input, error);
		},
	);
}

/**
 * Returns the folders under this one that hold questions of one split each, and the files beside them: itself if there
 * are not both `train/` and `test/` anywhere under it.
 */
export async function oneSplitEach(folder: string, signal: AbortSignal, depth = 0): Promise<readonly string[]> {
	throwIfCancelled({ signal });
	const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
	const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
	if (depth >= deepestFolder) {
		return [folder];
	}
	const inside = await Promise.all(folders.map((name) => oneSplitEach(path.join(folder, name), signal, depth + 1)));
	const isMixed =
		(folders.includes('train') && folders.includes('test')) ||
		inside.some((found, place) => found[0] !== path.join(folder, folders[place] ?? ''));
	const isRowFile = (name: string) => rowFile.test(name) && !besideRows.test(name);
	const files = entries
		.filter((entry) => entry.isFile() && isRowFile(entry.name))
		.map(({ name }) => path.join(folder, name));
	return isMixed ? [...inside.flat(), ...files] : [folder];
}

/**
 * Returns the files of rows under a folder, in the order of their names. Links are not followed, because a folder may come from a stranger's archive. */
export async function filesUnder(folder: string, signal: AbortSignal): Promise<{ file: string; size: number }[]> {
	const found: { file: string; size: number }[] = [];
	const visit = async (at: string, depth: number): Promise<void> => {
		throwIfCancelled({ signal });
		const entries = (await readdir(at, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
		const splits = entries.filter(
			(entry) => entry.isDirectory() && (entry.name === 'train' || entry.name === 'test'),
		);
		if (splits.length === 2) {
			throw new StatError('formats.bothSplits', {
				file: at,
				train: path.join(at, 'train'),
				test: path.join(at, 'test'),
			});
		}
		// lm-evaluation-harness writes its summary next to its samples; it is not a file of rows.
		const isLog = entries.some(({ name }) => /^samples_.*\.jsonl$/.test(name));
		entries.sort((a, b) => {
			if (/^\d+\.jsonl?$/.test(a.name) && /^\d+\.jsonl?$/.test(b.name)) {
				return Number.parseInt(a.name, 10) - Number.parseInt(b.name, 10);
			}
			return a.name < b.name ? -1 : 1;
		});
		for (const entry of entries) {
			const file = path.join(at, entry.name);
			if (entry.isDirectory() && depth < deepestFolder) {
				await visit(file, depth + 1);
			} else if (
				entry.isFile() &&
				rowFile.test(entry.name) &&
				!besideRows.test(entry.name) &&
				!(isLog && /^results_.*\.json$/.test(entry.name))
			) {
				if (found.length >= maxFiles) {
					throw new StatError('formats.tooManyFiles', { file: folder, limit: maxFiles });
				}
				found.push({ file, size: (await stat(file)).size });
			}
		}
	};
	await visit(folder, 0);
	return found;
}
