#!/usr/bin/env node
import { onSignal } from './cli/earlySignal.ts';
import { endProcess, killIfHanging } from './cli/endProcess.ts';
import { runCli } from './cli/runCli.ts';

/** How long, after Ctrl-C or SIGTERM, a single file call may still take, ms. */
const graceOfDisk = 10_000;

/** The process around {@link runCli}: its streams, signals and exit status. */
async function main(): Promise<void> {
	// A reader that stops early (`| head`) is no error.
	process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
	const abort = new AbortController();
	onSignal(() => {
		if (abort.signal.aborted) {
			void endProcess(130);
			return;
		}
		abort.abort();
		void killIfHanging(graceOfDisk);
	});
	const { stdin, stdout, stderr } = process;
	const status = await runCli(process.argv.slice(2), {
		stdin,
		stdout,
		stderr,
		signal: abort.signal,
		dist: import.meta.dirname,
	});
	onSignal();
	process.exitCode = status;
	if (abort.signal.aborted) {
		// Work that outlived the grace period is cut off, once the output is handed on.
		stdout.write('', () => process.exit(status));
	}
}

void main();
