import type { StudentTemplate } from '../questions/studentTemplate.ts';

/** What the trainer can do on a host (trainer/stat_trainer/spec.py). */
export type Recipe = 'sft' | 'grpo' | 'generate' | 'score' | 'xray';

/** Read from the job's own files on the host, never from ssh's return code. `lost`: it stopped without saying so. */
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'lost';
export const endStates: ReadonlySet<JobState> = new Set(['done', 'failed', 'cancelled']);

/** The spec the trainer reads: trainer/stat_trainer/spec.py holds its schema and the paper's defaults (sec. C.1). */
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
	readonly settings: Readonly<Record<string, number | string | boolean>>;
}

/**
 * A job as this project remembers it: `.stat/jobs/ID/job.json`. Its host is used only where this machine confirmed it.
 */
export interface JobRecord {
	/** Made here, before the first byte is sent: launching twice is launching once. */
	readonly id: string;
	/** 128 random bits: the host's folder must hold the same before anything there is touched. */
	readonly token: string;
	readonly host: string;
	readonly launcher: 'process' | 'slurm';
	readonly recipe: Recipe;
	readonly dataset: string | null;
	/** `generate` and `score`: whose answers they make or score; fetching brings them into the project. */
	readonly scope?: { readonly student: string; readonly round: number };
	/** Processes that train together, one a GPU; absent: one. */
	readonly gpus?: number;
	/**
	 * One of several trainings that differ in their learning rate alone; `id` is that of the first, whose data file
	 * they share.
	 */
	readonly sweep?: { readonly id: string; readonly lr: number };
	/** On a host without a queue: begins when that job has ended. */
	readonly after?: string;
	/**
	 * How much there is to do, in units of its recipe ({@link estimate}): what lets earlier jobs tell how long this one
	 * takes.
	 */
	readonly work?: number;
	readonly model: string;
	readonly spec: JobSpec;
	readonly dataSha256: string;
	readonly createdAt: string;
}

/**
 * What this project last learnt of a job: `.stat/jobs/ID/state.json`. Shown while its host is away, and kept after its
 * folder there is cleaned.
 */
export interface JobNote {
	readonly state: JobState;
	readonly detail: string;
	readonly step: number | null;
	readonly steps: number | null;
	readonly loss: number | null;
	/** When it was learnt, ISO 8601. */
	readonly at: string;
	/** Its results are here, each checked by its hash. */
	readonly fetched: boolean;
	readonly pace?: JobPace;
	/** The trained student's answers to the validation questions, by our grader. */
	readonly validation?: ValidationScore;
	/** It ended well and left no validation answers: there is nothing to fetch or grade. */
	readonly unanswered?: true;
}

/** How fast a job went, from its own log: seconds for all of its steps at the rate seen. */
export interface JobPace {
	readonly wholeSeconds: number;
	/** `null`: its recipe does not say. */
	readonly tokensPerSecond: number | null;
}

export interface ValidationScore {
	readonly questions: number;
	readonly right: number;
	/** Answers the grader could not tell about: they count as not right. */
	readonly unsure: number;
}

/** What a host says of a job. */
export interface JobStatus {
	readonly id: string;
	readonly state: JobState;
	/** One sentence: exit message, why lost, what it waits for. */
	readonly detail: string;
	readonly exitCode: number | null;
	/** Bytes in its event log. */
	readonly eventBytes: number;
	/** Seconds since its last heartbeat by the host's own clock; `null`: none yet. */
	readonly heartbeatAge: number | null;
	readonly slurmId: string | null;
}

/** One thing preflight looked at. */
export interface Finding {
	readonly what: string;
	/** `missing` stops a job; `warn` does not. */
	readonly level: 'ok' | 'warn' | 'missing';
	readonly value: string;
	/** How to mend it; empty when ok. */
	readonly mend: string;
}

/** How one host is to be used: kept per machine, never in a project. */
export interface HostSettings {
	/** `local` or a name OpenSSH knows. */
	readonly name: string;
	/** Folder for everything of ours there; default `~/.stat-studio`. `~/` and absolute paths only. */
	readonly root?: string | undefined;
	/** Shell lines before Python: module load, conda activate. Typed by the user, run as they are. */
	readonly prelude?: string | undefined;
	/** An interpreter that already has the packages; then none are installed. */
	readonly python?: string | undefined;
	/** Extra pip arguments: an index, a wheel folder. */
	readonly pipArguments?: readonly string[] | undefined;
	readonly launcher?: 'process' | 'slurm' | undefined;
	/** Extra sbatch arguments, e.g. `--gres=gpu:1`. */
	readonly slurmArguments?: readonly string[] | undefined;
	/** GPUs a training takes where it does not say; default 1. More are started by `accelerate launch`. */
	readonly gpus?: number | undefined;
	/** Extra arguments of `accelerate launch`, e.g. `--config_file=/home/me/fsdp.yaml`. */
	readonly accelerateArguments?: readonly string[] | undefined;
}
