import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import type { AsyncBuffer, Compressors, FileMetaData } from 'hyparquet';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { fileError } from '../core/errors/fileError.ts';
import { StatError, throwIfCancelled } from '../core/errors/statError.ts';
import { damageOf } from './damageOf.ts';
import type { RowBlock } from './jsonRows.ts';
import { lz4Block, lz4Hadoop } from './lz4.ts';
import { checkFooter, checkGroup, type GroupLimits } from './parquetPages.ts';
import { snappyBlock } from './snappy.ts';
import { TableRow } from './tableRow.ts';
import { thriftEnd } from './thriftBounds.ts';

/**
 * Limits of a row group, which is read as a whole; one that states or contains more than this is refused. Hub datasets
 * write at most a few hundred MB. Each value takes memory in addition to its bytes.
 */
const groupLimits: GroupLimits = { bytes: 512 * 1024 * 1024, values: 5_000_000 };
const maxMetadata = 64 * 1024 * 1024;
/** About 30 belong to each column of a row group. */
const maxMetadataValues = 4_000_000;
const maxRows = 50_000_000;

/**
 * Yields the rows of a Parquet file, one row group at a time. Columns become fields, integers within 2^53 become
 * numbers, and bytes that are not text are omitted.
 */
export async function* parquetRows(file: string, signal: AbortSignal, limits = groupLimits): AsyncGenerator<RowBlock> {
	const handle = await open(file, 'r').catch((error: unknown) => {
		throw fileError(file, error);
	});
	try {
		const { size } = await handle.stat();
		const buffer = fileBuffer(handle, size);
		const metadata = await sound(file, readMetadata(buffer, size));
		if (metadata.num_rows > BigInt(maxRows)) {
			throw new StatError('formats.parquetRows', { file, rows: String(metadata.num_rows), limit: maxRows });
		}
		const columns = columnsOf(metadata);
		let first = 0;
		for (const [index, group] of metadata.row_groups.entries()) {
			throwIfCancelled({ signal });
			if (Number(group.num_rows) === 0) {
				continue;
			}
			await sound(file, checkGroup(buffer, metadata, group, index, limits, compressors));
			const count = Number(group.num_rows);
			const objects = await sound(
				file,
				parquetReadObjects({
					file: buffer,
					metadata: { ...metadata, row_groups: [group] },
					rowStart: 0,
					rowEnd: count,
					compressors,
					geoparquet: false,
				}),
			);
			first += count;
			yield {
				rows: objects.map((object, at) => new TableRow(first - count + at + 1, object)),
				bytes:
					index + 1 === metadata.row_groups.length
						? size
						: Math.floor((size * (index + 1)) / (metadata.row_groups.length + 1)),
				bytesTotal: size,
				broken: null,
				columns,
			};
		}
		if (metadata.row_groups.every((group) => Number(group.num_rows) === 0)) {
			yield { rows: [], bytes: size, bytesTotal: size, broken: null, columns };
		}
	} finally {
		await handle.close();
	}
}

/** Returns the names of the top-level columns, in the order of the schema. */
function columnsOf({ schema }: FileMetaData): string[] {
	const names: string[] = [];
	// The schema is a tree in depth-first order, below one root.
	let at = 1;
	const skip = () => {
		const children = schema[at]?.num_children ?? 0;
		at++;
		for (let child = 0; child < children && at < schema.length; child++) {
			skip();
		}
	};
	while (at < schema.length) {
		names.push(schema[at]?.name ?? '');
		skip();
	}
	return names;
}

function fileBuffer(handle: FileHandle, size: number): AsyncBuffer {
	return {
		byteLength: size,
		async slice(start, end = size) {
			if (!(start >= 0 && end >= start && end <= size && end - start <= groupLimits.bytes)) {
				throw new Error(`it points at bytes ${start} to ${end} of ${size}`);
			}
			const bytes = new Uint8Array(end - start);
			await handle.read(bytes, 0, bytes.length, start);
			return bytes.buffer;
		},
	};
}

async function readMetadata(buffer: AsyncBuffer, size: number): Promise<FileMetaData> {
	if (size < 12) {
		throw new Error('it is cut off');
	}
	const length = new DataView(await buffer.slice(size - 8, size)).getUint32(0, true);
	if (length > maxMetadata) {
		throw new Error(`its metadata claims to be ${length} bytes long`);
	}
	thriftEnd(new Uint8Array(await buffer.slice(size - 8 - length, size - 8)), 0, maxMetadataValues);
	const metadata = await parquetMetadataAsync(buffer, { geoparquet: false });
	checkFooter(metadata, size);
	return metadata;
}

/** Sizes were added up before; if a page unpacks to another size, the reader reports an error. */
const compressors: Compressors = {
	SNAPPY: (input, length) => snappyBlock(input, length),
	GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
	BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
	LZ4_RAW: (input, length) => lz4Block(input, length),
	LZ4: (input, length) => lz4Hadoop(input, length),
	ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
};

async function sound<T>(file: string, read: Promise<T>): Promise<T> {
	try {
		return await read;
	} catch (error) {
		throw error instanceof StatError
			? error
			: new StatError('formats.parquet', { file, reason: damageOf(error) }, { cause: error });
	}
}
