import { StatError } from '../core/errors/statError.ts';

/**
 * Accepts `local`, or what may follow `ssh --`: an alias, a host or user@host, but never an option, a URL or white
 * space.
 */
export function checkHostName(name: string): string {
	if (!/^[A-Za-z0-9_][A-Za-z0-9_.@:%[\]-]{0,252}$/.test(name)) {
		throw new StatError('remote.hostName', { host: JSON.stringify(name.slice(0, 60)) });
	}
	return name;
}

/** Accepts our job ids, 12 to 40 of [a-z0-9-], which are valid folder names on every system. */
export function checkJobId(id: string): string {
	if (!/^[a-z0-9][a-z0-9-]{6,39}$/.test(id)) {
		throw new StatError('jobs.id', { job: JSON.stringify(id.slice(0, 60)) });
	}
	return id;
}
