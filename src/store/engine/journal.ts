import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { StatError } from '../../core/errors/statError.ts';
import type { Files } from './machine.ts';
import { realFiles } from './machine.ts';

const journalVersion = 1;

/** The journal's first line. Each compaction makes a new `generation`; `base` is the snapshot's seq at that time. */
export interface JournalHeader {
	readonly stat: 'journal';
	readonly version: number;
	readonly generation: string;
	readonly base: number;
	/** The writer's schema, which a verb may need. Missing in journals of schema 3 and earlier. */
	readonly schema?: number;
	/**
	 * The first text segment that may be written to: a process whose lock was taken may still be writing to earlier
	 * ones. If it is missing, every segment may be written to.
	 */
	readonly texts?: number;
}

export interface JournalRecord {
	readonly seq: number;
	readonly verb: string;
	readonly params: unknown;
}

/** How far the project has come: the last confirmed and durable change, and the generation of the journal that contains it. */
export interface Mark {
	readonly stat: 'mark';
	readonly generation: string;
	readonly seq: number;
	/** The last confirmed change, if changes after `seq` may not have been synced. They are repeatable: replies. */
	readonly unsynced?: number;
	/** The last change that was found when it was reported that the journal ends before `seq`. */
	readonly told?: number;
}

/** Encodes a line as `crc32 JSON\n`. */
export function encodeLine(value: JournalHeader | JournalRecord | Mark): Buffer {
	const json = Buffer.from(JSON.stringify(value), 'utf8');
	return Buffer.concat([Buffer.from(`${crc32(json).toString(16).padStart(8, '0')} `), json, Buffer.from('\n')]);
}

/** Returns the JSON of a line without its newline, or `undefined` if its checksum or shape is wrong. */
function decodeLine(line: Buffer): unknown {
	if (line.length < 11 || line[8] !== 0x20) {
		return undefined;
	}
	const sum = line.toString('latin1', 0, 8);
	// Git for Windows may have ended the lines with CRLF when it checked the journal out.
	const json = line.subarray(9, line.at(-1) === 13 ? -1 : undefined);
	if (!/^[0-9a-f]{8}$/.test(sum) || Number.parseInt(sum, 16) !== crc32(json)) {
		return undefined;
	}
	try {
		return JSON.parse(json.toString('utf8'));
	} catch {
		return undefined;
	}
}

export function newHeader(header: Pick<JournalHeader, 'base' | 'generation' | 'schema' | 'texts'>): JournalHeader {
	return { stat: 'journal', version: journalVersion, ...header };
}

export function newGeneration(): string {
	return randomUUID();
}

/**
 * Parses a header line; returns `undefined` if it is damaged. Throws if the format or the schema is newer than ours.
 */
export function decodeHeader(line: Buffer, schema: number): JournalHeader | undefined {
	const value = decodeLine(line) as Partial<JournalHeader> | undefined;
	if (
		value?.stat !== 'journal' ||
		typeof value.generation !== 'string' ||
		!Number.isSafeInteger(value.base) ||
		!Number.isSafeInteger(value.version)
	) {
		return undefined;
	}
	const header = value as JournalHeader;
	if (header.version > journalVersion) {
		throw new StatError('store.newer', {
			file: 'stat.journal',
			part: 'format',
			version: header.version,
			known: journalVersion,
		});
	}
	if (typeof header.schema === 'number' && header.schema > schema) {
		throw new StatError('store.newer', {
			file: 'stat.journal',
			part: 'schema',
			version: header.schema,
			known: schema,
		});
	}
	return header;
}

/** Returns a record, or `undefined` if its shape is wrong. The verb checks its params. */
export function decodeRecord(line: Buffer): JournalRecord | undefined {
	const value = decodeLine(line) as Partial<JournalRecord> | undefined | null;
	return value && Number.isSafeInteger(value.seq) && (value.seq ?? 0) > 0 && typeof value.verb === 'string'
		? (value as JournalRecord)
		: undefined;
}

export function decodeMark(line: Buffer): Mark | undefined {
	const value = decodeLine(line) as Partial<Mark> | undefined | null;
	return value?.stat === 'mark' && Number.isSafeInteger(value.seq) ? (value as Mark) : undefined;
}

/** A line of a file: the offset of its start, its bytes, and whether a newline ends it. */
export interface Line {
	readonly at: number;
	readonly bytes: Buffer;
	readonly ended: boolean;
}

/** Yields the lines of an open file from a byte offset up to `end`. Splits only on 0x0A. */
export function* lines(fd: number, from: number, end: number, files: Files = realFiles): Generator<Line> {
	const chunk = Buffer.allocUnsafe(Math.max(0, Math.min(1 << 20, end - from)));
	let parts: Buffer[] = [];
	let at = from;
	let position = from;
	while (position < end) {
		const got = files.readSync(fd, chunk, 0, Math.min(chunk.length, end - position), position);
		if (got === 0) {
			break;
		}
		position += got;
		let start = 0;
		for (let stop = chunk.indexOf(10); stop >= 0 && stop < got; stop = chunk.indexOf(10, start)) {
			const bytes = Buffer.concat([...parts, chunk.subarray(start, stop)]);
			yield { at, bytes, ended: true };
			at += bytes.length + 1;
			parts = [];
			start = stop + 1;
		}
		if (start < got) {
			parts.push(Buffer.from(chunk.subarray(start, got)));
		}
	}
	const rest = Buffer.concat(parts);
	if (rest.length > 0) {
		yield { at, bytes: rest, ended: false };
	}
}
