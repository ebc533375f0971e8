/**
 * What one ask may spend, in dollars or in calls. What a call can cost at most is reserved before it is sent and
 * settled when its reply is here, so calls in flight cannot overshoot the cap.
 */
export class Budget {
	private spent = 0;
	private reserved = 0;

	constructor(
		/** `undefined`: no cap. */
		private readonly limit: number | undefined,
	) {}

	/** `wait`: it may fit once calls in flight have settled; `never`: what is left will not do. */
	reserve(most: number): 'reserved' | 'wait' | 'never' {
		// A cap of 0.3 must admit three calls of 0.1.
		if (this.limit !== undefined && this.spent + this.reserved + most > this.limit * (1 + 1e-9)) {
			return this.reserved > 0 && this.spent + most <= this.limit * (1 + 1e-9) ? 'wait' : 'never';
		}
		this.reserved += most;
		return 'reserved';
	}

	/** The reservation is given back and what was paid is counted. */
	settle(reservation: number, paid: number): void {
		this.reserved = Math.max(0, this.reserved - reservation);
		this.spent += paid;
	}
}
