import type { Host, Hosts, JobFiles, JobRecord, JobStatus } from '../core/job.ts';
import { endStates } from '../core/job.ts';
import type { Run } from '../core/run.ts';
import { StatError } from '../core/run.ts';

export interface JobParts {
	readonly hosts: Hosts;
	readonly jobs: JobFiles;
}

/** A job as lists show it. `state` is `unknown` only while its host cannot be reached or was never confirmed here: that is not an end. */
export interface JobRow {
	readonly id: string;
	readonly state: JobStatus['state'] | 'unknown';
	readonly detail: string;
	readonly host: string;
	readonly recipe: JobRecord['recipe'];
	readonly dataset: string | null;
	readonly model: string;
	readonly createdAt: string;
	readonly step: number | null;
	readonly steps: number | null;
	readonly loss: number | null;
	readonly eta: number | null;
}

/** The last step event in the end of a log. Remote text: anything may be in it. */
export function lastStep(text: string): { step: number | null; steps: number | null; loss: number | null; eta: number | null } {
	for (const line of text.split('\n').reverse()) {
		if (!line.includes('"step"')) {
			continue;
		}
		try {
			const event = JSON.parse(line) as Record<string, unknown>;
			const number = (field: string): number | null => (typeof event[field] === 'number' && Number.isFinite(event[field]) ? (event[field] as number) : null);
			if (event['kind'] === 'step') {
				return { step: number('step'), steps: number('steps'), loss: number('loss'), eta: number('eta') };
			}
		} catch {
			// The first line of the piece is usually cut.
		}
	}
	return { step: null, steps: null, loss: null, eta: null };
}

const piece = 16_384;

async function rowOf(host: Host, record: JobRecord, status: JobStatus, signal: AbortSignal): Promise<JobRow> {
	const chunks: Uint8Array[] = [];
	if (status.eventBytes > 0) {
		for await (const { bytes } of host.tail(record, { file: 'events', offset: Math.max(0, status.eventBytes - piece), follow: false, signal })) {
			chunks.push(bytes);
		}
	}
	return { ...known(record), state: status.state, detail: status.detail, ...lastStep(Buffer.concat(chunks).toString('utf8')) };
}

const known = (record: JobRecord) => ({ id: record.id, host: record.host, recipe: record.recipe, dataset: record.dataset, model: record.model, createdAt: record.createdAt });

/** Every job of the project with its state, one connection a host. A host that does not answer costs its own jobs only. */
export async function listJobs(parts: JobParts, run: Run): Promise<{ jobs: JobRow[]; problems: string[] }> {
	const { records, problems } = await parts.jobs.list();
	const byHost = new Map<string, JobRecord[]>();
	for (const record of records) {
		byHost.set(record.host, [...(byHost.get(record.host) ?? []), record]);
	}
	const rows = new Map<string, JobRow>();
	const noted = [...problems];
	await Promise.all(
		[...byHost].map(async ([name, ofHost]) => {
			try {
				const host = await parts.hosts.open(name);
				const statuses = await host.status(ofHost, run.signal);
				for (const [index, record] of ofHost.entries()) {
					rows.set(record.id, await rowOf(host, record, statuses[index] as JobStatus, run.signal));
				}
			} catch (error) {
				if (!(error instanceof StatError) || error.kind === 'cancelled') {
					throw error;
				}
				noted.push(error.message);
				for (const record of ofHost) {
					rows.set(record.id, rows.get(record.id) ?? { ...known(record), state: 'unknown', detail: error.message, step: null, steps: null, loss: null, eta: null });
				}
			}
		}),
	);
	return { jobs: records.map((record) => rows.get(record.id) as JobRow), problems: noted };
}

/** One job's state. */
export async function jobRow(parts: JobParts, record: JobRecord, run: Run): Promise<JobRow> {
	const host = await parts.hosts.open(record.host);
	const [status] = await host.status([record], run.signal);
	return rowOf(host, record, status as JobStatus, run.signal);
}

/** The event log, byte for byte, from `offset` on; with `follow` until the job ends. */
export async function* followJob(parts: JobParts, record: JobRecord, options: { readonly file: 'events' | 'output'; readonly offset: number; readonly follow: boolean }, run: Run): AsyncIterable<Uint8Array> {
	const host = await parts.hosts.open(record.host);
	for await (const { bytes } of host.tail(record, { ...options, signal: run.signal, onState: (state) => run.log(state === 'unreachable' ? 'warn' : 'debug', `${record.host}: ${state === 'unreachable' ? 'not reachable; the job goes on, trying again' : 'connected'}`) })) {
		yield bytes;
	}
}

/** Ends a job; resolves when its processes are gone. */
export async function cancelJob(parts: JobParts, record: JobRecord, run: Run): Promise<void> {
	await (await parts.hosts.open(record.host)).cancel(record, { signal: run.signal, progress: run.progress, log: run.log });
}

/** Results of an ended (or, on request, a running) job into `.stat/jobs/ID/`. */
export async function fetchJob(parts: JobParts, record: JobRecord, run: Run): Promise<{ folder: string; files: readonly { name: string; bytes: number; sha256: string }[] }> {
	const host = await parts.hosts.open(record.host);
	const [status] = await host.status([record], run.signal);
	if (status && !endStates.has(status.state) && status.state !== 'lost') {
		run.log('warn', `${record.id} is ${status.state}: fetching what is there`);
	}
	const folder = parts.jobs.folder(record.id);
	return { folder, files: await host.fetch(record, `${folder}/fetched`, { signal: run.signal, progress: run.progress, log: run.log }) };
}

/** What ended jobs take on their hosts; removed when asked to. Records here stay. */
export async function cleanJobs(parts: JobParts, remove: boolean, run: Run): Promise<{ host: string; name: string; bytes: number }[]> {
	const { records } = await parts.jobs.list();
	const names = [...new Set(records.map((record) => record.host))];
	const found: { host: string; name: string; bytes: number }[] = [];
	for (const name of names) {
		const host = await parts.hosts.open(name);
		const sizes = await host.clean(records.filter((record) => record.host === name), remove, { signal: run.signal, progress: run.progress, log: run.log });
		found.push(...sizes.map((size) => ({ host: name, ...size })));
	}
	return found;
}
