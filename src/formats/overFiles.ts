import type { FieldsUsed, ImportBatch, ReadOptions } from '../core/ports/files.ts';
import { fill, sentences } from '../core/errors/sentences.ts';
import { StatError } from '../core/errors/statError.ts';
import { filesUnder, isFolder } from './filesIn.ts';
import { batchAnswers, batchBytes } from './readRows.ts';

/** Reads the file, or a folder's files in the order of their names. Byte counts cover all of them. */
export async function* overFiles<R>(
	input: string,
	{ signal, beside }: ReadOptions,
	read: (file: string, beside: readonly string[]) => AsyncIterable<ImportBatch<R>>,
	preferred?: RegExp,
): AsyncGenerator<ImportBatch<R>> {
	if (!(await isFolder(input))) {
		yield* read(input, beside ?? [input]);
		return;
	}
	const all = await filesUnder(input, signal);
	const selected =
		preferred && all.some(({ file }) => preferred.test(file))
			? all.filter(({ file }) => preferred.test(file))
			: all;
	if (selected.length === 0) {
		throw new StatError('formats.noFiles', { file: input });
	}
	const names = selected.map(({ file }) => file);
	const bytesTotal = selected.reduce((sum, { size }) => sum + size, 0);
	let before = 0;
	let pending: {
		rows: R[];
		problems: ImportBatch<R>['problems'][number][];
		skills: { subject: string; name: string }[];
		offered?: ImportBatch<R>['offered'];
		fields?: FieldsUsed;
	} = { rows: [], problems: [], skills: [] };
	const used = new Set<string>();
	const unused = new Set<string>();
	let sent = 0;
	for (const { file, size } of selected) {
		try {
			for await (const batch of read(file, names)) {
				if (
					pending.rows.length > 0 &&
					(batch.offered?.benchmark !== pending.offered?.benchmark ||
						batch.offered?.student !== pending.offered?.student)
				) {
					yield { ...pending, bytes: before, bytesTotal };
					pending = { rows: [], problems: [], skills: [] };
					sent = before;
				}
				pending.offered = batch.offered;
				for (const row of batch.rows) {
					pending.rows.push(row);
				}
				pending.problems.push(...batch.problems);
				pending.skills.push(...(batch.skills ?? []));
				batch.fields?.used.forEach((name) => used.add(name));
				batch.fields?.unused.forEach((name) => unused.add(name));
				pending.fields = { used: [...used], unused: [...unused].filter((name) => !used.has(name)) };
				const bytes = before + batch.bytes;
				if (pending.rows.length >= batchAnswers || bytes - sent >= batchBytes) {
					yield { ...pending, bytes, bytesTotal };
					pending = { rows: [], problems: [], skills: [] };
					sent = bytes;
				}
			}
		} catch (error) {
			if (!(error instanceof StatError) || error.kind !== 'failed') {
				throw error;
			}
			// One unreadable file among many must not prevent the others from being read.
			pending.problems.push({ file, line: 0, field: '', message: withoutFile(error) });
		}
		before += size;
	}
	yield { ...pending, bytes: bytesTotal, bytesTotal };
}

/** Returns the error's message without the file name, for use where the file is already named. */
export function withoutFile({ code, data }: StatError): string {
	return fill(sentences[code].replace('{file}: ', ''), data);
}
