import type { Consent, Consents } from '../core/ports/consents.ts';
import type { Hosts } from '../core/ports/hosts.ts';
import { addConsent, consentId, readConsents, removeConsent } from './consentRecords.ts';
import { consentsFilePath } from './hostsFile.ts';

/**
 * Returns this person's consents on this machine: those of the file, and the hosts that an earlier version confirmed,
 * which have no record there.
 */
export function createConsents({ hosts, file }: { hosts: Hosts; file?: string | undefined }): Consents {
	const place = file ?? consentsFilePath();
	const list = async (): Promise<Consent[]> => {
		const confirmed = (await hosts.confirmed()).map(({ name }) => name);
		const known = (await readConsents(place)).filter(
			({ kind, subject }) => kind !== 'host' || confirmed.includes(subject),
		);
		const earlier = confirmed
			.filter((name) => !known.some(({ kind, subject }) => kind === 'host' && subject === name))
			.map((subject) => ({ kind: 'host' as const, subject, hash: null, when: null }));
		return [...known, ...earlier].map((consent) => ({ id: consentId(consent), ...consent }));
	};
	return {
		list,
		has: async (consent) => (await readConsents(place)).some((one) => consentId(one) === consentId(consent)),
		add: (consent) => addConsent(place, consent),
		async withdraw(id) {
			const consent = (await list()).find((one) => one.id === id);
			if (consent?.kind === 'host') {
				await hosts.withdraw(consent.subject);
			}
			if (consent !== undefined) {
				await removeConsent(place, id);
			}
			return consent ?? null;
		},
	};
}
