import os from 'node:os';
import path from 'node:path';
import { realpath } from 'node:fs/promises';
import type { Checker } from '../../core/ports/checker.ts';
import type { Consents } from '../../core/ports/consents.ts';
import { StatError } from '../../core/errors/statError.ts';
import type { CheckLimits, Isolation } from './isolation.ts';
import { checkLimits, findIsolation } from './isolation.ts';
import type { ReadCommand } from './readCommand.ts';
import { readCommand } from './readCommand.ts';
import { runChecker } from './runChecker.ts';

/**
 * Creates what runs people's own checkers (docs/grading.md). `folder`: the project, which a checker cannot read where it
 * can be covered; relative files of a command are found from here. As many checks run at a time as there are processors, at most eight.
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
	const consentTo = async (command: string, hash: string) => {
		const isAllowed = await consents.has({ kind: 'checker', subject: command, hash });
		const known = isAllowed ? [] : await consents.list();
		return { isAllowed, hasChanged: known.some(({ kind, subject }) => kind === 'checker' && subject === command) };
	};
	const readAllowed = async (command: string): Promise<ReadCommand> => {
		const read = await readCommand(command, folder);
		const { isAllowed, hasChanged } = await consentTo(command, read.hash);
		if (!isAllowed) {
			throw new StatError(hasChanged ? 'questions.checkerChanged' : 'questions.checkerNotAllowed', { command });
		}
		return read;
	};
	const project = path.resolve(folder);
	const real = realpath(project).catch(() => project);
	return {
		async describe(command) {
			const { hash, files } = await readCommand(command, folder);
			const { unlimited } = await isolate();
			return { command, files, hash, unlimited, ...(await consentTo(command, hash)) };
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
				const projects = [...new Set([project, await real])];
				return await runChecker(read, input, { limits, isolation: await isolate(), projects, signal });
			} finally {
				running--;
				waiting.shift()?.();
			}
		},
	};
}
