import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as z from 'zod';
import type { JobFiles } from '../core/ports/hosts.ts';
import type { JobNote, JobRecord } from '../core/training/job.ts';
import { recipes } from '../core/training/recipe.ts';
import { StatError } from '../core/errors/statError.ts';
import { checkInside, readIfThere, replaceFile } from './engine/projectFiles.ts';

const idPattern = /^[a-z0-9][a-z0-9-]{6,39}$/;

const recordShape: z.ZodType<JobRecord> = z.object({
	id: z.string().regex(idPattern),
	token: z.string().regex(/^[0-9a-f]{32}$/),
	host: z.string().max(253),
	launcher: z.enum(['process', 'slurm']),
	recipe: z.enum(recipes),
	dataset: z.string().nullable(),
	scope: z.object({ student: z.string(), round: z.int().min(1) }).exactOptional(),
	gpus: z.int().min(1).max(64).exactOptional(),
	sweep: z.object({ id: z.string().regex(idPattern), lr: z.number().positive() }).exactOptional(),
	after: z.string().regex(idPattern).exactOptional(),
	work: z.number().positive().exactOptional(),
	model: z.string(),
	dataSha256: z.string().regex(/^[0-9a-f]{64}$/),
	createdAt: z.string(),
	spec: z.object({
		version: z.literal(1),
		recipe: z.enum(recipes),
		job: z.string(),
		model: z.object({
			name: z.string(),
			revision: z.string().nullable().exactOptional(),
			adapter: z.string().nullable().exactOptional(),
			trust_remote_code: z.boolean().exactOptional(),
		}),
		data: z.string(),
		template: z.object({
			kind: z.enum(['chat', 'plain']),
			system: z.string().nullable(),
			instruction: z.string().nullable(),
		}),
		settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
	}),
});

const noteShape: z.ZodType<JobNote> = z.object({
	state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'lost']),
	detail: z.string(),
	step: z.number().nullable(),
	steps: z.number().nullable(),
	loss: z.number().nullable(),
	at: z.string(),
	fetched: z.boolean(),
	pace: z.object({ wholeSeconds: z.number().positive(), tokensPerSecond: z.number().nullable() }).exactOptional(),
	validation: z.object({ questions: z.int(), right: z.int(), unsure: z.int() }).exactOptional(),
	unanswered: z.literal(true).exactOptional(),
});

/** For sorting: latest first, and by id among those of one moment. */
function latestFirst(one: JobRecord, other: JobRecord): number {
	if (one.createdAt !== other.createdAt) {
		return one.createdAt < other.createdAt ? 1 : -1;
	}
	return one.id < other.id ? 1 : -1;
}

/**
 * Opens the job records under `statFolder`/jobs. Records are untrusted project data: this machine's list of hosts
 * decides whether a record's host may be contacted.
 */
export function openJobFiles(statFolder: string): JobFiles {
	const root = path.join(statFolder, 'jobs');
	const folder = (id: string): string => {
		if (!idPattern.test(id)) {
			throw new StatError('jobs.id', { job: JSON.stringify(id.slice(0, 60)) });
		}
		return path.join(root, id);
	};
	const ready = async (id: string): Promise<string> => {
		const target = folder(id);
		await mkdir(target, { recursive: true });
		checkInside(statFolder, ['jobs', path.join('jobs', id)]);
		return target;
	};
	const read = async (id: string): Promise<JobRecord> => {
		const file = path.join(folder(id), 'job.json');
		if ((await lstat(file)).isSymbolicLink()) {
			throw new StatError('store.link', { file });
		}
		const record = recordShape.parse(JSON.parse(await readFile(file, 'utf8')));
		if (record.id !== id) {
			throw new StatError('jobs.otherRecord', { file });
		}
		return record;
	};
	const ids = async (): Promise<string[]> =>
		(await readdir(root, { withFileTypes: true }).catch(() => []))
			.filter((entry) => entry.isDirectory() && idPattern.test(entry.name))
			.map((entry) => entry.name);
	return {
		async save(record) {
			replaceFile(path.join(await ready(record.id), 'job.json'), [
				Buffer.from(`${JSON.stringify(recordShape.parse(record), undefined, '\t')}\n`),
			]);
		},
		async list() {
			const records: JobRecord[] = [];
			const problems: string[] = [];
			for (const id of await ids()) {
				try {
					records.push(await read(id));
				} catch (error) {
					if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
						continue; // This is the data of a job that was refused before it was created.
					}
					problems.push(
						`.stat/jobs/${id}/job.json cannot be read ` +
							`(${error instanceof z.ZodError ? z.prettifyError(error).split('\n')[0] : (error as Error).message})`,
					);
				}
			}
			return {
				records: records.sort(latestFirst),
				problems,
			};
		},
		async get(idOrPrefix) {
			const matching = (await ids()).filter(
				(id) => id === idOrPrefix || (idOrPrefix.length >= 4 && id.startsWith(idOrPrefix)),
			);
			const [one] = matching.includes(idOrPrefix) ? [idOrPrefix] : matching;
			if (one === undefined || (matching.length > 1 && one !== idOrPrefix)) {
				const job = JSON.stringify(idOrPrefix.slice(0, 60));
				throw matching.length > 1
					? new StatError('jobs.ambiguous', { job, count: matching.length })
					: new StatError('jobs.none', { job });
			}
			return read(one);
		},
		async note(id) {
			const bytes = readIfThere(path.join(folder(id), 'state.json'));
			try {
				return bytes ? noteShape.parse(JSON.parse(bytes.toString('utf8'))) : null;
			} catch {
				// The file is only a cache, so the host is queried again.
				return null;
			}
		},
		async setNote(id, note) {
			replaceFile(path.join(await ready(id), 'state.json'), [
				Buffer.from(`${JSON.stringify(noteShape.parse(note))}\n`),
			]);
		},
		folder,
		async hash(file) {
			const hash = createHash('sha256');
			for await (const chunk of createReadStream(file)) {
				hash.update(chunk as Buffer);
			}
			return hash.digest('hex');
		},
		async *rows(id, name) {
			const file = path.join(folder(id), ...name.split('/'));
			checkInside(statFolder, [path.relative(statFolder, file)]);
			let number = 0;
			let held = '';
			const parse = (line: string): Readonly<Record<string, unknown>> => {
				number++;
				try {
					const row: unknown = JSON.parse(line);
					if (typeof row === 'object' && row !== null && !Array.isArray(row)) {
						return row as Readonly<Record<string, unknown>>;
					}
				} catch {
					// Reported below.
				}
				throw new StatError('jobs.row', { file, line: number });
			};
			for await (const chunk of createReadStream(file, 'utf8')) {
				const lines = (held + String(chunk)).split('\n');
				held = lines.pop() ?? '';
				yield* lines.filter((line) => line.trim() !== '').map(parse);
			}
			if (held.trim() !== '') {
				yield parse(held);
			}
		},
		async writeData(id, lines) {
			const file = path.join(await ready(id), 'data.jsonl');
			await pipeline(Readable.from(lines), createWriteStream(file, { flags: 'w' }));
			return file;
		},
	};
}
