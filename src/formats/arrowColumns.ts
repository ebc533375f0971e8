import type { Table } from '@uwdata/flechette';
import { Column as ArrowColumn } from '@uwdata/flechette';

/** Largest number of values in a column of a batch, on any level. */
export const mostValues = 5_000_000;
/** Values that take no bytes, such as nulls of type null, in all columns of a batch together. */
const mostWithoutBytes = 2 * mostValues;
const mostViewBytes = 512 * 1024 * 1024;

interface Column {
	readonly length: number;
	readonly values?: ArrayBufferView & { readonly length: number };
	readonly offsets?: ArrayLike<number | bigint>;
	readonly sizes?: ArrayLike<number | bigint>;
	readonly stride?: number;
	readonly data?: readonly Uint8Array[];
	readonly children?: readonly Column[];
}

/**
 * Refuses a table whose columns claim values that its bytes do not hold: lists and texts beyond or over their elements,
 * columns of different lengths, and counts over the limits. Reading them would fill the memory.
 */
export function checkColumns(table: Table): Table {
	const check = checker();
	for (const column of table.children) {
		if (column.length !== table.numRows) {
			throw new Error(`columns of ${table.numRows} and ${column.length} rows`);
		}
		column.data.forEach((batch) => check(batch as unknown as Column));
	}
	return table;
}

// The library unpacks a dictionary while it builds a table, before checkColumns sees it.
const unpack = Object.getOwnPropertyDescriptor(ArrowColumn.prototype, 'cache')?.value as () => unknown;
ArrowColumn.prototype.cache = function checked(this: ArrowColumn<unknown>) {
	const check = checker();
	this.data.forEach((batch) => check(batch as unknown as Column));
	return unpack.call(this) as ReturnType<ArrowColumn<unknown>['cache']>;
};

function checker(): (column: Column) => void {
	let withoutBytes = 0;
	const check = (column: Column): void => {
		const { length, values, children = [] } = column;
		if (!(Number.isInteger(length) && length >= 0 && length <= mostValues)) {
			throw new Error(`a column claims to hold ${length} values`);
		}
		const isView = column.data !== undefined && values !== undefined;
		if (isView) {
			checkViews(length, values);
		} else if (column.offsets !== undefined) {
			checkRanges(column, children[0]?.length ?? values?.length ?? 0);
		} else if (column.stride !== undefined) {
			if (!(column.stride >= 0 && column.stride * length <= (children[0]?.length ?? values?.length ?? 0))) {
				throw new Error('a list in it reaches beyond its elements');
			}
			withoutBytes += column.stride === 0 ? length : 0;
		} else if (values === undefined) {
			withoutBytes += length;
			if (children.some((child) => child.length < length)) {
				throw new Error('a field in it is shorter than its column');
			}
		} else if (values.byteLength * 8 < length) {
			throw new Error(`a column claims to hold ${length} values in ${values.byteLength} bytes`);
		}
		if (withoutBytes > mostWithoutBytes) {
			throw new Error(`more than ${mostWithoutBytes} empty values in one batch`);
		}
		children.forEach(check);
	};
	return check;
}

function checkRanges({ length, offsets = [], sizes }: Column, elements: number): void {
	let total = 0;
	for (let at = 0; at < length; at++) {
		const start = Number(offsets[at]);
		const end = sizes === undefined ? Number(offsets[at + 1]) : start + Number(sizes[at]);
		total += end - start;
		if (!(start >= 0 && end >= start && end <= elements && total <= elements)) {
			throw new Error('a list or text in it reaches beyond its elements');
		}
	}
}

/** Checks views (Utf8View, BinaryView): 16 bytes each, of which the first four are the length of the text. */
function checkViews(length: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
	if (byteLength < length * 16) {
		throw new Error(`a column claims to hold ${length} values in ${byteLength} bytes`);
	}
	const view = new DataView(buffer, byteOffset, byteLength);
	let total = 0;
	for (let at = 0; at < length; at++) {
		total += view.getUint32(at * 16, true);
	}
	if (total > mostViewBytes) {
		throw new Error(`a column holds more than ${Math.round(mostViewBytes / 1e6)} MB of text`);
	}
}
