import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Consent } from '../core/ports/consents.ts';
import { readOwnFile, writeOwnFile } from './ownFile.ts';

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
	return (await readOwnFile(file, schema, 'remote.consentsFile'))?.consents ?? [];
}

/** Adds a consent, replacing an earlier one to the same subject. */
export async function addConsent(file: string, consent: ConsentRecord): Promise<void> {
	const { kind, subject, hash, when } = consent;
	const others = (await readConsents(file)).filter((one) => one.kind !== kind || one.subject !== subject);
	await writeOwnFile(file, { consents: [...others, { kind, subject, hash, when }] });
}

export async function removeConsent(file: string, id: string): Promise<void> {
	await writeOwnFile(file, { consents: (await readConsents(file)).filter((one) => consentId(one) !== id) });
}

/** Returns eight hex digits. */
export function consentId({ kind, subject, hash }: Pick<Consent, 'kind' | 'subject' | 'hash'>): string {
	return createHash('sha256')
		.update(JSON.stringify([kind, subject, hash]))
		.digest('hex')
		.slice(0, 8);
}
