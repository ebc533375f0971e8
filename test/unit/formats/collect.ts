import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import type { ImportBatch, ReadOptions } from '../../../src/core/ports/files.ts';
import type { RowProblem } from '../../../src/core/questions/imported.ts';

/** Collects everything that a reader yields, with counts of batches and bytes. */
export async function collect<R>(batches: AsyncIterable<ImportBatch<R>>) {
	const rows: R[] = [];
	const problems: RowProblem[] = [];
	const skills: { subject: string; name: string }[] = [];
	let count = 0;
	let bytes = 0;
	let bytesTotal = 0;
	for await (const batch of batches) {
		rows.push(...batch.rows);
		problems.push(...batch.problems);
		skills.push(...(batch.skills ?? []));
		count++;
		if (batch.bytes < bytes) {
			throw new Error('progress went backwards');
		}
		({ bytes, bytesTotal } = batch);
	}
	return { rows, problems, skills, batches: count, bytes, bytesTotal };
}

export function read(options: Partial<ReadOptions> = {}): ReadOptions {
	return { signal: new AbortController().signal, ...options };
}

const folder = mkdtempSync(path.join(tmpdir(), 'stat-formats-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;

/** Creates an empty folder that is removed after the tests. */
export function freshFolder(): string {
	return mkdtempSync(path.join(folder, 'f'));
}

/** Creates a file with this content, in its own folder, which is removed after the tests. */
export function fileWith(content: string | Buffer, name = 'rows.jsonl'): string {
	const file = path.join(folder, `${++made}`, name);
	mkdirSync(path.dirname(file), { recursive: true });
	writeFileSync(file, content);
	return file;
}
