import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { StatError } from '../core/errors/statError.ts';

/**
 * Reads a JSON file that belongs to the user rather than to a project (hosts, consents). Returns `null` if there is no
 * file; throws a StatError with `damaged` as its code if the content does not fit the schema.
 */
export async function readOwnFile<T>(
	file: string,
	schema: z.ZodType<T>,
	damaged: 'remote.hostsFile' | 'remote.consentsFile',
): Promise<T | null> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return null;
		}
		throw error;
	}
	try {
		return schema.parse(JSON.parse(text));
	} catch (error) {
		const reason =
			error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, ' ') : (error as Error).message;
		throw new StatError(damaged, { file, reason });
	}
}

/** Replaces such a file in one step; only the user can read it. */
export async function writeOwnFile(file: string, content: object): Promise<void> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	const temporary = `${file}.${process.pid}.tmp`;
	await writeFile(temporary, `${JSON.stringify(content, null, '\t')}\n`, { mode: 0o600 });
	await rename(temporary, file);
}
