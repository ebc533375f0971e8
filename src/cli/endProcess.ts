import { isHanging } from '../store/hangingCalls.ts';

/**
 * Ends the process. `process.exit` waits for all threads, so the process is killed if a file call of the store hangs
 * (as on a dead mount).
 */
export async function endProcess(status: number): Promise<void> {
	await killIfHanging(500);
	process.exit(status);
}

async function killIfHanging(ms: number): Promise<void> {
	if (await isHanging(ms)) {
		process.stderr.write(
			'stat-studio: the disk of the project does not answer: killed; what was confirmed is stored\n',
		);
		process.kill(process.pid, 'SIGKILL');
	}
}
