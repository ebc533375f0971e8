import type { CallsInFlight } from '../core/run.ts';

/** The paid calls of all endpoints of a command. */
export class RunningCalls implements CallsInFlight {
	private readonly all: CallsInFlight[] = [];

	add(calls: CallsInFlight): void {
		this.all.push(calls);
	}

	get inFlight(): number {
		return this.all.reduce((sum, { inFlight }) => sum + inFlight, 0);
	}

	async finish(): Promise<void> {
		await Promise.all(this.all.map((calls) => calls.finish()));
	}
}

/** Returns a number of calls with its noun. */
export function formatCalls(count: number): string {
	return count === 1 ? '1 call' : `${count} calls`;
}
