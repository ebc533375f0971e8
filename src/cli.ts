#!/usr/bin/env node
import { onSignal } from './cli/earlySignal.ts';
import { endProcess } from './cli/endProcess.ts';
import { runCli } from './cli/runCli.ts';
import { formatCalls, RunningCalls } from './cli/runningCalls.ts';

/** Runs {@link runCli} with this process's streams and signals, and sets its exit status. */
async function main(): Promise<void> {
	// It is not an error if the reader stops early (`| head`).
	process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
	const abort = new AbortController();
	const calls = new RunningCalls();
	const { stdin, stdout, stderr } = process;
	const report = (text: string) => stderr.write(`${stderr.isTTY ? '\r\x1b[2K' : ''}stat-studio: ${text}\n`);
	const stop = (): void => {
		if (abort.signal.aborted) {
			void endProcess(130);
			return;
		}
		const { inFlight } = calls;
		if (inFlight > 0) {
			report(`${formatCalls(inFlight)} cut off in flight: the endpoint may bill for them all the same`);
		}
		abort.abort();
	};
	let isFinishing = false;
	onSignal((signal) => {
		const { inFlight } = calls;
		if (signal === 'SIGTERM' || isFinishing || abort.signal.aborted || inFlight === 0) {
			stop();
			return;
		}
		isFinishing = true;
		report(`waiting for ${formatCalls(inFlight)} in flight, which are paid for; Ctrl-C again ends at once`);
		void calls.finish().then(() => abort.abort());
	});
	const status = await runCli(process.argv.slice(2), {
		stdin,
		stdout,
		stderr,
		signal: abort.signal,
		calls,
		dist: import.meta.dirname,
	});
	onSignal();
	process.exitCode = status;
	if (abort.signal.aborted) {
		// Work that outlives the grace period is cut off once the output has been handed over.
		stdout.write('', () => void endProcess(status));
	}
}

void main();
