import * as fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { endProcess } from '../../../src/cli/endProcess.ts';
import { countedFiles, isInCall, newCallCount } from '../../../src/store/engine/countedFiles.ts';
import { watchCalls } from '../../../src/store/hangingCalls.ts';

/**
 * A process whose store waits forever for a file, as on a dead mount, and which then ends: node hangingStore.js PIPE.
 * Without PIPE nothing hangs.
 */
async function main(): Promise<void> {
	const pipe = process.argv[2];
	const calls = newCallCount();
	watchCalls(calls);
	if (pipe !== undefined) {
		new Worker(process.argv[1] ?? '', { workerData: { calls, pipe } });
		while (!isInCall(Atomics.load(calls, 0))) {
			await sleep(10);
		}
	}
	await endProcess(130);
}

if (isMainThread) {
	void main();
} else {
	const { calls, pipe } = workerData as { readonly calls: Int32Array; readonly pipe: string };
	// No process writes to the pipe.
	countedFiles(calls).openSync(pipe, fs.constants.O_RDONLY);
}
