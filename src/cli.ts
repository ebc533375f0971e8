#!/usr/bin/env node
import { onSignal } from './cli/earlySignal.ts';
import { endProcess, killIfHanging } from './cli/endProcess.ts';
import { runCli } from './cli/runCli.ts';

/** Time in ms that a single file call may still take after Ctrl-C or SIGTERM. */
const graceOfDisk = 10_000;

/** Runs {@link runCli} with this process's streams and signals, and sets its exit status. */
async function main(): Promise<void> {
	// It is not an error if the reader stops early (`| head`).
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
		// Work that outlives the grace period is cut off once the output has been handed over.
		stdout.write('', () => process.exit(status));
	}
}

void main();
