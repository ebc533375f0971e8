import type { SqlValue } from 'sql.js';
import { wellFormed } from '../../core/text/wellFormed.ts';

/**
 * The location of a text: segment number, byte offset of its record, payload bytes, and the record's CRC-32, so that
 * reading through a pointer returns what was written or nothing. Pointers written by 0.1 have no checksum. A pointer
 * never contains a path.
 */
export type Pointer = readonly [segment: number, offset: number, length: number, check?: number | undefined];

/** A text in a journal record: the text itself if it is short, else its location. */
export type TextRef = string | Pointer;

/** Maximum length of an inline text in UTF-16 units; longer texts go to the segments. */
export const inlineLimit = 1000;

const json = 1;
const pointer = 2;
const checkedPointer = 3;

/** Whether SQLite returns exactly this string: SQLite cuts strings at NUL and cannot hold lone surrogates. */
export function isPlain(text: string): boolean {
	return !text.includes('\0') && isWellFormed(text);
}

/** Whether the text has no lone surrogates. `String.isWellFormed` exists in Node 20, but not in the types of ES2023. */
export function isWellFormed(text: string): boolean {
	return (text as string & { isWellFormed(): boolean }).isWellFormed();
}

/** Returns a column value from which the same string or pointer can be read: text if possible, else tagged bytes. */
export function pack(value: TextRef | null | undefined): SqlValue {
	if (value === null || value === undefined) {
		return null;
	}
	if (typeof value === 'string') {
		return isPlain(value) ? value : Uint8Array.from(Buffer.from(`\u0001${JSON.stringify(value)}`));
	}
	const [segment, offset, length, check] = value;
	const bytes = new Uint8Array(check === undefined ? 13 : 17);
	const view = new DataView(bytes.buffer);
	bytes[0] = check === undefined ? pointer : checkedPointer;
	view.setUint32(1, segment);
	view.setUint32(5, offset);
	view.setUint32(9, length);
	if (check !== undefined) {
		view.setUint32(13, check);
	}
	return bytes;
}

/** Reverses {@link pack}. */
export function unpack(value: SqlValue | undefined): TextRef | null {
	if (value === null || value === undefined) {
		return null;
	}
	if (!(value instanceof Uint8Array)) {
		return String(value);
	}
	if (value[0] === json) {
		return String(JSON.parse(Buffer.from(value.subarray(1)).toString('utf8')));
	}
	const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
	return value[0] === checkedPointer
		? [view.getUint32(1), view.getUint32(5), view.getUint32(9), view.getUint32(13)]
		: [view.getUint32(1), view.getUint32(5), view.getUint32(9)];
}

/** Returns a pointer from the columns `segment, offset, length, sum`. */
export function pointerOf(columns: readonly SqlValue[]): Pointer {
	const [segment, offset, length, check] = columns;
	return [
		Number(segment),
		Number(offset),
		Number(length),
		check === null || check === undefined ? undefined : Number(check),
	];
}

/** Does the same as {@link unpack}, for columns that never hold a pointer. */
export function unpackString(value: SqlValue | undefined): string | null {
	const text = unpack(value);
	return typeof text === 'string' ? text : null;
}

/** Returns a readable substitute for a string that SQLite cannot hold, for searching and sorting. */
export function searchable(text: string): string {
	return isPlain(text) ? text : wellFormed(text).replaceAll('\0', '\uFFFD');
}
