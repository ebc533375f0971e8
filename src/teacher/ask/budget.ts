/**
 * What one run may spend, in dollars or in calls. The most a call can cost is reserved before it is sent and settled
 * when its reply arrives, so calls in flight cannot exceed the cap.
 */
export class Budget {
	private spent = 0;
	private reserved = 0;

	constructor(
		/** `undefined`: no cap. */
		private readonly limit: number | undefined,
	) {}

	/** `wait`: it may fit once calls in flight have settled; `never`: the remainder is too small. */
	reserve(most: number): 'reserved' | 'wait' | 'never' {
		// A cap of 0.3 must admit three calls of 0.1.
		if (this.limit !== undefined && this.spent + this.reserved + most > this.limit * (1 + 1e-9)) {
			return this.reserved > 0 && this.spent + most <= this.limit * (1 + 1e-9) ? 'wait' : 'never';
		}
		this.reserved += most;
		return 'reserved';
	}

	/** Releases the reservation and counts what was paid. */
	settle(reservation: number, paid: number): void {
		this.reserved = Math.max(0, this.reserved - reservation);
		this.spent += paid;
	}
}
