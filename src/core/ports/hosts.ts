import type { HubFile } from '../questions/hubFile.ts';
import type { Progress } from '../run.ts';
import type { Finding, HostSettings, JobNote, JobRecord, JobStatus } from '../training/job.ts';

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
