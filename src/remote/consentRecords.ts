import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { StatError } from '../core/errors/statError.ts';
import type { Consent } from '../core/ports/consents.ts';

const schema = z.object({
	consents: z.array(
		z.object({
			kind: z.enum(['checker', 'host', 'job']),
			subject: z.string(),
			hash: z.string().nullable(),
			when: z.string().nullable(),
		}),
	),
});

/** A consent as the file holds it. */
export type ConsentRecord = Omit<Consent, 'id'>;

/** Reads a file of consents; none if there is no file. Throws StatError if it is damaged. */
export async function readConsents(file: string): Promise<readonly ConsentRecord[]> {
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
			return [];
		}
		throw error;
	}
	try {
		return schema.parse(JSON.parse(text)).consents;
	} catch (error) {
		const reason =
			error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, ' ') : (error as Error).message;
		throw new StatError('remote.consentsFile', { file, reason });
	}
}

/** Adds a consent, replacing an earlier one to the same subject. */
export async function addConsent(file: string, consent: ConsentRecord): Promise<void> {
	const { kind, subject, hash, when } = consent;
	const others = (await readConsents(file)).filter((one) => one.kind !== kind || one.subject !== subject);
	await writeConsents(file, [...others, { kind, subject, hash, when }]);
}

export async function removeConsent(file: string, id: string): Promise<void> {
	await writeConsents(
		file,
		(await readConsents(file)).filter((one) => consentId(one) !== id),
	);
}

/** Returns eight hex digits. */
export function consentId({ kind, subject, hash }: Pick<Consent, 'kind' | 'subject' | 'hash'>): string {
	return createHash('sha256')
		.update(JSON.stringify([kind, subject, hash]))
		.digest('hex')
		.slice(0, 8);
}

async function writeConsents(file: string, consents: readonly ConsentRecord[]): Promise<void> {
	await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
	const temporary = `${file}.${process.pid}.tmp`;
	await writeFile(temporary, `${JSON.stringify({ consents }, null, '\t')}\n`, { mode: 0o600 });
	await rename(temporary, file);
}
