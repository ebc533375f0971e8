import type { HubFile } from './hubFile.ts';
import type { StudentTemplate } from './ports.ts';
import type { Progress } from './run.ts';

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

export interface HostRun {
	readonly signal: AbortSignal;
	readonly progress: (progress: Progress) => void;
	readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}

/** A GPU host. Implemented in src/remote over the system's OpenSSH, or a shell on this machine. */
export interface Host {
	readonly settings: HostSettings;
	preflight(run: HostRun): Promise<readonly Finding[]>;
	/**
	 * Trainer and environment, made once per trainer version, and the model's files, downloaded once; every step is
	 * told; resumable. `token`: a model hub's, used for the download alone and never stored.
	 */
	prepare(
		run: HostRun,
		model?: {
			readonly name: string;
			readonly revision?: string | null | undefined;
			readonly token?: string | undefined;
		},
	): Promise<void>;
	/** Sends spec and data and starts the job, once per id however often it is called. */
	launch(record: JobRecord, dataFile: string, run: HostRun): Promise<void>;
	status(records: readonly JobRecord[], signal: AbortSignal): Promise<readonly JobStatus[]>;
	/**
	 * The event log (or the trainer's raw output) from a byte offset on; ends when the job has, or, without `follow`,
	 * at once. Reconnects and resumes byte-exactly.
	 */
	tail(
		record: JobRecord,
		options: {
			readonly file: 'events' | 'output';
			readonly offset: number;
			readonly follow: boolean;
			readonly signal: AbortSignal;
			readonly onState?: ((state: 'connected' | 'unreachable') => void) | undefined;
		},
	): AsyncIterable<{ readonly offset: number; readonly bytes: Uint8Array }>;
	/** Ends the whole process group (or the Slurm job). Resolves when it is gone. */
	cancel(record: JobRecord, run: HostRun): Promise<void>;
	/**
	 * An ended or lost job goes on from its last checkpoint, under its id, once however often it is asked; `after`:
	 * when that job has ended. Nothing happens while it runs; refused when it is done or its folder is gone.
	 */
	resume(record: JobRecord, run: HostRun, after?: string): Promise<void>;
	/**
	 * Copies the job's results into a folder here, each file checked by its hash; names are relative and stay inside.
	 * `only`: one file.
	 */
	fetch(
		record: JobRecord,
		folder: string,
		run: HostRun,
		only?: string,
	): Promise<readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]>;
	/**
	 * Files of these datasets (`OWNER/NAME`) in the host's Hugging Face cache that rows are read from; of each its
	 * newest snapshot. Downloads nothing.
	 */
	hubFiles(repositories: readonly string[], signal: AbortSignal): Promise<readonly HubFile[]>;
	/** Copies such files into a folder here that is there while `use` runs. */
	withHubFiles<T>(files: readonly HubFile[], run: HostRun, use: (paths: readonly string[]) => Promise<T>): Promise<T>;
	/** Folders of ended jobs and stale uploads with their sizes; removed when `remove`. */
	clean(
		records: readonly JobRecord[],
		remove: boolean,
		run: HostRun,
	): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
}

/** Hosts by name: only those this machine confirmed. */
export interface Hosts {
	confirmed(): Promise<readonly HostSettings[]>;
	confirm(settings: HostSettings): Promise<void>;
	/** Throws a `consent` StatError for a host this machine never confirmed. */
	open(name: string): Promise<Host>;
}

/** Jobs this project started: `.stat/jobs/ID/job.json` and what was fetched beside it. Implemented by the store. */
export interface JobFiles {
	/** Written before the first byte is sent, or a lost reply would lose the job. */
	save(record: JobRecord): Promise<void>;
	/** Newest first; unreadable records are left out and named in `problems`. */
	list(): Promise<{ readonly records: readonly JobRecord[]; readonly problems: readonly string[] }>;
	/** By id, or by its beginning where that names one job. */
	get(id: string): Promise<JobRecord>;
	/** What was last learnt of a job; `null`: nothing yet, or nothing readable. */
	note(id: string): Promise<JobNote | null>;
	setNote(id: string, note: JobNote): Promise<void>;
	/** Where results are fetched to. */
	folder(id: string): string;
	/** SHA-256 (hex) and size of a file, streamed. */
	hash(file: string): Promise<string>;
	/**
	 * JSON objects of a JSON-lines file below the job's folder, in order. Throws a StatError that names the line that
	 * is none.
	 */
	rows(id: string, name: string): AsyncIterable<Readonly<Record<string, unknown>>>;
	/** Writes a job's data file; returns its path. */
	writeData(id: string, lines: AsyncIterable<string>): Promise<string>;
}
