import type { Recipe } from './recipe.ts';
import type { Settings } from './settings.ts';
import type { StudentTemplate } from '../questions/studentTemplate.ts';

/**
 * Read from the job's own files on the host, never from ssh's return code. `lost` means that it stopped without writing
 * an exit file.
 */
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'lost';
export const endStates: ReadonlySet<JobState> = new Set(['done', 'failed', 'cancelled']);

/** The spec that the trainer reads; trainer/stat_trainer/spec.py has its schema and the paper's defaults (sec. C.1). */
export interface JobSpec {
	readonly version: 1;
	readonly recipe: Recipe;
	readonly job: string;
	readonly model: {
		readonly name: string;
		readonly revision?: string | null;
		readonly adapter?: string | null;
		readonly trust_remote_code?: boolean;
	};
	/** Path relative to the job folder. */
	readonly data: string;
	readonly template: StudentTemplate;
	readonly settings: Settings;
}

/**
 * A job as recorded in this project: `.stat/jobs/ID/job.json`. Its host is used only if it was confirmed on this
 * machine.
 */
export interface JobRecord {
	/** Chosen locally before the first byte is sent, so that launching twice starts only one job. */
	readonly id: string;
	/** 128 random bits. The host's folder must contain the same token before anything in it is touched. */
	readonly token: string;
	readonly host: string;
	readonly launcher: 'process' | 'slurm';
	readonly recipe: Recipe;
	readonly dataset: string | null;
	/**
	 * For `generate` and `score`: the student and round whose answers are generated or scored. Fetching imports them.
	 */
	readonly scope?: { readonly student: string; readonly round: number };
	/** Number of processes that train together, one per GPU; default 1. */
	readonly gpus?: number;
	/**
	 * Set if the job is one of several trainings that differ only in learning rate. `id` is the ID of the first one,
	 * whose data file they share.
	 */
	readonly sweep?: { readonly id: string; readonly lr: number };
	/** ID of the job that must end before this one starts, on a host without a queue. */
	readonly after?: string;
	/** The amount of work in units of the recipe ({@link estimate}), from which later jobs are estimated. */
	readonly work?: number;
	readonly model: string;
	readonly spec: JobSpec;
	readonly dataSha256: string;
	readonly createdAt: string;
}

/**
 * The last known state of a job: `.stat/jobs/ID/state.json`. Shown while its host is unreachable, and retained after
 * its folder on the host is cleaned up.
 */
export interface JobNote {
	readonly state: JobState;
	readonly detail: string;
	readonly step: number | null;
	readonly steps: number | null;
	readonly loss: number | null;
	/** When the state was read, ISO 8601. */
	readonly at: string;
	/** Whether its results were fetched and each file's hash was checked. */
	readonly fetched: boolean;
	readonly pace?: JobPace;
	/** How the trained student's answers to the validation questions were graded here. */
	readonly validation?: ValidationScore;
	/** The job succeeded without validation answers, so there is nothing to fetch or grade. */
	readonly unanswered?: true;
}

/**
 * How fast a job runs, according to its own log. `wholeSeconds` is the time for all of its training steps at the
 * observed rate.
 */
export interface JobPace {
	readonly wholeSeconds: number;
	/** `null` if the recipe does not report it. */
	readonly tokensPerSecond: number | null;
}

export interface ValidationScore {
	readonly questions: number;
	readonly right: number;
	/** Number of answers that the grader is unsure about; they do not count as right. */
	readonly unsure: number;
}

/** A job's state as reported by its host. */
export interface JobStatus {
	readonly id: string;
	readonly state: JobState;
	/** One sentence: the exit message, why the job is lost, or what it is waiting for. */
	readonly detail: string;
	readonly exitCode: number | null;
	/** The job never began and nothing is waiting to begin it, so it must be launched again instead of resumed. */
	readonly isLaunchable: boolean;
	/** Length of the job's event log in bytes. */
	readonly eventBytes: number;
	/** Seconds since the last heartbeat by the host's own clock; `null` if there has been none. */
	readonly heartbeatAge: number | null;
	readonly slurmId: string | null;
}

/** One result of the preflight check. */
export interface Finding {
	readonly what: string;
	/** `missing` prevents a job from starting; `warn` does not. */
	readonly level: 'ok' | 'warn' | 'missing';
	readonly value: string;
	/** How to fix the problem; empty if there is none. */
	readonly mend: string;
}

/** How to use one host. Stored per machine, never in a project. */
export interface HostSettings {
	/** `local`, or a host name that OpenSSH knows. */
	readonly name: string;
	/**
	 * The folder for all of our files on the host; default `~/.stat-studio`. Only `~/` and absolute paths are allowed.
	 */
	readonly root?: string | undefined;
	/** Shell lines to run before Python, such as module load or conda activate. Typed by the user and run verbatim. */
	readonly prelude?: string | undefined;
	/** A Python interpreter that already has the packages; nothing is installed. */
	readonly python?: string | undefined;
	/** Extra pip arguments, such as an index or a wheel folder. */
	readonly pipArguments?: readonly string[] | undefined;
	readonly launcher?: 'process' | 'slurm' | undefined;
	/** Extra sbatch arguments, e.g. `--gres=gpu:1`. */
	readonly slurmArguments?: readonly string[] | undefined;
	/**
	 * Default number of GPUs for training; 1 if absent. With several GPUs, `accelerate launch` starts the processes.
	 */
	readonly gpus?: number | undefined;
	/** Extra arguments for `accelerate launch`, e.g. `--config_file=/home/me/fsdp.yaml`. */
	readonly accelerateArguments?: readonly string[] | undefined;
}
