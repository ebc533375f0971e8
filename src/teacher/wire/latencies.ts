/** Typical reply times: a request eight times as slow as the slowest of the last hundred counts as dead. */
export class Latencies {
	private readonly last: number[] = [];

	/** @param ms duration of a request that was answered; may be fractional. */
	add(ms: number): void {
		this.last.push(ms);
		if (this.last.length > 100) {
			this.last.shift();
		}
	}

	/**
	 * How long to wait for the next reply: whole milliseconds (the openai client refuses any other number), at least
	 * a minute, at most `longest`; `longest` until 20 requests were answered.
	 */
	timeout(longest: number): number {
		return this.last.length < 20
			? longest
			: Math.min(longest, Math.max(60_000, Math.ceil(8 * Math.max(...this.last))));
	}
}
