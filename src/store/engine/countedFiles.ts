import type { Files } from './machine.ts';
import { realFiles } from './machine.ts';

/** Allocates the memory that a store's worker and its main thread share: the number of file calls begun and ended. */
export function newCallCount(): Int32Array {
	return new Int32Array(new SharedArrayBuffer(4));
}

/** Whether a file call is in progress. */
export function isInCall(count: number): boolean {
	return count % 2 !== 0;
}

/**
 * Wraps file operations so that their calls are counted. Another thread can then see when a call hangs: on a dead mount
 * it never returns.
 */
export function countedFiles(calls: Int32Array, files: Files = realFiles): Files {
	const counted: Record<string, unknown> = {};
	for (const name of fileCalls) {
		const call = files[name] as (...args: unknown[]) => unknown;
		counted[name] = (...args: unknown[]): unknown => {
			Atomics.add(calls, 0, 1);
			try {
				return call(...args);
			} finally {
				Atomics.add(calls, 0, 1);
			}
		};
	}
	return counted as unknown as Files;
}

const fileCalls: readonly (keyof Files)[] = [
	'openSync',
	'closeSync',
	'readSync',
	'writeSync',
	'fstatSync',
	'lstatSync',
	'ftruncateSync',
	'fsyncSync',
	'fdatasyncSync',
	'renameSync',
	'linkSync',
	'unlinkSync',
	'mkdirSync',
	'rmdirSync',
	'readdirSync',
	'realpathSync',
];
