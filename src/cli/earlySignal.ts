/** Ctrl-C while the command is still being loaded: nothing has been begun, and it ends as a cancelled command does. First import of cli.ts. */
export function signalledEarly(): void {
	process.stderr.write('stat-studio: cancelled before it began\n');
	process.exit(130);
}

process.on('SIGINT', signalledEarly).on('SIGTERM', signalledEarly);
