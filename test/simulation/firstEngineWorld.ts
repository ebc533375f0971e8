import type { Machine } from '../../src/store/engine/machine.ts';
import type { SimulatedFiles } from './simulatedFiles.ts';

/** A simulated machine that also reports when a process started, which 0.1 reads from /proc. */
export interface FirstMachine extends Machine {
	startOf(pid: number): string | undefined;
}

/** The machine that 0.1's code runs on, with one process per thread. */
export const simulated: { machine: FirstMachine | undefined } = { machine: undefined };

function machine(): FirstMachine {
	if (!simulated.machine) {
		throw new Error('no simulated machine');
	}
	return simulated.machine;
}

/** Returns what 0.1 imports from node:fs; files in /proc describe the simulated process. */
export function nodeFs(): SimulatedFiles {
	return { ...(machine().files as SimulatedFiles), readFileSync };
}

function readFileSync(file: string | number, encoding?: string): Buffer | string {
	if (file === '/proc/sys/kernel/random/boot_id') {
		return machine().self.boot;
	}
	const pid = typeof file === 'string' ? /^\/proc\/(\d+)\/stat$/.exec(file)?.[1] : undefined;
	if (pid !== undefined) {
		const started = machine().startOf(Number(pid));
		if (started === undefined) {
			throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
		}
		return `${pid} (node) ${'0 '.repeat(19)}${started} 0`;
	}
	return (machine().files as SimulatedFiles).readFileSync(file, encoding);
}

export const hostname = (): string => machine().self.host;
export const setTimeout = (ms: number): Promise<unknown> => machine().sleep(ms);
export const dateNow = (): number => machine().now();
export const pid = (): number => machine().self.pid;

export function kill(id: number): void {
	if (!machine().isAlive(id, '')) {
		throw Object.assign(new Error('ESRCH'), { code: 'ESRCH' });
	}
}
