import os from 'node:os';
import type { Checker } from '../../core/ports/checker.ts';
import type { Consents } from '../../core/ports/consents.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { CheckLimits, Isolation } from './isolation.ts';
import { checkLimits, findIsolation } from './isolation.ts';
import type { ReadCommand } from './readCommand.ts';
import { readCommand } from './readCommand.ts';
import { runChecker } from './runChecker.ts';

/**
 * Creates what runs people's own checkers (docs/grading.md). `folder`: relative files of a command are found from here;
 * as many checks run at a time as there are processors, at most eight.
 */
export function createChecker({
	folder,
	consents,
	limits = checkLimits,
	isolation,
	atOnce = Math.min(8, os.availableParallelism()),
}: {
	folder: string;
	consents: Consents;
	limits?: CheckLimits;
	/** Default: what this platform can do. */
	isolation?: Isolation;
	atOnce?: number;
}): Checker {
	/** Commands that were found to be allowed, with the files as they were then: those run. */
	const allowed = new Map<string, Promise<ReadCommand>>();
	const isolate = () => (isolation === undefined ? findIsolation(limits) : Promise.resolve(isolation));
	const waiting: (() => void)[] = [];
	let running = 0;
	const isAllowed = (command: string, hash: string) => consents.has({ kind: 'checker', subject: command, hash });
	const readAllowed = async (command: string): Promise<ReadCommand> => {
		const read = await readCommand(command, folder);
		if (!(await isAllowed(command, read.hash))) {
			throw new StatError('questions.checkerNotAllowed', { command });
		}
		return read;
	};
	return {
		async describe(command) {
			const { hash, files } = await readCommand(command, folder);
			const { unlimited } = await isolate();
			return { command, files, hash, unlimited, isAllowed: await isAllowed(command, hash) };
		},
		async allow(command) {
			const { hash } = await readCommand(command, folder);
			await consents.add({ kind: 'checker', subject: command, hash, when: new Date().toISOString() });
			allowed.delete(command);
		},
		async check(command, input, signal) {
			const known = allowed.get(command) ?? readAllowed(command);
			allowed.set(command, known);
			known.catch(() => allowed.delete(command));
			const read = await known;
			if (running >= atOnce) {
				await new Promise<void>((resolve) => waiting.push(resolve));
			}
			running++;
			try {
				return await runChecker(read, input, { limits, isolation: await isolate(), signal });
			} finally {
				running--;
				waiting.shift()?.();
			}
		},
	};
}
