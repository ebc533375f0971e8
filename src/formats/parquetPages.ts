import type { AsyncBuffer, ColumnMetaData, Compressors, FileMetaData, PageHeader, RowGroup } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } from 'hyparquet/src/schema.js';
import { checkDeltas, countInRuns } from './parquetRuns.ts';
import { thriftEnd } from './thriftBounds.ts';

/** Limits of a schema; what one row group may hold is in {@link GroupLimits}. */
const maxElements = 5_000;
const maxDepth = 32;
const maxHeaderValues = 1_000;

/** Largest size of a row group when unpacked, in bytes and values. */
export interface GroupLimits {
	readonly bytes: number;
	readonly values: number;
}

/** Checks what the footer says of a file of `size` bytes: that the schema is a tree and that the parts fit the file. */
export function checkFooter({ schema, row_groups: groups }: FileMetaData, size: number): void {
	if (schema.length > maxElements) {
		throw new Error(`a schema of ${schema.length} elements; at most ${maxElements} are read`);
	}
	let at = 0;
	let leaves = 0;
	const subtree = (depth: number): void => {
		const element = schema[at++];
		if (element === undefined || depth > maxDepth) {
			throw new Error('its schema is damaged; export the file again');
		}
		if (element.logical_type?.type === 'VARIANT') {
			throw new Error(`the column ${element.name.slice(0, 100)} is of type VARIANT, which is not read`);
		}
		leaves += element.num_children === undefined || element.num_children === 0 ? 1 : 0;
		for (let child = 0; child < (element.num_children ?? 0); child++) {
			subtree(depth + 1);
		}
	};
	subtree(0);
	let bytes = 0;
	for (const { columns, num_rows: rows } of groups) {
		for (const { meta_data: column } of columns) {
			const length = Number(column?.total_compressed_size ?? 0);
			bytes += length >= 0 ? length : Infinity;
		}
		if (at !== schema.length || !(Number(rows) >= 0) || (rows > 0n && columns.length !== leaves)) {
			throw new Error('its row groups do not fit its schema; export the file again');
		}
	}
	if (bytes > size) {
		throw new Error('its row groups claim more bytes than the file has; copy it again');
	}
}

/**
 * Checks a row group before it is read: first adds up the sizes that its pages state, then looks into each page for
 * runs that claim more values than the page does.
 */
export async function checkGroup(
	buffer: AsyncBuffer,
	{ schema }: FileMetaData,
	group: RowGroup,
	index: number,
	most: GroupLimits,
	compressors: Compressors,
): Promise<void> {
	let bytes = 0;
	let values = 0;
	for (const { meta_data: column } of group.columns) {
		if (!column) {
			throw new Error('its columns lie in other files');
		}
		let inColumn = 0;
		for (const { header } of pagesIn(await chunkOf(buffer, column))) {
			checkSizes(header, column, index);
			const dictionary = header.dictionary_page_header?.num_values ?? 0;
			const held = (header.data_page_header ?? header.data_page_header_v2)?.num_values ?? 0;
			inColumn += held;
			values += held + dictionary;
			bytes += header.uncompressed_page_size;
			if (bytes > most.bytes || values > most.values) {
				throw new Error(
					`row group ${index} unpacks to more than ${Math.round(most.bytes / 1e6)} MB or ` +
						`${most.values} values; write it with smaller row groups`,
				);
			}
		}
		if (inColumn < Number(group.num_rows)) {
			throw new Error(`row group ${index} says that it holds ${group.num_rows} rows; a column has ${inColumn}`);
		}
	}
	if (!(Number(group.num_rows) <= most.values)) {
		throw new Error(`row group ${index} says that it holds ${group.num_rows} rows`);
	}
	for (const { meta_data: column } of group.columns) {
		if (column) {
			const path = getSchemaPath(schema, column.path_in_schema);
			const element = path.at(-1)?.element;
			const levels = {
				repetition: path.length > 1 ? getMaxRepetitionLevel(path) : 0,
				definition: getMaxDefinitionLevel(path),
				width: widthOf(column.type, element?.type_length),
			};
			for (const page of pagesIn(await chunkOf(buffer, column))) {
				checkPage(page, column, levels, compressors);
			}
		}
	}
}

async function chunkOf(buffer: AsyncBuffer, column: ColumnMetaData): Promise<Uint8Array> {
	const data = Number(column.data_page_offset);
	const start = Math.min(data, Number(column.dictionary_page_offset ?? data) || data);
	return new Uint8Array(await buffer.slice(start, start + Number(column.total_compressed_size)));
}

interface Page {
	readonly header: PageHeader;
	/** As it lies in the file. */
	readonly packed: Uint8Array;
}

function* pagesIn(chunk: Uint8Array): Generator<Page> {
	const reader = { view: new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength), offset: 0 };
	while (reader.offset < chunk.length - 1) {
		thriftEnd(chunk, reader.offset, maxHeaderValues);
		const header = parquetHeader(reader);
		const end = reader.offset + header.compressed_page_size;
		if (!(header.compressed_page_size >= 0 && end <= chunk.length)) {
			throw new Error('a page reaches beyond its column; copy or export the file again');
		}
		yield { header, packed: chunk.subarray(reader.offset, end) };
		reader.offset = end;
	}
}

