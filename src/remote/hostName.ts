import { StatError } from '../core/errors/statError.ts';

/** `local`, or what may stand after `ssh --`: an alias, host, user@host. Never an option, a URL or white space. */
export function checkHostName(name: string): string {
	if (!/^[A-Za-z0-9_][A-Za-z0-9_.@:%[\]-]{0,252}$/.test(name)) {
		throw new StatError('remote.hostName', { host: JSON.stringify(name.slice(0, 60)) });
	}
	return name;
}

/** A job id as we make them: 12 to 40 of [a-z0-9-], so that it can be a folder's name anywhere. */
export function checkJobId(id: string): string {
	if (!/^[a-z0-9][a-z0-9-]{6,39}$/.test(id)) {
		throw new StatError('jobs.id', { job: JSON.stringify(id.slice(0, 60)) });
	}
	return id;
}
