import { messageOf, StatError, throwIfCancelled } from '../core/errors/statError.ts';
import { maxLineBytes } from './jsonLines.ts';
import type { JsonRow, RowBlock } from './jsonRows.ts';
import { parsed } from './jsonRows.ts';
import { entryName, ZipEntries } from './zipEntries.ts';

/**
 * Limits of a block: number of samples, and characters in them (32 samples of the maximum length are two gigabytes).
 */
const blockSamples = 32;
const blockCharacters = 16 * 1024 * 1024;
/** Maximum size of the log's header; Inspect writes a few kilobytes. */
const maxHeader = 16 * 1024 * 1024;

/**
 * Yields the samples of an Inspect `.eval` log, one row each, in the order in which they were written. A sample that
 * cannot be unpacked is reported as one problem.
 */
export async function* archiveRows(file: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
	const zip = await ZipEntries.open(file);
	try {
		let rows: JsonRow[] = [];
		let place = 0;
		let bytes = 0;
		let characters = 0;
		for await (const entry of zip.entries()) {
			throwIfCancelled({ signal });
			bytes += entry.compressedSize;
			const name = entryName(entry);
			if (!/^samples\/.*\.json$/.test(name)) {
				continue;
			}
			place++;
			rows.push(
				await zip.text(entry, maxLineBytes).then(
					(text) => parsed(place, text, null),
					(error: unknown) => ({
						line: place,
						value: undefined,
						text: name,
						problem: `the sample ${JSON.stringify(name.slice(0, 200))} cannot be read: ${messageOf(error)}`,
					}),
				),
			);
			characters += rows.at(-1)?.text.length ?? 0;
			if (rows.length >= blockSamples || characters >= blockCharacters) {
				yield { rows, bytes: Math.min(bytes, zip.size), bytesTotal: zip.size, broken: null };
				rows = [];
				characters = 0;
			}
		}
		if (place === 0) {
			throw new StatError('formats.noSamples', { file });
		}
		yield { rows, bytes: zip.size, bytesTotal: zip.size, broken: null };
	} finally {
		zip.close();
	}
}

/**
 * Returns what an `.eval` log says about itself: `header.json`, or `_journal/start.json` if the run was interrupted;
 * `null` if it has neither.
 */
export async function archiveHeader(file: string): Promise<unknown> {
	const zip = await ZipEntries.open(file);
	try {
		let start: unknown = null;
		for await (const entry of zip.entries()) {
			const name = entryName(entry);
			if (name === 'header.json' || name === '_journal/start.json') {
				// Whatever cannot be read here is reported sample by sample.
				const value = await zip.text(entry, maxHeader).then(
					(text) => parsed(0, text, null).value,
					() => null,
				);
				if (name === 'header.json') {
					return value;
				}
				start = value;
			}
		}
		return start;
	} finally {
		zip.close();
	}
}