function checkSizes(header: PageHeader, column: ColumnMetaData, index: number): void {
	const { data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header;
	// Its values share prefixes, so a page may unpack to any multiple of its stated size.
	if ((first?.encoding ?? second?.encoding) === 'DELTA_BYTE_ARRAY') {
		throw new Error(
			`the column ${column.path_in_schema.join('.').slice(0, 100)} is encoded as ` +
				'DELTA_BYTE_ARRAY, which is not read; write it as PLAIN or with a dictionary, as ' +
				'pyarrow does unless told otherwise',
		);
	}
	const counts = [first?.num_values ?? 0, dictionary?.num_values ?? 0, second?.num_values ?? 0];
	const levels = (second?.repetition_levels_byte_length ?? 0) + (second?.definition_levels_byte_length ?? 0);
	const sizes = [
		...counts,
		second?.num_nulls ?? 0,
		second?.num_rows ?? 0,
		second?.repetition_levels_byte_length ?? 0,
		second?.definition_levels_byte_length ?? 0,
		(second?.num_values ?? 0) - (second?.num_nulls ?? 0),
		header.uncompressed_page_size - levels,
		header.compressed_page_size - levels,
	];
	if (counts.filter((count) => count !== 0).length > 1 || sizes.some((size) => !(size >= 0))) {
		throw new Error(`a page of row group ${index} states sizes that cannot be`);
	}
}

interface Levels {
	/** Highest level of each kind; 0 if the page has none. */
	readonly repetition: number;
	readonly definition: number;
	/** Bytes of one value; 0 for texts. */
	readonly width: number;
}

function checkPage({ header, packed }: Page, column: ColumnMetaData, levels: Levels, compressors: Compressors): void {
	const unpacked = (bytes: Uint8Array, length: number, isPacked = true) =>
		isPacked && column.codec !== 'UNCOMPRESSED' ? compressors[column.codec]?.(bytes, length) : bytes;
	const { data_page_header: first, data_page_header_v2: second } = header;
	let page: Uint8Array | undefined;
	let count = 0;
	let at = 0;
	if (header.type === 'DATA_PAGE' && first) {
		page = unpacked(packed, header.uncompressed_page_size);
		count = first.num_values;
		if (page !== undefined && levels.repetition > 0) {
			countInRuns(page, 4, bitWidth(levels.repetition), count);
			at = 4 + lengthAt(page, 0);
		}
		if (page !== undefined && levels.definition > 0) {
			// Nulls have a lower level, and no value.
			count = countInRuns(page, at + 4, bitWidth(levels.definition), count, levels.definition);
			at += 4 + lengthAt(page, at);
		}
	} else if (header.type === 'DATA_PAGE_V2' && second) {
		const { repetition_levels_byte_length: repetitions, definition_levels_byte_length: definitions } = second;
		const [skip, all] = [repetitions + definitions, second.num_values];
		if (levels.repetition > 0) {
			countInRuns(packed, 0, bitWidth(levels.repetition), all);
		}
		if (levels.definition > 0) {
			countInRuns(packed, repetitions, bitWidth(levels.definition), all);
		}
		const rest = header.uncompressed_page_size - skip;
		page = unpacked(packed.subarray(skip), rest, second.is_compressed !== false);
		count = all - second.num_nulls;
	}
	if (page !== undefined) {
		checkValues(page, at, count, (first ?? second)?.encoding, column.type, levels.width, second !== undefined);
	}
}

function checkValues(
	page: Uint8Array,
	from: number,
	count: number,
	encoding: string | undefined,
	type: string,
	width: number,
	isSecond: boolean,
): void {
	if (encoding === 'DELTA_BINARY_PACKED' || encoding === 'DELTA_LENGTH_BYTE_ARRAY') {
		checkDeltas(page, from, count);
	} else if (encoding === 'BYTE_STREAM_SPLIT' && count * width > page.length - from) {
		throw new Error(`a page claims ${count} values in ${page.length} bytes`);
	} else if (encoding === 'RLE' && (isSecond || type === 'BOOLEAN')) {
		countInRuns(page, from + 4, 1, count);
	} else if (count > 0 && (encoding === 'RLE' || (encoding ?? '').endsWith('_DICTIONARY'))) {
		const isBoolean = type === 'BOOLEAN' && !isSecond;
		const bits = isBoolean ? 1 : (page[from] ?? 0);
		if (bits > 0 || isSecond) {
			countInRuns(page, from + (isBoolean ? 4 : 1), bits, count);
		}
	}
}

function lengthAt(page: Uint8Array, at: number): number {
	return Buffer.from(page.buffer, page.byteOffset, page.byteLength).readUInt32LE(at);
}

function bitWidth(level: number): number {
	return 32 - Math.clz32(level);
}

function widthOf(type: string, length = 0): number {
	if (type === 'FIXED_LEN_BYTE_ARRAY') {
		return length;
	}
	return { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8 }[type] ?? 0;
}
