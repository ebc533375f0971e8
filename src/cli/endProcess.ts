import { isHanging } from '../store/hangingCalls.ts';

/**
 * Ends the process. `process.exit` waits for all threads, so where a file call of the store hangs (a dead mount) the
 * process is killed.
 */
export async function endProcess(status: number): Promise<void> {
	await killIfHanging(500);
	process.exit(status);
}

/** Kills the process if a file call of the store has not returned for `ms`. */
export async function killIfHanging(ms: number): Promise<void> {
	if (await isHanging(ms)) {
		process.stderr.write(
			'stat-studio: the disk of the project does not answer: killed; what was confirmed is stored\n',
		);
		process.kill(process.pid, 'SIGKILL');
	}
}
