/** Thrown when a computation is abandoned. `deep`: it needs the worker's larger budget; `large`: no budget suffices. */
export class GaveUp extends Error {
	readonly kind: 'deep' | 'large' | 'unsupported';
	constructor(kind: 'deep' | 'large' | 'unsupported', reason: string) {
		super(reason);
		this.kind = kind;
	}
}

/**
 * The budget of one comparison. Every arithmetic step spends some of it, and larger numbers spend more, so that no
 * input can block the thread. A pair that exhausts it is retried in the worker, which is killed at its deadline.
 */
export class Budget {
	private left: number;
	/** Maximum size, in bits, of a number that is written out in full. */
	readonly bits: number;
	constructor(operations: number, bits: number) {
		this.left = operations;
		this.bits = bits;
	}

	spend(operations: number): void {
		this.left -= operations;
		if (this.left < 0) {
			throw new GaveUp('deep', 'too costly to work out');
		}
	}

	/** Throws for a number with more than {@link bits} bits. */
	fits(bits: number): void {
		if (!(bits <= this.bits)) {
			throw new GaveUp('large', 'a number too large to write out');
		}
		// The cost of products and common divisors of long numbers grows roughly with the square of their length.
		this.spend(1 + (bits > 0 ? (bits / 300) ** 2 : 0));
	}
}

/** Returns the number of bits in |n|, in linear time like toString(16). */
export function bitLength(n: bigint): number {
	const size = n < 0n ? -n : n;
	if (size < 0x20000000000000n) {
		return size === 0n ? 0 : Math.floor(Math.log2(Number(size))) + 1;
	}
	return size.toString(16).length * 4;
}
