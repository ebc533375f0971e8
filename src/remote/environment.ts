import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StatError } from '../core/errors/statError.ts';
import type { HostRun } from '../core/ports/hosts.ts';
import type { HostSettings } from '../core/training/job.ts';
import { assignments, checkHash, preamble, script } from './place.ts';
import buildText from './scripts/build.sh';
import buildingText from './scripts/building.sh';
import checkImportsText from './scripts/checkImports.sh';
import sendTrainerText from './scripts/sendTrainer.sh';
import startBuildText from './scripts/startBuild.sh';
import watchBuildText from './scripts/watchBuild.sh';
import type { Shell } from './shell.ts';
import { plainLine } from './shell.ts';
import { shellLine, shellQuote } from './shellQuote.ts';

/** The Python package that is sent to the host, named by a hash of its content. */
export interface Trainer {
	readonly hash: string;
	readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
	readonly requirements: { readonly cpu: string; readonly cuda: string };
}

/** Reads the package from `folder` (dist/trainer). */
export function readTrainer(folder: string): Trainer {
	const names = readdirSync(path.join(folder, 'stat_trainer'))
		.filter((name) => name.endsWith('.py'))
		.sort();
	const files = names.map((name) => ({ name, bytes: readFileSync(path.join(folder, 'stat_trainer', name)) }));
	const hash = createHash('sha256');
	for (const { name, bytes } of files) {
		hash.update(`${name}\0${bytes.length}\0`).update(bytes);
	}
	const requirements = (set: string) => readFileSync(path.join(folder, `requirements-${set}.txt`), 'utf8');
	return {
		hash: hash.digest('hex').slice(0, 32),
		files,
		requirements: { cpu: requirements('cpu'), cuda: requirements('cuda') },
	};
}

/**
 * Sends a version of the trainer once, into a temporary folder that is then renamed, so that the final folder is never
 * incomplete.
 */
export async function sendTrainer(
	shell: Shell,
	settings: HostSettings,
	trainer: Trainer,
	signal: AbortSignal,
): Promise<void> {
	const send = script([preamble(settings), sendTrainerText], {
		TRAINER: checkHash(trainer.hash),
		COUNT: trainer.files.length,
	});
	const input = trainer.files
		.map(({ name, bytes }) => `${name} ${bytes.length === 0 ? 'Cg==' : bytes.toString('base64')}\n`)
		.join('');
	const { code, stderr } = await shell.run(send, { signal, input });
	if (code !== 0) {
		throw new StatError('remote.sendTrainer', { host: shell.host, reason: plainLine(stderr) || `exit ${code}` });
	}
}

/** The packages that the trainer imports. */
const imports = 'torch transformers trl peft accelerate datasets math_verify';

/**
 * Returns a hash of everything that determines the host's environment: the requirements, pip's arguments and the
 * prelude.
 */
export function environmentKey(settings: HostSettings, trainer: Trainer): string {
	return createHash('sha256')
		.update(JSON.stringify([trainer.requirements, settings.pipArguments ?? [], settings.prelude ?? '']))
		.digest('hex')
		.slice(0, 16);
}

/** Returns the interpreter that jobs run with, as a shell expression. */
export function interpreterOf(settings: HostSettings, trainer: Trainer): string {
	return settings.python
		? shellQuote(settings.python)
		: `"$ROOT"/envs/${environmentKey(settings, trainer)}/bin/python`;
}

/**
 * Creates the environment once for each set of requirements. The host continues even if the connection is lost, and
 * another call watches or resumes the work. Each step is reported when it begins.
 */
export async function prepareEnvironment(
	shell: Shell,
	settings: HostSettings,
	trainer: Trainer,
	run: HostRun,
): Promise<void> {
	if (settings.python) {
		return checkImports(shell, settings, settings.python, run.signal);
	}
	const key = environmentKey(settings, trainer);
	const build = assignments({
		PRELUDE: settings.prelude ?? '',
		STAT_PIP: shellLine(settings.pipArguments ?? []),
		STAT_IMPORTS: imports,
	});
	const start = script([preamble(settings), buildingText, startBuildText], {
		ENVIRONMENT: key,
		CPU: trainer.requirements.cpu,
		CUDA: trainer.requirements.cuda,
		BUILD: `#!/bin/sh\n${build}\n${buildText}`,
	});
	const watch = script([preamble(settings), buildingText, watchBuildText], { ENVIRONMENT: key });
	const begun = await shell.run(start, { signal: run.signal });
	if (begun.code !== 0) {
		throw new StatError('remote.environment', {
			host: shell.host,
			reason: plainLine(begun.stderr) || `exit ${begun.code}`,
		});
	}
	let state = begun.stdout.toString().trim();
	let seen = 0;
	let misses = 0;
	while (state !== 'done') {
		await new Promise((resolve) => setTimeout(resolve, 1000));
		let looked;
		try {
			looked = await shell.run(watch, { signal: run.signal, timeoutMs: 30_000 });
		} catch (error) {
			// The host continues without us, so the wait ends only after a long silence.
			if (run.signal.aborted || ++misses > 20) {
				throw error;
			}
			continue;
		}
		misses = 0;
		const [first, ...lines] = looked.stdout.toString('utf8').split('\n');
		const setupSteps = lines.filter((line) => line.startsWith('step ')).map((line) => plainLine(line.slice(5)));
		for (; seen < setupSteps.length; seen++) {
			run.progress({ label: `${shell.host}: ${setupSteps[seen]}`, done: seen, total: 5 });
		}
		state = first ?? '';
		if (state === 'failed' || state === 'gone') {
			throw new StatError('remote.environment', {
				host: shell.host,
				reason:
					plainLine(lines.filter((line) => line.trim() !== '').join('\n')) ||
					'it ended without giving a reason',
			});
		}
	}
}

async function checkImports(
	shell: Shell,
	settings: HostSettings,
	interpreter: string,
	signal: AbortSignal,
): Promise<void> {
	const check = script([preamble(settings), checkImportsText], {
		PRELUDE: settings.prelude ?? '',
		STAT_INTERPRETER: interpreter,
		STAT_IMPORTS: imports,
	});
	const { stdout, code } = await shell.run(check, { signal });
	const missing = plainLine(stdout.toString('utf8'));
	if (code !== 0) {
		throw new StatError('remote.interpreter', { host: shell.host, python: settings.python ?? '' });
	}
	if (missing) {
		throw new StatError('remote.packages', {
			host: shell.host,
			python: settings.python ?? '',
			packages: missing.replace(/ /g, ', '),
		});
	}
}
