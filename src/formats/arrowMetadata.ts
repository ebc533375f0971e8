/**
 * Limits of one message, far above what `datasets` and pyarrow write. Offsets in a FlatBuffer may point at the same
 * bytes, so what a reader visits is bounded as well as what the message holds.
 */
const maxDepth = 32;
const maxFields = 5_000;
const maxEntries = 100_000;
/** Digits of a decimal number of 256 bits. */
const maxScale = 76;

/** The parts of a message that decide how its body is read; sizes in bytes. */
export interface ArrowHead {
	readonly header: number;
	readonly bodyLength: number;
	/** Rows of a record batch; 0 for other messages. */
	readonly rows: number;
}

export enum ArrowHeader {
	schema = 1,
	dictionaries = 2,
	records = 3,
}

enum FieldType {
	decimal = 7,
	union = 14,
	runEndEncoded = 22,
}

/**
 * Reads a message's head (format/Message.fbs and Schema.fbs of Apache Arrow) and checks everything a parser follows:
 * that each offset and vector lies in the message, and that depth, fields and entries are within the limits. Throws an
 * error whose message completes "not a valid Arrow file: ".
 */
export function arrowHead(metadata: Buffer): ArrowHead {
	const walk = new Walk(metadata);
	const message = walk.table(0);
	const type = walk.field(message, 6);
	const header = type === 0 ? 0 : walk.byte(type);
	const version = walk.field(message, 4);
	const bufferStride = version === 0 || walk.short(version) < 3 ? 24 : 16;
	const content = walk.field(message, 8);
	const body = walk.field(message, 10);
	let rows = 0;
	if (content !== 0 && header === Number(ArrowHeader.schema)) {
		checkSchema(walk, walk.table(content));
	} else if (content !== 0 && header === Number(ArrowHeader.dictionaries)) {
		const data = walk.field(walk.table(content), 6);
		if (data === 0) {
			throw new Error('a dictionary in it has no values');
		}
		checkBatch(walk, walk.table(data), bufferStride);
	} else if (content !== 0 && header === Number(ArrowHeader.records)) {
		rows = checkBatch(walk, walk.table(content), bufferStride);
	}
	return { header, bodyLength: body === 0 ? 0 : walk.long(body), rows };
}

function checkSchema(walk: Walk, schema: number): void {
	let fields = 0;
	const checkField = (field: number, depth: number): void => {
		fields++;
		if (fields > maxFields || depth > maxDepth) {
			throw new Error(`more than ${maxFields} columns, or columns nested more than ${maxDepth} deep`);
		}
		walk.string(field, 4);
		const [type, content] = [walk.field(field, 8), walk.field(field, 10)];
		const id = type === 0 ? 0 : walk.byte(type);
		if (content === 0) {
			throw new Error('a column in it has no type');
		}
		const details = walk.table(content);
		const scale = id === Number(FieldType.decimal) ? walk.field(details, 6) : 0;
		if (scale !== 0 && Math.abs(walk.int(scale)) > maxScale) {
			throw new Error(`a decimal column with ${walk.int(scale)} digits; at most ${maxScale} are read`);
		}
		if (id === Number(FieldType.union) || id === Number(FieldType.runEndEncoded)) {
			throw new Error('a column is a union or run-end encoded, which is not read; cast or remove it in pyarrow');
		}
		const dictionary = walk.field(field, 12);
		if (dictionary !== 0) {
			const index = walk.field(walk.table(dictionary), 6);
			if (index !== 0) {
				walk.table(index);
			}
			if (walk.vector(field, 14, 4).count > 0) {
				throw new Error(
					'a column is a dictionary of lists or structs, which is not read; decode it in pyarrow',
				);
			}
		}
		for (const child of walk.tables(field, 14)) {
			checkField(child, depth + 1);
		}
		checkPairs(walk, field, 16);
	};
	for (const field of walk.tables(schema, 6)) {
		checkField(field, 1);
	}
	checkPairs(walk, schema, 8);
}

function checkPairs(walk: Walk, table: number, slot: number): void {
	for (const pair of walk.tables(table, slot)) {
		walk.string(pair, 4);
		walk.string(pair, 6);
	}
}

function checkBatch(walk: Walk, batch: number, bufferStride: number): number {
	walk.vector(batch, 6, 16);
	const buffers = walk.vector(batch, 8, bufferStride);
	const compression = walk.field(batch, 10);
	if (compression !== 0) {
		walk.table(compression);
	}
	const variadic = walk.vector(batch, 12, 8);
	let claimed = 0;
	for (let at = 0; at < variadic.count; at++) {
		const count = walk.long(variadic.start + at * 8);
		claimed += count >= 0 ? count : Infinity;
	}
	if (claimed > buffers.count) {
		throw new Error(`a column claims ${claimed} buffers of ${buffers.count}`);
	}
	const length = walk.field(batch, 4);
	return length === 0 ? 0 : walk.long(length);
}

/** A reader of a FlatBuffer that never leaves its bytes. Tables and fields are positions; 0 is a field that is absent. */
class Walk {
	private entries = 0;
	private text = 0;

	constructor(private readonly bytes: Buffer) {}

	/** Returns the position of the table that the reference at `from` points at. */
	table(from: number): number {
		const at = from + this.int(from);
		const vtable = at - this.int(at);
		this.within(vtable, Math.max(4, this.short(vtable)));
		return at;
	}

	field(table: number, slot: number): number {
		const vtable = table - this.int(table);
		const offset = slot < this.short(vtable) ? this.short(vtable + slot) : 0;
		if (offset !== 0) {
			this.within(table + offset, 1);
		}
		return offset === 0 ? 0 : table + offset;
	}

	vector(table: number, slot: number, stride: number): { start: number; count: number } {
		const field = this.field(table, slot);
		if (field === 0) {
			return { start: 0, count: 0 };
		}
		const base = field + this.int(field);
		const count = this.int(base);
		this.within(base + 4, count < 0 ? Infinity : count * stride);
		this.entries += count;
		if (this.entries > maxEntries) {
			throw new Error(`its metadata has more than ${maxEntries} entries`);
		}
		return { start: base + 4, count };
	}

	tables(table: number, slot: number): number[] {
		const { start, count } = this.vector(table, slot, 4);
		return Array.from({ length: count }, (_, at) => this.table(start + at * 4));
	}

	/** Checks a text; all that a message refers to together are at most twice its bytes. */
	string(table: number, slot: number): void {
		const field = this.field(table, slot);
		if (field !== 0) {
			const at = field + this.int(field);
			const length = this.int(at);
			this.within(at + 4, length < 0 ? Infinity : length);
			this.text += length;
			if (this.text > 2 * this.bytes.length) {
				throw new Error('its metadata repeats texts');
			}
		}
	}

	byte(at: number): number {
		return this.within(at, 1).readUInt8(at);
	}

	short(at: number): number {
		return this.within(at, 2).readUInt16LE(at);
	}

	int(at: number): number {
		return this.within(at, 4).readInt32LE(at);
	}

	long(at: number): number {
		return Number(this.within(at, 8).readBigInt64LE(at));
	}

	private within(at: number, length: number): Buffer {
		if (!(at >= 0 && length >= 0 && at + length <= this.bytes.length)) {
			throw new Error('its metadata is damaged: it points outside itself; copy or export the file again');
		}
		return this.bytes;
	}
}
