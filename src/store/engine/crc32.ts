import * as zlib from 'node:zlib';

let table: Uint32Array | undefined;

/** CRC-32 in plain code, for Nodes whose zlib has none (before 20.15 and 22.2). */
function crc32Slow(bytes: Uint8Array, start = 0): number {
	table ??= Uint32Array.from({ length: 256 }, (_, index) => {
		let value = index;
		for (let bit = 0; bit < 8; bit++) {
			value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
		}
		return value;
	});
	let crc = ~start;
	for (const byte of bytes) {
		crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
	}
	return ~crc >>> 0;
}

const native = (zlib as { crc32?: (bytes: Uint8Array, start?: number) => number }).crc32;

/** CRC-32 (IEEE) of bytes, going on from `start`. */
export const crc32: (bytes: Uint8Array, start?: number) => number = native ?? crc32Slow;
