import os from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { StatError } from '../core/errors/statError.ts';
import type { Hosts } from '../core/ports/hosts.ts';
import type { HostSettings, JobRecord } from '../core/training/job.ts';
import { addConsent, consentId, readConsents } from './consentRecords.ts';
import { checkHostName } from './hostName.ts';
import { jobHash } from './jobHash.ts';
import { openHost } from './openHost.ts';
import { readOwnFile, writeOwnFile } from './ownFile.ts';
import type { SshOptions } from './shell.ts';
import { sshOfThisMachine } from './sshOfThisMachine.ts';

const schema = z.object({
	hosts: z.array(
		z.strictObject({
			name: z.string(),
			root: z.string().optional(),
			prelude: z.string().optional(),
			python: z.string().optional(),
			pipArguments: z.array(z.string()).optional(),
			launcher: z.enum(['process', 'slurm']).optional(),
			slurmArguments: z.array(z.string()).optional(),
			gpus: z.int().min(1).max(64).optional(),
			accelerateArguments: z.array(z.string()).optional(),
		}),
	),
});

/**
 * Returns the path of the file with this machine's confirmed hosts and their settings. The file belongs to the user,
 * not to a project: a project can name a host, but only the user can make it trusted.
 */
function hostsFilePath(): string {
	return (
		process.env['STAT_STUDIO_HOSTS'] ??
		path.join(process.env['XDG_CONFIG_HOME'] ?? path.join(os.homedir(), '.config'), 'stat-studio', 'hosts.json')
	);
}

/** Returns the path of the file with this person's consents: beside that of the hosts. */
export function consentsFilePath(hostsFile = hostsFilePath()): string {
	return process.env['STAT_STUDIO_CONSENTS'] ?? path.join(path.dirname(hostsFile), 'consents.json');
}

/**
 * Returns the hosts in {@link hostsFilePath}; by default they are reached by this machine's ssh. `local` needs no
 * confirmation.
 */
export function createHosts(
	overrides: SshOptions & { readonly trainerFolder: string; readonly file?: string | undefined },
): Hosts {
	const options = { ...sshOfThisMachine(), ...overrides };
	const place = () => options.file ?? hostsFilePath();
	const read = async (): Promise<HostSettings[]> =>
		(await readOwnFile(place(), schema, 'remote.hostsFile'))?.hosts ?? [];
	const write = (hosts: readonly HostSettings[]): Promise<void> => writeOwnFile(place(), { hosts });
	return {
		confirmed: read,
		async confirm(settings) {
			const { name } = settings;
			checkHostName(name);
			await write([...(await read()).filter((host) => host.name !== name), settings]);
			await addConsent(consentsFilePath(place()), {
				kind: 'host',
				subject: name,
				hash: null,
				when: new Date().toISOString(),
			});
		},
		withdraw: async (name) => write((await read()).filter((host) => host.name !== name)),
		allowJob: (record) =>
			addConsent(consentsFilePath(place()), { ...jobConsent(record), when: new Date().toISOString() }),
		async isAllowedJob(record) {
			const id = consentId(jobConsent(record));
			return (await readConsents(consentsFilePath(place()))).some((consent) => consentId(consent) === id);
		},
		async open(name) {
			checkHostName(name);
			const known = (await read()).find((host) => host.name === name);
			if (!known && name !== 'local') {
				throw new StatError('remote.unconfirmed', { host: name });
			}
			return openHost(known ?? { name }, options);
		},
	};
}

function jobConsent(record: JobRecord): { readonly kind: 'job'; readonly subject: string; readonly hash: string } {
	return { kind: 'job', subject: record.id, hash: jobHash(record) };
}
