import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { refuseLink } from '../refuseLink.ts';

/** Becomes part of an address, where `.` and `..` would name another place. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/);
const recordSchema = z.strictObject({
	version: z.literal(1),
	/** Our own name for the batch, which its metadata at the endpoint carries. */
	id: z.string().regex(/^[0-9a-f]{24}$/),
	/** The origin that the batch was sent to, for comparison; never used to connect. */
	endpoint: z.string().max(500),
	model: z.string().max(500),
	/** ISO 8601. */
	at: z.string().max(40),
	/** The keys of the replies; each is also the `custom_id` of its request. */
	keys: z.array(z.string().regex(/^[0-9a-f]{40}$/)).max(100_000),
	/** The uploaded file. */
	file: id.optional(),
	/** When the batch was about to be created (ISO 8601): from then on it may exist, even if `batch` is unknown. */
	creating: z.string().max(40).optional(),
	/** Its ID at the endpoint. */
	batch: id.optional(),
	/** How it ended; its output is stored beside the record. */
	ended: z.enum(['completed', 'expired', 'cancelled', 'failed']).optional(),
});

/** What a project remembers of a batch, so that it is never sent twice. */
export type BatchRecord = z.infer<typeof recordSchema>;

/** Whether a string may be an ID at an endpoint. */
export function isEndpointId(value: unknown): value is string {
	return id.safeParse(value).success;
}

/** Largest files that are read, in bytes. */
const largest = { record: 8e6, output: 500e6 };

/**
 * The batches of one project: a record for each (`ID.json`), and the output of those that have ended (`ID.output`,
 * JSONL). Every file is complete and durable before it has its name. Records are untrusted, since a project may come
 * from a stranger.
 */
export class BatchFolder {
	private lastSeen = '';

	/** Throws `store.link` if the folder is a symbolic link. */
	constructor(private readonly folder: string) {
		refuseLink(folder);
	}

	/** Whether files were added or removed since the last call. */
	get hasChanged(): boolean {
		const stat = fs.statSync(this.folder, { throwIfNoEntry: false, bigint: true });
		const seen = stat ? `${stat.ino} ${stat.mtimeNs}` : '';
		const changed = seen !== this.lastSeen;
		this.lastSeen = seen;
		return changed;
	}

	/** Returns all readable records. */
	records(): BatchRecord[] {
		return this.names().flatMap((name) => {
			const text = /^[0-9a-f]{24}\.json$/.test(name) ? this.read(name, largest.record) : undefined;
			let value: unknown;
			try {
				value = text === undefined ? undefined : JSON.parse(text);
			} catch {
				return [];
			}
			const record = recordSchema.safeParse(value);
			return record.success && `${record.data.id}.json` === name ? [record.data] : [];
		});
	}

	write(record: BatchRecord): void {
		this.replace(`${record.id}.json`, `${JSON.stringify(record)}\n`);
	}

	/** Returns the stored output of a batch that has ended, or `undefined` if there is none. */
	output({ id: name }: Pick<BatchRecord, 'id'>): string | undefined {
		return this.read(`${name}.output`, largest.output);
	}

	writeOutput({ id: name }: Pick<BatchRecord, 'id'>, text: string): void {
		this.replace(`${name}.output`, text);
	}

	remove({ id: name }: Pick<BatchRecord, 'id'>): void {
		refuseLink(this.folder);
		// The output goes last: without it, a record would be fetched again.
		for (const file of [`${name}.json`, `${name}.output`]) {
			fs.rmSync(path.join(this.folder, file), { force: true });
		}
		try {
			fs.rmdirSync(this.folder);
		} catch {
			// Other batches are recorded.
		}
	}

	private names(): string[] {
		try {
			return fs.readdirSync(this.folder);
		} catch {
			return [];
		}
	}

	private read(name: string, size: number): string | undefined {
		const file = path.join(this.folder, name);
		const stat = fs.lstatSync(file, { throwIfNoEntry: false });
		return stat?.isFile() === true && stat.size <= size ? fs.readFileSync(file, 'utf8') : undefined;
	}

	private replace(name: string, text: string): void {
		refuseLink(this.folder);
		fs.mkdirSync(this.folder, { recursive: true });
		const temporary = path.join(this.folder, `${name}.${randomBytes(4).toString('hex')}.tmp`);
		const fd = fs.openSync(temporary, 'wx', 0o644);
		try {
			fs.writeFileSync(fd, text);
			fs.fsyncSync(fd);
		} finally {
			fs.closeSync(fd);
		}
		fs.renameSync(temporary, path.join(this.folder, name));
		syncFolder(this.folder);
	}
}

function syncFolder(folder: string): void {
	if (process.platform === 'win32') {
		return;
	}
	const fd = fs.openSync(folder, 'r');
	try {
		fs.fsyncSync(fd);
	} finally {
		fs.closeSync(fd);
	}
}
