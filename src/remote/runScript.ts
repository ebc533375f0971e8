import type { HostSettings } from '../core/training/job.ts';
import { checkJobId } from './hostName.ts';
import { assignments, rootOf } from './place.ts';
import rootText from './scripts/root.sh';
import runText from './scripts/run.sh';
import { shellLine } from './shellQuote.ts';

/** What is needed to start a job's processes. */
export interface Starter {
	/** Path of the interpreter on the host; `null` for the environment's own. */
	readonly python: string | null;
	/** Name of the environment under `envs/`. */
	readonly environment: string;
	/** Name of the trainer under `trainers/`. */
	readonly trainer: string;
	/** Number of processes that train together. */
	readonly gpus: number;
	/** The job that has to end first. */
	readonly after: string | undefined;
}

/**
 * Returns the text of a job's `run.sh`. It first claims the job by creating a folder, which can succeed only once: a
 * second start, after a lost reply or by another editor, does nothing. `run.sh N [AFTER]` is the N-th run of a resumed
 * job and claims its own folder. A killed trainer is restarted and continues from its checkpoint; one that ended by
 * itself or was cancelled is not. `exit` is written last, in full or not at all: 143 if the user cancelled the job, and
 * 145 if the host or Slurm stopped it (time limit, preemption, shutdown), after which a requeued Slurm job continues.
 * With several processes, exit.json states how they ended, because their launcher's exit code does not.
 */
export function runScript(settings: HostSettings, { python, environment, trainer, gpus, after }: Starter): string {
	const values = {
		ROOT: rootOf(settings),
		PRELUDE: settings.prelude ?? '',
		STAT_INTERPRETER: python ?? '',
		ENVIRONMENT: environment,
		TRAINER: trainer,
		STAT_LAUNCHER: gpus > 1 ? shellLine(accelerate(settings, gpus)) : '',
		AFTER: after === undefined ? '' : checkJobId(after),
	};
	return `#!/bin/sh\n# Made by STAT Studio.\n${assignments(values)}\n${rootText}${runText}`;
}

/**
 * Returns the arguments between the interpreter and the trainer, for one process per GPU. The user's own configuration
 * file may decide how the processes share the model.
 */
function accelerate({ accelerateArguments = [] }: HostSettings, gpus: number): string[] {
	const own = accelerateArguments.some((argument) => /^--(config_file|use_fsdp|use_deepspeed)\b/.test(argument));
	return [
		'-m',
		'accelerate.commands.launch',
		...(own ? [] : ['--multi_gpu', '--mixed_precision', 'no', '--dynamo_backend', 'no']),
		'--num_processes',
		String(gpus),
		'--num_machines',
		'1',
		'--main_process_port',
		'0',
		...accelerateArguments,
	];
}
