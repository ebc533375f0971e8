/**
 * Walks over Parquet's hybrid of run-length encoding and bit packing (`width` bits a value) from `from` until `count`
 * values, and returns how many of them are `match` (0 without it). Throws where a run claims more values than are left, which a reader
 * would write behind its array, or reaches beyond the bytes.
 */
export function countInRuns(bytes: Uint8Array, from: number, width: number, count: number, match = -1): number {
	const cursor = new Cursor(bytes, from);
	if (width > 32) {
		damaged();
	}
	let seen = 0;
	let matches = 0;
	while (seen < count) {
		const head = cursor.number(5);
		const left = count - seen;
		if (head % 2 === 1) {
			// Eight values each; the last group is filled up, and writers may reserve 63 groups.
			const groups = Math.floor(head / 2);
			if (groups * 8 > left + 512) {
				damaged();
			}
			const start = cursor.skip(groups * width);
			const packed = Math.min(groups * 8, left);
			for (let at = 0; match >= 0 && at < packed; at++) {
				matches += valueAt(bytes, start, at * width, width) === match ? 1 : 0;
			}
			seen += packed;
		} else {
			const run = head / 2;
			const start = cursor.skip((width + 7) >> 3);
			if (run > left) {
				damaged();
			}
			matches += valueAt(bytes, start, 0, ((width + 7) >> 3) * 8) === match ? run : 0;
			seen += run;
		}
	}
	return matches;
}

function valueAt(bytes: Uint8Array, start: number, bit: number, width: number): number {
	let value = 0;
	for (let at = 0; at < width; at++) {
		const place = bit + at;
		value += (((bytes[start + (place >> 3)] ?? 0) >> (place & 7)) & 1) * 2 ** at;
	}
	return value;
}

/** Walks over `count` numbers in DELTA_BINARY_PACKED. Throws where blocks or numbers are larger than writers make them. */
export function checkDeltas(bytes: Uint8Array, from: number, count: number): void {
	const cursor = new Cursor(bytes, from);
	const block = cursor.number(5);
	const miniblocks = cursor.number(5);
	cursor.number(5);
	cursor.number(10);
	const each = block / miniblocks;
	if (!(miniblocks >= 1 && miniblocks <= 512 && block <= 65_536 && Number.isInteger(each) && each > 0)) {
		damaged();
	}
	for (let seen = 1; seen < count;) {
		cursor.number(10);
		const widths = cursor.skip(miniblocks);
		for (let at = 0; at < miniblocks && seen < count; at++) {
			const width = bytes[widths + at] ?? 0;
			if (width > 64) {
				damaged();
			}
			cursor.position += Math.ceil((each * width) / 8);
			seen += each;
		}
	}
}

class Cursor {
	constructor(
		private readonly bytes: Uint8Array,
		public position: number,
	) {}

	/** Reads a number in the variable-length encoding, of at most `most` bytes. */
	number(most: number): number {
		let value = 0;
		for (let index = 0; index < most; index++) {
			const byte = this.bytes[this.position++] ?? damaged();
			value += (byte & 0x7f) * 2 ** (7 * index);
			if (byte < 0x80) {
				return most === 5 && value > 0xff_ff_ff_ff ? damaged() : value;
			}
		}
		return damaged();
	}

	/** Moves by `length` bytes, and returns where they begin. */
	skip(length: number): number {
		const start = this.position;
		this.position += length;
		return this.position <= this.bytes.length ? start : damaged();
	}
}

function damaged(): never {
	throw new Error('a page is damaged: its runs claim more values than it has; copy or export the file again');
}
