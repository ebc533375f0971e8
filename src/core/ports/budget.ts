import { StatError } from '../errors/statError.ts';

export interface BudgetLimits {
	/** USD. For models without a price, it counts as a number of calls unless `calls` is set. */
	readonly usd?: number | undefined;
	readonly calls?: number | undefined;
}

/** What one call may cost, or did cost. */
export interface Charge {
	/** USD; `null` if the model has no price. */
	readonly usd: number | null;
	/** Number of calls. */
	readonly calls: number;
}

/** A model that a command may pay. */
export interface Payee {
	readonly model: string;
	/** Whether its price is known. */
	readonly hasPrice: boolean;
}

/**
 * The most that a command may spend, in dollars and in calls. One budget is shared by all requests of a command,
 * whichever models they go to. The most that a call can cost is reserved before it is sent and settled when it ends, so
 * calls in flight cannot exceed the limits.
 */
export class Budget {
	private readonly spent = { usd: 0, calls: 0 };
	private readonly reserved = { usd: 0, calls: 0 };
	private readonly payees = new Map<boolean, string>();
	private readonly listeners = new Set<() => void>();

	constructor(readonly limits: BudgetLimits) {}

	/** Whether the cost of calls to models with a price is limited. */
	get limitsCost(): boolean {
		return this.limits.usd !== undefined;
	}

	/**
	 * Registers models before they are paid. Throws `asking.mixedPrices` if only dollars are limited and some of the
	 * models have a price and others have none: then nothing would limit what the others cost.
	 */
	admit(payees: readonly Payee[]): void {
		for (const { model, hasPrice } of payees) {
			this.payees.set(hasPrice, this.payees.get(hasPrice) ?? model);
		}
		const [priced, unpriced] = [this.payees.get(true), this.payees.get(false)];
		if (this.limitsCost && this.limits.calls === undefined && priced !== undefined && unpriced !== undefined) {
			throw new StatError('asking.mixedPrices', { priced, unpriced });
		}
	}

	/** `wait`: the charge may fit once calls in flight have settled; `never`: the remaining budget is too small. */
	reserve(most: Charge): 'reserved' | 'wait' | 'never' {
		const reserved = this.hasRoom(most, this.reserved);
		if (reserved) {
			this.reserved.usd += most.usd ?? 0;
			this.reserved.calls += most.calls;
			return 'reserved';
		}
		return this.reserved.calls > 0 && this.hasRoom(most, { usd: 0, calls: 0 }) ? 'wait' : 'never';
	}

	/** Releases a reservation and adds what was paid. */
	settle(reservation: Charge, paid: Charge): void {
		this.reserved.usd = Math.max(0, this.reserved.usd - (reservation.usd ?? 0));
		this.reserved.calls = Math.max(0, this.reserved.calls - reservation.calls);
		this.spent.usd += paid.usd ?? 0;
		this.spent.calls += paid.calls;
		for (const listener of this.listeners) {
			listener();
		}
	}

	/** Calls the listener whenever a call has been settled; returns a function that unsubscribes. */
	onDidChange(listener: () => void): () => void {
		this.listeners.add(listener);
		return () => this.listeners.delete(listener);
	}

	private hasRoom(most: Charge, reserved: { readonly usd: number; readonly calls: number }): boolean {
		const calls = this.limits.calls ?? (most.usd === null ? this.limits.usd : undefined) ?? Infinity;
		const usd = most.usd === null ? Infinity : (this.limits.usd ?? Infinity);
		// The tolerance lets a limit of 0.3 admit three calls of 0.1.
		return (
			this.spent.calls + reserved.calls + most.calls <= calls &&
			this.spent.usd + reserved.usd + (most.usd ?? 0) <= usd * (1 + 1e-9)
		);
	}
}
