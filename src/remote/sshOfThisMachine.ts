import { existsSync, lstatSync, mkdirSync } from 'node:fs';
import type { SshOptions } from './shell.ts';

/**
 * Returns the ssh to use. STAT_SSH and STAT_SSH_CONFIG name another binary and another configuration file; connections
 * are shared if that is safe.
 */
export function sshOfThisMachine(): SshOptions {
	return {
		sshPath: process.env['STAT_SSH'],
		configFile: process.env['STAT_SSH_CONFIG'],
		controlFolder: controlFolder(),
	};
}

/** Returns a short private folder for the sockets of ssh's shared connections, or undefined if there is none. */
function controlFolder(): string | undefined {
	const user = process.getuid?.();
	if (user === undefined) {
		return undefined;
	}
	const folder = `/tmp/stat-studio-${user}`;
	try {
		if (!existsSync(folder)) {
			mkdirSync(folder, { mode: 0o700 });
		}
		const found = lstatSync(folder);
		return found.isDirectory() && found.uid === user && (found.mode & 0o077) === 0 ? folder : undefined;
	} catch {
		return undefined;
	}
}
