import type { Host, Hosts, JobFiles } from '../../core/ports/hosts.ts';
import type { JobNote, JobPace, JobRecord, JobState, JobStatus, ValidationScore } from '../../core/training/job.ts';
import { endStates } from '../../core/training/job.ts';
import type { JobEvent, StepEvent } from '../../core/training/jobEvent.ts';
import { JobEventReader, jobEvents } from '../../core/training/jobEvent.ts';
import type { Run } from '../../core/run.ts';
import { StatError } from '../../core/errors/statError.ts';

export interface JobParts {
	readonly hosts: Hosts;
	readonly jobs: JobFiles;
}

/** A job as it appears in lists. */
export interface JobRow {
	readonly id: string;
	readonly state: JobState;
	readonly detail: string;
	readonly host: string;
	readonly recipe: JobRecord['recipe'];
	readonly dataset: string | null;
	readonly model: string;
	readonly createdAt: string;
	readonly step: number | null;
	readonly steps: number | null;
	readonly loss: number | null;
	/**
	 * Seconds until the job ends, estimated by the trainer; `null` if the job is not running or has not reported an
	 * estimate.
	 */
	readonly eta: number | null;
	readonly fetched: boolean;
	readonly sweep: JobRecord['sweep'] | null;
	readonly validation: ValidationScore | null;
	/**
	 * If false, the host was not contacted or did not answer, and `state` is the last known one, which is not an
	 * end state.
	 */
	readonly fresh: boolean;
}

/**
 * Returns the pace of a job: the seconds that all of its training steps take at the rate since its trainer was last
 * started. Returns `null` if it is too early to tell.
 */
function paceOf({ seconds, since, step, steps, tokensPerSecond }: StepEvent): JobPace | null {
	return seconds === null || since === null || steps === null || seconds <= 0 || step <= since
		? null
		: { wholeSeconds: (seconds / (step - since)) * steps, tokensPerSecond };
}

/** Number of bytes at the end of a log that certainly contain its last training step. */
const tailBytes = 16_384;

async function askHost(parts: JobParts, host: Host, record: JobRecord, status: JobStatus, run: Run): Promise<JobRow> {
	const last = await lastStep(host, record, status, run);
	const pace = last && paceOf(last);
	const before = await parts.jobs.note(record.id);
	const note: JobNote = {
		state: status.state,
		detail: status.detail,
		step: last?.step ?? null,
		steps: last?.steps ?? null,
		loss: last?.loss ?? null,
		at: run.now(),
		fetched: before?.fetched ?? false,
		...(before?.validation ? { validation: before.validation } : {}),
		...((pace ?? before?.pace) ? { pace: pace ?? before?.pace } : {}),
	} as JobNote;
	await remember(parts, record, note, run);
	return rowOf(record, note, { eta: status.state === 'running' ? (last?.eta ?? null) : null, fresh: true });
}

/** Reads the last training step from the end of a job's log; returns `null` if there is none yet. */
async function lastStep(host: Host, record: JobRecord, status: JobStatus, run: Run): Promise<StepEvent | null> {
	let last: StepEvent | null = null;
	if (status.eventBytes > 0) {
		const offset = Math.max(0, status.eventBytes - tailBytes);
		const chunks = host.tail(record, { file: 'events', offset, follow: false, signal: run.signal });
		for await (const event of jobEvents(bytesOf(chunks))) {
			last = event.kind === 'step' ? event : last;
		}
	}
	return last;
}

async function* bytesOf(chunks: AsyncIterable<{ readonly bytes: Uint8Array }>): AsyncIterable<Uint8Array> {
	for await (const { bytes } of chunks) {
		yield bytes;
	}
}

async function remember(parts: JobParts, record: JobRecord, note: JobNote, run: Run): Promise<void> {
	// The note is only a cache, so a full disk here, or an editor writing the same file, must not make this fail.
	await parts.jobs.setNote(record.id, note).catch((error: Error) => run.log('debug', error.message));
}

function rowOf(
	record: JobRecord,
	note: JobNote | null,
	more: { readonly eta: number | null; readonly fresh: boolean; readonly why?: string },
): JobRow {
	const { id, host, recipe, dataset, model, createdAt } = record;
	const {
		state = 'queued',
		detail = 'nothing heard of it yet',
		step = null,
		steps = null,
		loss = null,
		fetched = false,
	} = note ?? {};
	return {
		id,
		state,
		detail: more.why ? `${more.why}${note ? ` (last heard ${note.at})` : ''}` : detail,
		host,
		recipe,
		dataset,
		model,
		createdAt,
		step,
		steps,
		loss,
		eta: more.eta,
		fetched,
		sweep: record.sweep ?? null,
		validation: note?.validation ?? null,
		fresh: more.fresh,
	};
}

/**
 * Lists every job of the project with its state, over one connection per host. Jobs that have ended are not polled
 * again; a host that does not answer affects only its own jobs.
 */
