/**
 * The budget of one run, in dollars or in calls. The most a call can cost is reserved before it is sent and settled
 * when its reply arrives, so calls in flight cannot exceed the cap.
 */
export class Budget {
	private spent = 0;
	private reserved = 0;

	constructor(
		/** `undefined` means that there is no cap. */
		private readonly limit: number | undefined,
	) {}

	/** `wait`: the call may fit once calls in flight have settled; `never`: the remaining budget is too small. */
	reserve(most: number): 'reserved' | 'wait' | 'never' {
		// The tolerance lets a cap of 0.3 admit three calls of 0.1.
		if (this.limit !== undefined && this.spent + this.reserved + most > this.limit * (1 + 1e-9)) {
			return this.reserved > 0 && this.spent + most <= this.limit * (1 + 1e-9) ? 'wait' : 'never';
		}
		this.reserved += most;
		return 'reserved';
	}

	/** Releases the reservation and adds what was paid. */
	settle(reservation: number, paid: number): void {
		this.reserved = Math.max(0, this.reserved - reservation);
		this.spent += paid;
	}
}
