import type { HubFile } from '../questions/hubFile.ts';
import type { Progress } from '../run.ts';
import type { Finding, HostSettings, JobNote, JobRecord, JobStatus } from '../training/job.ts';

export interface HostRun {
	readonly signal: AbortSignal;
	readonly progress: (progress: Progress) => void;
	readonly log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
}

/** A GPU host. Implemented in src/remote over the system's OpenSSH or a shell on this machine. */
export interface Host {
	readonly settings: HostSettings;
	preflight(run: HostRun): Promise<readonly Finding[]>;
	/**
	 * Installs the trainer and its environment once per version, and downloads the model's files once. Reports every
	 * step and can be resumed. `token` is a model hub's token; it is used only for the download and never stored.
	 */
	prepare(
		run: HostRun,
		model?: {
			readonly name: string;
			readonly revision?: string | null | undefined;
			readonly token?: string | undefined;
		},
	): Promise<void>;
	/** Sends spec and data and starts the job. However often it is called, the job of an ID starts only once. */
	launch(record: JobRecord, dataFile: string, run: HostRun): Promise<void>;
	status(records: readonly JobRecord[], signal: AbortSignal): Promise<readonly JobStatus[]>;
	/**
	 * Yields the event log (or the trainer's raw output) from a byte offset onwards. Ends when the job has ended or,
	 * without `follow`, at the current end of the log. Reconnects and resumes at the exact byte.
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
	 * Resumes an ended or lost job from its last checkpoint under the same ID; repeated calls resume it only once. With
	 * `after`, it starts when that job has ended. Does nothing while the job is running; throws if it is done or its
	 * folder is gone.
	 */
	resume(record: JobRecord, run: HostRun, after?: string): Promise<void>;
	/**
	 * Copies the job's results into a local folder and checks each file's hash. Names are relative and cannot escape
	 * the folder. `only`: copies just this file.
	 */
	fetch(
		record: JobRecord,
		folder: string,
		run: HostRun,
		only?: string,
	): Promise<readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]>;
	/**
	 * Lists the files of these datasets (`OWNER/NAME`) in the host's Hugging Face cache from which rows can be read,
	 * using the newest snapshot of each. Downloads nothing.
	 */
	hubFiles(repositories: readonly string[], signal: AbortSignal): Promise<readonly HubFile[]>;
	/** Copies such files into a local folder that exists only while `use` runs. */
	withHubFiles<T>(files: readonly HubFile[], run: HostRun, use: (paths: readonly string[]) => Promise<T>): Promise<T>;
	/** Lists folders of ended jobs and stale uploads with their sizes, and removes them if `remove` is set. */
	clean(
		records: readonly JobRecord[],
		remove: boolean,
		run: HostRun,
	): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
}

/** Hosts by name. Only hosts that were confirmed on this machine are available. */
export interface Hosts {
	confirmed(): Promise<readonly HostSettings[]>;
	confirm(settings: HostSettings): Promise<void>;
	/** Forgets a host and its settings; nothing on the host changes. */
	withdraw(name: string): Promise<void>;
	/**
	 * Remembers on this machine, outside of the project, that it launched or confirmed exactly this job: its host, spec
	 * and data.
	 */
	allowJob(record: JobRecord): Promise<void>;
	isAllowedJob(record: JobRecord): Promise<boolean>;
	/** Throws a `consent` StatError for a host that has not been confirmed on this machine. */
	open(name: string): Promise<Host>;
}

/**
 * The jobs that this project started: `.stat/jobs/ID/job.json`, with fetched files next to it. Implemented by the
 * store.
 */
export interface JobFiles {
	/**
	 * Writes a job's record. This happens before the first byte is sent, since otherwise a lost reply would lose the
	 * job.
	 */
	save(record: JobRecord): Promise<void>;
	/** Returns the newest jobs first. Unreadable records are omitted and named in `problems`. */
	list(): Promise<{ readonly records: readonly JobRecord[]; readonly problems: readonly string[] }>;
	/** Finds a job by its ID, or by a prefix that matches only one job. */
	get(id: string): Promise<JobRecord>;
	/** Returns the last known state of a job; `null` if there is none or it is unreadable. */
	note(id: string): Promise<JobNote | null>;
	setNote(id: string, note: JobNote): Promise<void>;
	/** Returns the folder for fetched results. */
	folder(id: string): string;
	/** Returns the SHA-256 (hex) and size of a file, which is read as a stream. */
	hash(file: string): Promise<string>;
	/**
	 * Yields the JSON objects of a JSON Lines file in the job's folder, in order. Throws a StatError that names an
	 * invalid line.
	 */
	rows(id: string, name: string): AsyncIterable<Readonly<Record<string, unknown>>>;
	/** Writes a job's data file and returns its path. */
	writeData(id: string, lines: AsyncIterable<string>): Promise<string>;
}
