import type { Recipe } from './recipe.ts';
import type { Settings } from './settings.ts';
import type { StudentTemplate } from '../questions/studentTemplate.ts';

/** Read from the job's own files on the host, never from ssh's return code. `lost`: it stopped without an exit file. */
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
	/** Relative to the job folder. */
	readonly data: string;
	readonly template: StudentTemplate;
	readonly settings: Settings;
}

/**
 * A job as this project records it: `.stat/jobs/ID/job.json`. Its host is used only if it was confirmed on this
 * machine.
 */
export interface JobRecord {
	/** Chosen here before the first byte is sent, so that launching twice is launching once. */
	readonly id: string;
	/** 128 random bits: the host's folder must hold the same before anything in it is touched. */
	readonly token: string;
	readonly host: string;
	readonly launcher: 'process' | 'slurm';
	readonly recipe: Recipe;
	readonly dataset: string | null;
	/** For `generate` and `score`: whose answers it generates or scores; fetching imports them. */
	readonly scope?: { readonly student: string; readonly round: number };
	/** Processes that train together, one per GPU; default 1. */
	readonly gpus?: number;
	/**
	 * Set if it is one of several trainings that differ only in learning rate; `id` is that of the first, whose data
	 * file they share.
	 */
	readonly sweep?: { readonly id: string; readonly lr: number };
	/** On a host without a queue: it starts when that job has ended. */
	readonly after?: string;
	/** The work in units of its recipe ({@link estimate}), from which later jobs are estimated. */
	readonly work?: number;
	readonly model: string;
	readonly spec: JobSpec;
	readonly dataSha256: string;
	readonly createdAt: string;
}

/**
 * The last known state of a job: `.stat/jobs/ID/state.json`. Shown while its host is unreachable, and retained after
 * its folder there is cleaned.
 */
export interface JobNote {
	readonly state: JobState;
	readonly detail: string;
	readonly step: number | null;
	readonly steps: number | null;
	readonly loss: number | null;
	/** When the state was read, ISO 8601. */
	readonly at: string;
	/** Its results were fetched, each checked against its hash. */
	readonly fetched: boolean;
	readonly pace?: JobPace;
	/** The trained student's answers to the validation questions, graded here. */
	readonly validation?: ValidationScore;
	/** It ended well without validation answers: there is nothing to fetch or grade. */
	readonly unanswered?: true;
}

/** A job's pace, from its own log: seconds for all of its training steps at the observed rate. */
export interface JobPace {
	readonly wholeSeconds: number;
	/** `null`: its recipe does not report it. */
	readonly tokensPerSecond: number | null;
}

export interface ValidationScore {
	readonly questions: number;
	readonly right: number;
	/** Answers the grader was unsure about; they count as not right. */
	readonly unsure: number;
}

/** A job's state as its host reports it. */
export interface JobStatus {
	readonly id: string;
	readonly state: JobState;
	/** One sentence: the exit message, why it is lost, or what it waits for. */
	readonly detail: string;
	readonly exitCode: number | null;
	/** It never began and nothing waits to begin it: launch it again, rather than resume it. */
	readonly isLaunchable: boolean;
	/** Length of its event log in bytes. */
	readonly eventBytes: number;
	/** Seconds since its last heartbeat by the host's own clock; `null`: none yet. */
	readonly heartbeatAge: number | null;
	readonly slurmId: string | null;
}

/** One finding of the preflight check. */
export interface Finding {
	readonly what: string;
	/** `missing` stops a job; `warn` does not. */
	readonly level: 'ok' | 'warn' | 'missing';
	readonly value: string;
	/** How to fix it; empty if it is ok. */
	readonly mend: string;
}

/** How to use one host: stored per machine, never in a project. */
export interface HostSettings {
	/** `local`, or a name that OpenSSH knows. */
	readonly name: string;
	/** The folder for all of our files there; default `~/.stat-studio`. `~/` and absolute paths only. */
	readonly root?: string | undefined;
	/** Shell lines to run before Python, such as module load or conda activate. Typed by the user and run verbatim. */
	readonly prelude?: string | undefined;
	/** An interpreter that already has the packages; nothing is installed. */
	readonly python?: string | undefined;
	/** Extra pip arguments: an index, a wheel folder. */
	readonly pipArguments?: readonly string[] | undefined;
	readonly launcher?: 'process' | 'slurm' | undefined;
	/** Extra sbatch arguments, e.g. `--gres=gpu:1`. */
	readonly slurmArguments?: readonly string[] | undefined;
	/** Default number of GPUs of a training; 1 if absent. Several are started by `accelerate launch`. */
	readonly gpus?: number | undefined;
	/** Extra arguments of `accelerate launch`, e.g. `--config_file=/home/me/fsdp.yaml`. */
	readonly accelerateArguments?: readonly string[] | undefined;
}
