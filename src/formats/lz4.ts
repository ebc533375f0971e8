/**
 * Decodes a block of LZ4 (github.com/lz4/lz4, doc/lz4_Block_format.md) that unpacks to exactly `length` bytes. Throws if
 * it does not.
 */
export function lz4Block(input: Uint8Array, length: number): Uint8Array {
	const output = new Uint8Array(length);
	let from = 0;
	let to = 0;
	const lengthAfter = (nibble: number): number => {
		let sum = nibble;
		let byte = nibble === 15 ? 255 : 0;
		while (byte === 255) {
			byte = input[from++] ?? fail();
			sum += byte;
		}
		return sum;
	};
	while (from < input.length) {
		const token = input[from++] ?? 0;
		const literals = lengthAfter(token >> 4);
		if (from + literals > input.length || to + literals > length) {
			fail();
		}
		output.set(input.subarray(from, from + literals), to);
		from += literals;
		to += literals;
		if (from >= input.length) {
			break;
		}
		const distance = (input[from] ?? 0) | ((input[from + 1] ?? fail()) << 8);
		from += 2;
		const copied = lengthAfter(token & 15) + 4;
		if (distance === 0 || distance > to || to + copied > length) {
			fail();
		}
		// The match may overlap what it writes.
		for (let end = to + copied; to < end; to++) {
			output[to] = output[to - distance] ?? 0;
		}
	}
	return to === length ? output : fail();
}

/** Decodes LZ4 as Hadoop and older Parquet writers frame it: before each block its sizes, big-endian. */
export function lz4Hadoop(input: Uint8Array, length: number): Uint8Array {
	const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
	const output = new Uint8Array(length);
	let from = 0;
	let to = 0;
	while (from + 8 <= input.length) {
		const unpacked = view.getUint32(from);
		const packed = view.getUint32(from + 4);
		if (to + unpacked > length || from + 8 + packed > input.length) {
			// Some writers leave the frame out.
			return from === 0 ? lz4Block(input, length) : fail();
		}
		output.set(lz4Block(input.subarray(from + 8, from + 8 + packed), unpacked), to);
		from += 8 + packed;
		to += unpacked;
	}
	return to === length ? output : fail();
}

function fail(): never {
	throw new Error('its LZ4 data is damaged');
}
