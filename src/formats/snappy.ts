/**
 * Decodes a block of Snappy (github.com/google/snappy, format_description.txt) that unpacks to exactly `length` bytes.
 * Throws if it does not.
 */
export function snappyBlock(input: Uint8Array, length: number): Uint8Array {
	const output = new Uint8Array(length);
	if (length === 0) {
		return output;
	}
	let from = 0;
	let to = 0;
	const little = (bytes: number): number => {
		let value = 0;
		for (let at = 0; at < bytes; at++) {
			value += (input[from++] ?? fail()) * 2 ** (8 * at);
		}
		return value;
	};
	// The unpacked length, which the page's header states as well.
	while ((input[from++] ?? fail()) >= 0x80 && from < 5) {
		// A byte holds seven bits of it.
	}
	while (from < input.length) {
		const tag = little(1);
		const kind = tag & 3;
		if (kind === 0) {
			const literals = (tag >> 2 < 60 ? tag >> 2 : little((tag >> 2) - 59)) + 1;
			if (from + literals > input.length || to + literals > length) {
				fail();
			}
			output.set(input.subarray(from, from + literals), to);
			from += literals;
			to += literals;
			continue;
		}
		const copied = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
		const distance = kind === 1 ? (tag >> 5) * 256 + little(1) : little(kind === 2 ? 2 : 4);
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

function fail(): never {
	throw new Error('its Snappy data is damaged');
}
