/**
 * Tracks typical reply times. A request that takes eight times as long as the slowest of the last hundred is considered
 * dead.
 */
export class Latencies {
	private readonly last: number[] = [];

	/** @param ms Duration of a request that was answered; may be fractional. */
	add(ms: number): void {
		this.last.push(ms);
		if (this.last.length > 100) {
			this.last.shift();
		}
	}

	/**
	 * Returns how long to wait for the next reply: a whole number of milliseconds (the openai client refuses anything
	 * else), at least a minute and at most `longest`; `longest` until 20 requests have been answered.
	 */
	timeout(longest: number): number {
		return this.last.length < 20
			? longest
			: Math.min(longest, Math.max(60_000, Math.ceil(8 * Math.max(...this.last))));
	}
}
