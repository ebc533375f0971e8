/** Levels of structs and lists in each other; Parquet's metadata has about ten. */
const maxDepth = 24;

enum Kind {
	stop = 0,
	yes = 1,
	no = 2,
	byte = 3,
	short = 4,
	int = 5,
	long = 6,
	double = 7,
	binary = 8,
	list = 9,
	struct = 12,
}

/**
 * Walks over a struct in Thrift's compact protocol, which a parser is about to read from `from`, and returns where it
 * ends. Throws where a length or list reaches beyond the bytes, a number is longer than 64 bits, structs are nested
 * too deep, or there are more than `most` values: a parser would fill the memory with them.
 */
export function thriftEnd(bytes: Uint8Array, from: number, most: number): number {
	let at = from;
	let values = 0;
	const byte = (): number => bytes[at++] ?? fail();
	const number = (): number => {
		let value = 0;
		for (let index = 0; index < 10; index++) {
			const next = byte();
			value += (next & 0x7f) * 2 ** (7 * index);
			if (next < 0x80) {
				return value;
			}
		}
		return fail();
	};
	const skip = (length: number): void => {
		at += length;
		if (at > bytes.length) {
			fail();
		}
	};
	const struct = (depth: number): void => {
		if (depth > maxDepth) {
			fail();
		}
		for (let head = byte(); (head & 15) !== Number(Kind.stop); head = byte()) {
			if (head >> 4 === 0) {
				number();
			}
			value(head & 15, depth);
		}
	};
	const list = (depth: number): void => {
		const head = byte();
		const size = head >> 4 === 15 ? number() : head >> 4;
		// The smallest element takes a byte.
		if (size > bytes.length - at || depth > maxDepth) {
			fail();
		}
		const kind = head & 15;
		for (let element = 0; element < size; element++) {
			value(kind === Number(Kind.yes) || kind === Number(Kind.no) ? Kind.byte : kind, depth);
		}
	};
	const value = (kind: number, depth: number): void => {
		if (++values > most) {
			throw new Error(`its metadata has more than ${most} values; write it with larger row groups`);
		}
		switch (kind) {
			case Kind.yes:
			case Kind.no:
				return;
			case Kind.byte:
				return skip(1);
			case Kind.short:
			case Kind.int:
			case Kind.long:
				number();
				return;
			case Kind.double:
				return skip(8);
			case Kind.binary:
				return skip(number());
			case Kind.list:
				return list(depth + 1);
			case Kind.struct:
				return struct(depth + 1);
			default:
				fail();
		}
	};
	struct(0);
	return at;
}

function fail(): never {
	throw new Error('its metadata is damaged; copy or export the file again');
}