export async function listJobs(parts: JobParts, run: Run): Promise<{ jobs: JobRow[]; problems: string[] }> {
	const { records, problems } = await parts.jobs.list();
	const rows = new Map<string, JobRow>();
	const open = new Map<string, JobRecord[]>();
	for (const record of records) {
		const note = await parts.jobs.note(record.id);
		if (note && endStates.has(note.state)) {
			rows.set(record.id, rowOf(record, note, { eta: null, fresh: true }));
		} else {
			open.set(record.host, [...(open.get(record.host) ?? []), record]);
		}
	}
	const noted = [...problems];
	await Promise.all(
		[...open].map(async ([name, ofHost]) => {
			try {
				const host = await parts.hosts.open(name);
				const statuses = await host.status(ofHost, run.signal);
				for (const [index, record] of ofHost.entries()) {
					rows.set(record.id, await askHost(parts, host, record, statuses[index] as JobStatus, run));
				}
			} catch (error) {
				if (!(error instanceof StatError) || error.kind === 'cancelled') {
					throw error;
				}
				noted.push(error.message);
				for (const record of ofHost) {
					rows.set(
						record.id,
						rows.get(record.id) ??
							rowOf(record, await parts.jobs.note(record.id), {
								eta: null,
								fresh: false,
								why: error.message,
							}),
					);
				}
			}
		}),
	);
	return { jobs: records.map((record) => rows.get(record.id) as JobRow), problems: noted };
}

/** Returns a job with its state; a job that has ended is not polled again. */
export async function jobRow(parts: JobParts, record: JobRecord, run: Run): Promise<JobRow> {
	const note = await parts.jobs.note(record.id);
	if (note && endStates.has(note.state)) {
		return rowOf(record, note, { eta: null, fresh: true });
	}
	const host = await parts.hosts.open(record.host);
	const [status] = await host.status([record], run.signal);
	return askHost(parts, host, record, status as JobStatus, run);
}

/**
 * Yields the event log (or the trainer's raw output), byte for byte from `offset` on; with `follow`, until the job
 * ends.
 */
export async function* followJob(
	parts: JobParts,
	record: JobRecord,
	options: { readonly file: 'events' | 'output'; readonly offset: number; readonly follow: boolean },
	run: Run,
): AsyncIterable<Uint8Array> {
	const host = await parts.hosts.open(record.host);
	let away = false;
	const onState = (state: 'connected' | 'unreachable'): void => {
		if (away !== (state === 'unreachable')) {
			away = !away;
			run.log(
				away ? 'warn' : 'info',
				`${record.host}: ${away ? 'not reachable; the job goes on, trying again' : 'connected again'}`,
			);
		}
	};
	yield* bytesOf(host.tail(record, { ...options, signal: run.signal, onState }));
}

/**
 * Yields the events of a job's log; with `follow`, until the job ends. `reader` continues where an earlier call
 * stopped, so that a long log is read only once.
 */
export async function* followEvents(
	parts: JobParts,
	record: JobRecord,
	follow: boolean,
	run: Run,
	reader = new JobEventReader(),
): AsyncIterable<JobEvent> {
	yield* jobEvents(followJob(parts, record, { file: 'events', offset: reader.offset, follow }, run), reader);
}

/** Cancels a job; resolves when its processes are gone. */
export async function cancelJob(parts: JobParts, record: JobRecord, run: Run): Promise<JobRow> {
	await (
		await parts.hosts.open(record.host)
	).cancel(record, { signal: run.signal, progress: run.progress, log: run.log });
	return jobRow(parts, record, run);
}

/**
 * Asks the person whether a job may run whose record this machine neither launched nor confirmed: it came with the
 * project and may be forged. Throws if the answer is no.
 */
export type ConfirmJob = (record: JobRecord) => Promise<void>;

/** Returns the error for a job that nobody confirmed on this machine; it names what the job would run, and where. */
export function foreignJobError({ id, host, spec: { model } }: JobRecord): StatError {
	return new StatError('training.foreignJob', { job: id, host, ...codeOf(model) });
}

/** Returns what a job would run, as its spec (not its label) says. */
function codeOf(model: JobRecord['spec']['model']): { model: string; revision: string; code: string } {
	const { name, adapter, revision, trust_remote_code: isTrusted } = model;
	return {
		model: adapter ? `${name} with adapter ${adapter}` : name,
		revision: revision ?? 'none',
		code: isTrusted === true ? 'yes' : 'no',
	};
}

/**
 * Resumes a failed, cancelled or lost job from its last checkpoint, under its id; a job that never reached the host is
 * sent. A job that this machine neither launched nor confirmed needs `confirm` first. `after`: a job that has to end
 * before this one starts. Throws a StatError if the job is running, done or cleaned.
 */
