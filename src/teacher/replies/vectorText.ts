import { MalformedReply } from '../../core/ports/teacher.ts';

/**
 * Encodes an embedding as it is stored in a reply: little-endian float32 in base64, which is also the API's `base64`
 * format.
 */
export function vectorText(numbers: readonly number[]): string {
	const bytes = Buffer.alloc(numbers.length * 4);
	numbers.forEach((number, at) => bytes.writeFloatLE(number, at * 4));
	return bytes.toString('base64');
}

/**
 * Parses what {@link vectorText} wrote.
 * @throws MalformedReply if the text is not a vector, contains something that is not a number, or is all zero.
 */
export function readVector(text: string): Float32Array {
	const bytes = Buffer.from(text, 'base64');
	const vector = Float32Array.from({ length: bytes.length >> 2 }, (_, at) => bytes.readFloatLE(at * 4));
	if (
		vector.length === 0 ||
		bytes.length % 4 !== 0 ||
		!vector.every(Number.isFinite) ||
		vector.every((number) => number === 0)
	) {
		throw new MalformedReply('the embedding is empty, zero, or holds something that is no number');
	}
	return vector;
}
