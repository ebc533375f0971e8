/** Why a computation was given up. `deep`: needs the worker's larger allowance; `large`: no allowance would do. */
export class GaveUp extends Error {
	readonly kind: 'deep' | 'large' | 'unsupported';
	constructor(kind: 'deep' | 'large' | 'unsupported', reason: string) {
		super(reason);
		this.kind = kind;
	}
}

/**
 * What one comparison may spend. Every arithmetic step draws on it, larger numbers draw more, so that no input can
 * hold the thread: a pair that runs out here is tried again in the worker, which is killed at its deadline.
 */
export class Budget {
	private left: number;
	/** The largest number, in bits, that is still written out in full. */
	readonly bits: number;
	constructor(steps: number, bits: number) {
		this.left = steps;
		this.bits = bits;
	}

	spend(steps: number): void {
		this.left -= steps;
		if (this.left < 0) {
			throw new GaveUp('deep', 'too costly to work out');
		}
	}

	/** Refuses to write out a number of more than {@link bits} bits. */
	fits(bits: number): void {
		if (!(bits <= this.bits)) {
			throw new GaveUp('large', 'a number too large to write out');
		}
		// Products and common divisors of long numbers cost about the square of their length.
		this.spend(1 + (bits > 0 ? (bits / 300) ** 2 : 0));
	}
}

/** Bits in |n|; linear time, as toString(16) is. */
export function bitLength(n: bigint): number {
	const size = n < 0n ? -n : n;
	if (size < 0x20000000000000n) {
		return size === 0n ? 0 : Math.floor(Math.log2(Number(size))) + 1;
	}
	return size.toString(16).length * 4;
}
