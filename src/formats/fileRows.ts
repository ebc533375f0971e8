import { open } from 'node:fs/promises';
import { fileError } from '../core/errors/fileError.ts';
import type { RowBlock } from './jsonRows.ts';
import { jsonRows } from './jsonRows.ts';
import { unpackedName } from './openText.ts';

/** How a file stores its rows. */
export type Container = 'json' | 'csv' | 'parquet' | 'zip' | 'arrow';

/** Detects how a file stores its rows, from its first bytes or, for CSV, which has no magic number, from its name. */
export async function containerOf(file: string): Promise<Container> {
	if (/\.(csv|tsv)$/i.test(unpackedName(file))) {
		return 'csv';
	}
	// Opening a pipe would wait for its writer. The JSON reader refuses anything but a regular file, with its own
	// message.
	if (!/\.(parquet|eval|zip|arrow|feather)$/i.test(file)) {
		return 'json';
	}
	const handle = await open(file, 'r').catch((error: unknown) => {
		throw fileError(file, error);
	});
	try {
		const head = Buffer.alloc(4);
		await handle.read(head, 0, 4, 0);
		const magic = head.toString('latin1');
		if (magic === 'ARRO' || head.readUInt32LE(0) === 0xff_ff_ff_ff) {
			return 'arrow';
		}
		if (magic === 'PAR1') {
			return 'parquet';
		}
		return magic === 'PK\u0003\u0004' ? 'zip' : 'json';
	} finally {
		await handle.close();
	}
}

/** Yields a file's rows, a block at a time. Readers for tables and archives are loaded with the first such file. */
export async function* fileRows(file: string, signal: AbortSignal): AsyncGenerator<RowBlock> {
	switch (await containerOf(file)) {
		case 'json':
			return yield* jsonRows(file, signal);
		case 'csv':
			return yield* (await import('./csvRows.ts')).csvRows(file, signal);
		case 'parquet':
			return yield* (await import('./parquetRows.ts')).parquetRows(file, signal);
		case 'arrow':
			return yield* (await import('./arrowRows.ts')).arrowRows(file, signal);
		case 'zip':
			return yield* (await import('./inspectArchive.ts')).archiveRows(file, signal);
	}
}