export async function resumeJob(
	parts: JobParts,
	record: JobRecord,
	confirm: ConfirmJob,
	run: Run,
	after?: string,
): Promise<JobRow> {
	const host = await parts.hosts.open(record.host);
	const [status] = await host.status([record], run.signal);
	const note = await parts.jobs.note(record.id);
	if (status?.state === 'done') {
		throw new StatError('training.jobDone', { job: record.id });
	}
	if (status?.state === 'running' || (status?.state === 'queued' && !status.isLaunchable)) {
		run.log(
			'info',
			`${record.id} is ${status.state}${status.detail ? `: ${status.detail}` : ''}: nothing to resume`,
		);
		return askHost(parts, host, record, status, run);
	}
	const hostRun = { signal: run.signal, progress: run.progress, log: run.log };
	if (!(await parts.hosts.isAllowedJob(record))) {
		await confirm(record);
		await parts.hosts.allowJob(record);
	}
	if (status?.isLaunchable) {
		if (status.state === 'lost' && note && (endStates.has(note.state) || note.step !== null)) {
			throw new StatError('training.cleanedUp', { job: record.id, host: record.host });
		}
		await launchAgain(parts, host, record, run);
	} else {
		await host.resume(record, hostRun, after);
	}
	await remember(
		parts,
		record,
		{
			state: 'queued',
			detail: 'resumed',
			step: note?.step ?? null,
			steps: note?.steps ?? null,
			loss: note?.loss ?? null,
			at: run.now(),
			fetched: false,
		},
		run,
	);
	return jobRow(parts, record, run);
}

/** Sends a job that never reached the host. Its data is stored locally, with the first job of its sweep. */
async function launchAgain(parts: JobParts, host: Host, record: JobRecord, run: Run): Promise<void> {
	const data = `${parts.jobs.folder(record.sweep?.id ?? record.id)}/data.jsonl`;
	if ((await parts.jobs.hash(data).catch(() => '')) !== record.dataSha256) {
		throw new StatError('training.dataMissing', { job: record.id });
	}
	const hostRun = { signal: run.signal, progress: run.progress, log: run.log };
	await host.prepare(hostRun, { name: record.spec.model.name, revision: record.spec.model.revision });
	await host.launch(record, data, hostRun);
}

/** Copies the results of an ended (or, on request, a running) job into `.stat/jobs/ID/fetched/`. */
export async function fetchJob(
	parts: JobParts,
	record: JobRecord,
	run: Run,
): Promise<{ job: JobRow; folder: string; files: readonly { name: string; bytes: number; sha256: string }[] }> {
	const job = await jobRow(parts, record, run);
	if (!endStates.has(job.state) && job.state !== 'lost') {
		run.log('warn', `${record.id} is ${job.state}: fetching what is there`);
	}
	const folder = `${parts.jobs.folder(record.id)}/fetched`;
	const host = await parts.hosts.open(record.host);
	const files = await host.fetch(record, folder, { signal: run.signal, progress: run.progress, log: run.log });
	const fetched = endStates.has(job.state);
	const note = await parts.jobs.note(record.id);
	if (note && fetched) {
		await remember(parts, record, { ...note, fetched }, run);
	}
	return { job: { ...job, fetched }, folder, files };
}

export interface Cleaned {
	readonly cleaned: { readonly host: string; readonly name: string; readonly bytes: number }[];
	/** Ids of done jobs whose results exist only on their host; these jobs are skipped unless `all` is set. */
	readonly unfetched: string[];
	/** Hosts that could not be reached, as one line each. */
	readonly problems: string[];
}

/**
 * Lists what ended jobs occupy on their hosts and, on request, removes it. Skips done jobs that have not been fetched,
 * and jobs from which a later unfinished job starts. The local records remain.
 */
export async function cleanJobs(
	parts: JobParts,
	options: { readonly remove: boolean; readonly all: boolean },
	run: Run,
): Promise<Cleaned> {
	const { jobs, problems } = await listJobs(parts, run);
	const { records } = await parts.jobs.list();
	const open = records.filter((record) => !endStates.has(jobs.find(({ id }) => id === record.id)?.state ?? 'lost'));
	const needed = new Set(
		open.flatMap(({ spec: { model } }) =>
			[model.name, model.adapter ?? ''].map((path) => /^\.\.\/([a-z0-9-]+)\//.exec(path)?.[1]),
		),
	);
	const unfetched = options.all
		? []
		: jobs.filter(({ state, fetched }) => state === 'done' && !fetched).map(({ id }) => id);
	const mayGo = new Set(
		jobs
			.filter(({ id, state }) => endStates.has(state) && !unfetched.includes(id) && !needed.has(id))
			.map(({ id }) => id),
	);
	const cleaned: Cleaned['cleaned'] = [];
	for (const name of new Set(records.map((record) => record.host))) {
		try {
			const host = await parts.hosts.open(name);
			const sizes = await host.clean(
				records.filter((record) => record.host === name && mayGo.has(record.id)),
				options.remove,
				{ signal: run.signal, progress: run.progress, log: run.log },
			);
			cleaned.push(...sizes.map((size) => ({ host: name, ...size })));
		} catch (error) {
			if (!(error instanceof StatError) || error.kind === 'cancelled') {
				throw error;
			}
			problems.push(error.message);
		}
	}
	return { cleaned, unfetched, problems: [...new Set(problems)] };
}
