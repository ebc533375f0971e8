import { MalformedReply } from '../../core/ports/teacher.ts';

/**
 * An embedding as replies are kept: its numbers as little-endian float32, in base64 (what the wire's own `base64` form
 * is).
 */
export function vectorText(numbers: readonly number[]): string {
	const bytes = Buffer.alloc(numbers.length * 4);
	numbers.forEach((number, at) => bytes.writeFloatLE(number, at * 4));
	return bytes.toString('base64');
}

/**
 * Reads {@link vectorText}. @throws MalformedReply for what is none, holds something that is no number, or is zero all
 * through.
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
